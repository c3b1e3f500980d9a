"""Plans of retention: who goes, in which order, and never more than needed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.retention.errors import RetentionStopped
from playhead.retention.plan import Candidate, Plan, Policy, Removal, plan_policies, plan_space, policy_of

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def video(number: int, *, days: float = 1, size: int = 10, **facts: object) -> Candidate:
    given = {"title": f"Video {number}", "owner_id": "usr_1", "origin": "upload", **facts}
    return Candidate(id=f"vid_{number:02}", size_bytes=size, created_at=NOW - days * DAY, **given)  # type: ignore[arg-type]


def policy(scope: str = "all", **limits: Any) -> dict[str, Policy]:
    return {scope: Policy(id="pol_1", scope=scope, name=scope, **limits)}


def numbers(removals: Sequence[Removal]) -> list[int]:
    return [int(removal.video.id[4:]) for removal in removals]


HELD = {"kept": "it is marked to be kept"}


def test_of_a_video_the_narrowest_policy_decides() -> None:
    """Its channel's, then its origin's, then the one for all; one without limits keeps what it is for."""
    policies = policy("all", max_age=DAY) | policy("origin:recording", max_age=3 * DAY) | policy("channel:chn_1")
    videos = [
        video(1, days=2),
        video(2, days=2, origin="recording"),
        video(3, days=4, origin="recording"),
        video(4, days=4, origin="recording", channel_id="chn_1"),
        video(5, days=4, origin="recording", channel_id="chn_2"),
    ]

    assert sorted(numbers(plan_policies(videos, policies, NOW).remove)) == [1, 3, 5]
    assert policy_of(videos[3], policies) == policies["channel:chn_1"]
    assert policy_of(videos[0], {}) is None


@pytest.mark.parametrize(
    ("limits", "gone"),
    [
        ({"max_age": 3 * DAY}, [1]),
        ({"max_count": 2}, [1, 2]),
        ({"max_size_bytes": 25}, [1, 2]),
        ({"max_count": 3, "max_size_bytes": 10}, [1, 2, 3]),
        ({"max_count": 4}, []),
        ({}, []),
    ],
)
def test_the_oldest_go_until_the_rest_is_within_all_limits(limits: dict[str, Any], gone: list[int]) -> None:
    videos = [video(4, days=1), video(2, days=3), video(1, days=4), video(3, days=2)]

    assert numbers(plan_policies(videos, policy(**limits), NOW).remove) == gone


def test_held_videos_stay_beside_the_limit() -> None:
    """They count towards none: what was locked long ago does not push out what is new."""
    videos = [video(1, days=4, holds=HELD), video(2, days=3, holds=HELD), video(3, days=2), video(4, days=1)]

    plan = plan_policies(videos, policy(max_count=1), NOW)

    assert (numbers(plan.remove), numbers(plan.held)) == ([3], [1, 2])


def test_a_reason_names_the_limit_and_what_it_is_for() -> None:
    videos = [video(1, days=40, size=600), video(2, days=20, size=600), video(3, size=600)]
    limits: dict[str, Any] = {"max_age": 30 * DAY, "max_size_bytes": 1000}

    reasons = [removal.reason for removal in plan_policies(videos, policy(**limits), NOW).remove]

    assert reasons == ["older than 30 days, the limit for all", "beyond 1.0 kB, the limit for all"]


def test_more_than_half_needs_a_person() -> None:
    """Of videos or of bytes; half of them, or nothing at all, does not."""
    two, big = [video(1), video(2)], video(3, days=9, size=1000)

    plan_space(two, 10).require_confirmed(force=False)
    plan_space([], 10).require_confirmed(force=False)
    with pytest.raises(RetentionStopped, match=r"2 of 2 videos, 20 bytes of 20 bytes"):
        plan_space(two, 11).require_confirmed(force=False)
    with pytest.raises(RetentionStopped):
        plan_space([*two, big], 1).require_confirmed(force=False)
    plan_space([*two, big], 1).require_confirmed(force=True)


videos_of_any_kind = st.lists(
    st.builds(
        video,
        st.integers(0, 99),
        days=st.integers(0, 20),
        size=st.integers(0, 50),
        origin=st.sampled_from(["upload", "recording"]),
        channel_id=st.sampled_from([None, "chn_1"]),
        holds=st.sampled_from([{}, {}, HELD]),
    ),
    max_size=14,
    unique_by=lambda each: each.id,
)
limits = st.fixed_dictionaries(
    {},
    optional={
        "max_age": st.integers(1, 20).map(lambda days: days * DAY),
        "max_count": st.integers(1, 8),
        "max_size_bytes": st.integers(1, 200),
    },
)
policies_of_any_kind = st.dictionaries(st.sampled_from(["all", "origin:recording", "channel:chn_1"]), limits).map(
    lambda found: {scope: each for scope, given in found.items() for each in policy(scope, **given).values()}
)


@given(videos_of_any_kind, policies_of_any_kind)
def test_policies_remove_the_oldest_unheld_and_no_more_than_needed(
    videos: list[Candidate], policies: dict[str, Policy]
) -> None:
    plan = plan_policies(videos, policies, NOW)

    gone = {removal.video.id for removal in plan.remove}
    assert len(gone) == len(plan.remove)
    assert all(not removal.video.holds for removal in plan.remove)
    assert all(removal.video.holds for removal in plan.held)
    for scope, limit in policies.items():
        group = [each for each in videos if not each.holds and policy_of(each, policies) == limit]
        left = [each for each in group if each.id not in gone]
        removed = [removal.video for removal in plan.remove if removal.video in group]
        assert removed == sorted(removed, key=lambda each: (each.created_at, each.id)), scope
        assert not left or is_within(left, limit)
        assert not removed or not is_within([*left, removed[-1]], limit), "the last one that went could have stayed"
        youngest = max(((each.created_at, each.id) for each in removed), default=None)
        assert youngest is None or all((each.created_at, each.id) > youngest for each in left)


def is_within(videos: Sequence[Candidate], limit: Policy) -> bool:
    return (
        (limit.max_age is None or all(NOW - each.created_at <= limit.max_age for each in videos))
        and (limit.max_count is None or len(videos) <= limit.max_count)
        and (limit.max_size_bytes is None or sum(each.size_bytes for each in videos) <= limit.max_size_bytes)
    )


@given(videos_of_any_kind, st.integers(0, 400))
def test_space_takes_the_oldest_unheld_until_it_is_enough(videos: list[Candidate], need: int) -> None:
    plan: Plan = plan_space(videos, need)

    unheld = sorted((each for each in videos if not each.holds), key=lambda each: (each.created_at, each.id))
    assert [removal.video for removal in plan.remove] == unheld[: len(plan.remove)]
    assert plan.removed_bytes >= need or len(plan.remove) == len(unheld)
    assert need > 0 or not plan.remove
    assert not plan.remove or plan.removed_bytes - plan.remove[-1].video.size_bytes < need
