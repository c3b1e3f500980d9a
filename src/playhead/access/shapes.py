"""What the account endpoints take and give."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr

from playhead.access.passwords import MAX_LENGTH, MIN_LENGTH
from playhead.access.principals import Role, Scope
from playhead.api.shapes import Payload, Shape, Timestamp

DAY_S = 86_400

Email = Annotated[str, Field(max_length=320, examples=["ada@example.org"])]
Name = Annotated[str, Field(max_length=400, description="1 to 100 characters, one line.")]
Password = Annotated[SecretStr, Field(max_length=MAX_LENGTH)]
NewPassword = Annotated[
    SecretStr, Field(max_length=MAX_LENGTH, description=f"{MIN_LENGTH} to {MAX_LENGTH} characters.")
]


class User(Shape):
    """A user."""

    id: str
    email: str
    name: str
    role: Role
    disabled: bool
    created_at: Timestamp
    last_sign_in_at: Timestamp | None


class Me(Shape):
    """Who this request comes from, and what it may do."""

    user: User
    scopes: list[Scope]
    via: Literal["session", "key"]


class SessionStarted(Shape):
    """The answer to signing in; the session itself is in the cookie."""

    user: User


class Key(Shape):
    """An API key, without its secret."""

    id: str
    name: str
    prefix: str = Field(description="The part that may be shown: `ph_` and 12 characters.")
    scopes: list[Scope]
    user_id: str
    created_at: Timestamp
    last_used_at: Timestamp | None = Field(description="Written at most once a minute.")
    expires_at: Timestamp | None
    revoked_at: Timestamp | None


class CreatedKey(Key):
    """A key just made."""

    key: str = Field(description="The key itself: shown this once, kept nowhere.", repr=False)


class SetupRequest(Payload):
    """The first admin."""

    token: SecretStr = Field(max_length=200, description="From the setup link that Playhead prints at its start.")
    email: Email
    password: NewPassword
    name: Name | None = None


class SetupCheck(Payload):
    """A setup token, to be looked at."""

    token: SecretStr = Field(max_length=200)


class SignInRequest(Payload):
    """Email and password."""

    email: Email
    password: Password


class MeChange(Payload):
    """What to change about oneself; what is left out stays."""

    name: Name | None = None
    password: NewPassword | None = None
    current_password: Password | None = Field(default=None, description="Needed with `password`.")


class UserCreate(Payload):
    """A new user."""

    email: Email
    password: NewPassword
    role: Role = "member"
    name: Name | None = None


class UserPatch(Payload):
    """What to change about a user; what is left out stays."""

    role: Role | None = None
    disabled: bool | None = None
    name: Name | None = None
    password: NewPassword | None = None


class KeyCreate(Payload):
    """A new API key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "uploader", "scopes": ["videos:write"]}]})

    name: Name
    scopes: list[Scope] | None = Field(
        default=None, max_length=20, description="Left out: all that the user and the maker may do."
    )
    expires_in_s: int | None = Field(default=None, ge=60, le=3650 * DAY_S, description="Left out: until it is revoked.")
    user_id: str | None = Field(default=None, max_length=40, description="For another user: admins alone.")
