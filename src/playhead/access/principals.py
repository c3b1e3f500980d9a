"""Principals, roles and scopes."""

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
    "channels:read",
    "channels:write",
    "webhooks:read",
    "webhooks:write",
    "generate:read",
    "generate:write",
    "admin",
]

SCOPES: tuple[Scope, ...] = get_args(Scope)
"""All scopes. ``admin`` manages users and keys and may read what others own."""


def scopes_of(role: Role) -> frozenset[Scope]:
    """Scopes of a role: those of its sessions, and the most that its keys can hold."""
    return frozenset(scope for scope in SCOPES if scope != "admin" or role == "admin")


@dataclass(frozen=True, slots=True)
class Principal:
    """A user as identified by the credential of a request.

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
        """Whether this request holds the scope."""
        return scope in self.scopes

    @property
    def is_admin(self) -> bool:
        """Whether this request may act on what others own: a key of an admin needs the scope as well."""
        return "admin" in self.scopes
