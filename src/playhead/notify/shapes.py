"""Shapes of the webhook endpoints."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, WithJsonSchema, field_validator

from playhead.api.cursors import MAX_YEAR, MIN_YEAR
from playhead.api.shapes import PageShape, Payload, Shape, Timestamp
from playhead.kit.clock import utc_now
from playhead.kit.text import one_line
from playhead.kit.urls import MAX_LENGTH
from playhead.notify.tables import AttemptRow, DeliveryRow, DeliveryState, Disabled, WebhookKind, WebhookRow
from playhead.notify.targets import shown_url
from playhead.outbox.types import EVENT_TYPES


def _known_type(value: str) -> str:
    if value not in EVENT_TYPES:
        raise ValueError(f"no type of event is named {value!r}; there are {', '.join(EVENT_TYPES)}")
    return value


EventTypeName = Annotated[
    str, AfterValidator(_known_type), WithJsonSchema({"type": "string", "enum": list(EVENT_TYPES)})
]

Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_LENGTH,
        description="`https://...` for a webhook; for kind `apprise` the URL of a service, such as "
        "`discord://id/token`.",
    ),
]
Description = Annotated[str, Field(max_length=200, description="One line.")]
EventTypes = Annotated[
    list[EventTypeName],
    Field(min_length=1, max_length=len(EVENT_TYPES), description="Types of events; null for all."),
]


class _Described(Payload):
    @field_validator("description", check_fields=False)
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        return value if value is None else one_line(value)


class WebhookCreate(_Described):
    """A new webhook."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://example.org/hooks", "event_types": ["recording.finished"]}]}
    )

    url: Url
    kind: WebhookKind | None = Field(default=None, description="Omitted: by the scheme of the URL.")
    description: Description = ""
    event_types: EventTypes | None = None
    enabled: bool = True


class WebhookChanges(_Described):
    """Changes to a webhook; omitted fields stay."""

    url: Url | None = Field(default=None, description="A new URL of the same kind.")
    description: Description | None = None
    event_types: EventTypes | None = Field(default=None, description="Null: all types.")
    enabled: bool | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The fields to change; null counts only for ``event_types``."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: value for name, value in fields.items() if value is not None or name == "event_types"}


class Webhook(Shape):
    """A webhook, without its secret."""

    id: str
    kind: WebhookKind
    url: str = Field(description="Of kind `apprise` only the service: the rest may hold tokens.")
    description: str
    event_types: list[str] | None = Field(description="Null: all.")
    enabled: bool
    disabled_by: Disabled | None = Field(
        description="Why it is disabled: by a `person`, since its endpoint is `gone` (410), or after days of `failing`."
    )
    failing_since: Timestamp | None = Field(description="First failure after the last success.")
    previous_secret_until: Timestamp | None = Field(
        description="Until then messages are signed by the secret before this one, too."
    )
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class NewWebhook(Webhook):
    """A webhook with its secret."""

    secret: str | None = Field(
        description="`whsec_...`; shown once. Null for kind `apprise`, whose messages are not signed.", repr=False
    )


class WebhookSecret(Shape):
    """A new secret."""

    secret: str = Field(description="`whsec_...`; shown once.", repr=False)
    previous_secret_until: Timestamp = Field(
        description="Until then messages are signed by the secret before this one, too."
    )


class WebhookPage(PageShape[Webhook]):
    """A page of webhooks."""


class Delivery(Shape):
    """One event on its way to a webhook."""

    id: str
    event_id: str = Field(description="The header `webhook-id` of every attempt.")
    event_type: str
    state: DeliveryState
    attempts: int
    due_at: Timestamp | None = Field(description="Time of the next attempt; null once it has ended.")
    created_at: Timestamp
    ended_at: Timestamp | None


class DeliveryPage(PageShape[Delivery]):
    """A page of deliveries."""


class Attempt(Shape):
    """One attempt at a delivery."""

    number: int
    at: Timestamp
    duration_s: float
    status: int | None = Field(description="Of the response; null when there was none.")
    error: str | None = Field(description="Null: it was accepted.")
    response_headers: dict[str, str] | None = Field(description="The first 20.")
    response_body: str | None = Field(description="The first 1,024 bytes.")


class DeliveryDetails(Delivery):
    """A delivery with what is sent, and its attempts."""

    body: dict[str, Any] = Field(description="What is sent.")
    log: list[Attempt] = Field(description="Its attempts, oldest first.")


def _storable(time: datetime) -> datetime:
    if not MIN_YEAR <= time.year <= MAX_YEAR:
        raise ValueError(f"the year is before {MIN_YEAR} or after {MAX_YEAR}")
    return time


Time = Annotated[AwareDatetime, AfterValidator(_storable)]


class ReplaySpan(Payload):
    """A span of time to send again."""

    since: Time = Field(description="RFC 3339 with a zone.")
    until: Time | None = Field(default=None, description="Omitted: now.")
    delivered: bool = Field(default=False, description="Send what was delivered already, too.")


class Replayed(Shape):
    """How many deliveries are sent again."""

    deliveries: int


class EventTypeWord(Shape):
    """A type of event, with an example of a body."""

    type: str
    meaning: str
    example: dict[str, Any]


class EventTypeWords(Shape):
    """All types of events."""

    items: list[EventTypeWord]


def webhook_facts(row: WebhookRow) -> dict[str, Any]:
    """The fields of `Webhook`."""
    until = row.previous_until if row.previous_until and row.previous_until > utc_now() else None
    return {
        "id": row.id,
        "kind": row.kind,
        "url": shown_url(row.kind, row.url),
        "description": row.description,
        "event_types": row.event_types,
        "enabled": row.enabled_at is not None,
        "disabled_by": row.disabled_by,
        "failing_since": row.failing_since,
        "previous_secret_until": until,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def delivery_details(row: DeliveryRow, attempts: Sequence[AttemptRow]) -> DeliveryDetails:
    """A delivery as `GET` gives it."""
    facts = Delivery.model_validate(row).model_dump()
    log = [Attempt.model_validate(each) for each in attempts]
    return DeliveryDetails(**facts, body=json.loads(row.body), log=log)
