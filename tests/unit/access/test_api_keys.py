"""What a new key may do."""

import pytest

from playhead.access.api_keys import choose_scopes
from playhead.access.principals import SCOPES, Role, Scope, scopes_of
from playhead.errors import InvalidInput

MEMBER = scopes_of("member")


@pytest.mark.parametrize(
    ("wanted", "role", "within", "chosen"),
    [
        (None, "member", None, MEMBER),
        (None, "admin", None, frozenset(SCOPES)),
        (None, "admin", MEMBER, MEMBER),
        (None, "member", frozenset(SCOPES), MEMBER),
        (["jobs:read"], "member", MEMBER, {"jobs:read"}),
        (["admin"], "admin", None, {"admin"}),
    ],
)
def test_a_key_holds_what_was_wanted_within_role_and_maker(
    wanted: list[Scope] | None, role: Role, within: frozenset[Scope] | None, chosen: frozenset[Scope]
) -> None:
    assert choose_scopes(wanted, role, within) == chosen


@pytest.mark.parametrize(
    ("wanted", "role", "within"),
    [
        ([], "admin", None),
        (["admin"], "member", None),
        (["admin"], "admin", MEMBER),
        (["jobs:read"], "member", frozenset()),
        (None, "member", frozenset({"admin"})),
    ],
)
def test_a_key_never_holds_more(wanted: list[Scope] | None, role: Role, within: frozenset[Scope] | None) -> None:
    with pytest.raises(InvalidInput) as caught:
        choose_scopes(wanted, role, within)

    assert caught.value.code == "invalid_scopes"
