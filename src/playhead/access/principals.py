"""Who is asking, and what they may do."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["admin", "member"]

Scope = Literal[
    "videos:read",
    "videos:write",
    "projects:read",
    "projects:write",
    "jobs:read",
    "jobs:write",
    "admin",
]

SCOPES: tuple[Scope, ...] = get_args(Scope)
"""Every scope there is. ``admin`` manages users and keys and may read what others own."""


def scopes_of(role: Role) -> frozenset[Scope]:
    """All that a role may do: what a session of it holds, and the most that a key of it can."""
    return frozenset(scope for scope in SCOPES if scope != "admin" or role == "admin")


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, as seen through the credential of this request.

    Args:
        scopes: For a session all of the role; for a key its own, less what the role has lost since.
        credential_id: Id of the session or key row, not the secret.
    """

    user_id: str
    email: str
    role: Role
    scopes: frozenset[Scope]
    via: Literal["session", "key"]
    credential_id: str

    def allows(self, scope: Scope) -> bool:
        """Tell whether this request may do what the scope names."""
        return scope in self.scopes

    @property
    def is_admin(self) -> bool:
        """Whether this request may act on what others own: a key of an admin needs the scope as well."""
        return "admin" in self.scopes
