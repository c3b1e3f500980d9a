"""The client of Helix, against the fake."""

import pytest

from playhead.live.detect.errors import TwitchRefused, TwitchUnavailable
from playhead.live.fakes.platform import Twitch
from tests.fixtures.fake_twitch import helix_of


async def test_streams_are_asked_for_a_hundred_at_a_time(twitch: Twitch) -> None:
    await twitch.go_live("alice", title="Hello", category="Chess")
    await twitch.go_live("bob", type_="rerun")
    async with helix_of(twitch) as helix:
        found = await helix.streams([*(str(number) for number in range(5000, 5250)), "1000", twitch.users["bob"]])

        assert {user: (stream.title, stream.category) for user, stream in found.items()} == {"1000": ("Hello", "Chess")}
        assert twitch.calls.count(("GET", "/helix/streams")) == 3
        assert helix.rate.limit == 800


async def test_logins_become_user_ids(twitch: Twitch) -> None:
    async with helix_of(twitch) as helix:
        assert await helix.users(["alice", "nobody"]) == {"alice": "1000"}


async def test_an_expired_token_is_renewed_once(twitch: Twitch) -> None:
    async with helix_of(twitch) as helix:
        await helix.users(["alice"])
        twitch.expire_tokens()

        assert await helix.users(["alice"]) == {"alice": "1000"}
        assert len(twitch.tokens) == 1


async def test_wrong_credentials_say_what_to_set(twitch: Twitch) -> None:
    twitch.client_secret, secret = "another", twitch.client_secret
    async with helix_of(twitch) as helix:
        twitch.client_secret = secret
        with pytest.raises(TwitchRefused) as refused:
            await helix.users(["alice"])

    assert "invalid client secret" in refused.value.detail
    assert "PLAYHEAD_TWITCH_CLIENT_SECRET" in str(refused.value.hint)
    assert "another" not in str(refused.value)


async def test_no_answer_is_worth_another_try(twitch: Twitch) -> None:
    async with helix_of(twitch, api_url="http://127.0.0.1:1/helix") as helix:
        with pytest.raises(TwitchUnavailable):
            await helix.users(["alice"])
