"""``/webhooks``: where events are sent, the log of what was sent, tests and replays."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute, SecretIdempotentRoute
from playhead.access.principals import Principal
from playhead.api.cursors import FIRST_PAGE
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.notify.deliveries import Deliveries
from playhead.notify.envelope import body_facts
from playhead.notify.shapes import (
    Delivery,
    DeliveryDetails,
    DeliveryPage,
    EventTypeWord,
    EventTypeWords,
    NewWebhook,
    Replayed,
    ReplaySpan,
    Webhook,
    WebhookChanges,
    WebhookCreate,
    WebhookPage,
    WebhookSecret,
    delivery_details,
    webhook_facts,
)
from playhead.notify.tables import DeliveryState, WebhookRow
from playhead.notify.webhooks import Webhooks
from playhead.outbox.types import EVENT_TYPES

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=IdempotentRoute)
secrets = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=SecretIdempotentRoute)
"""Routes whose answers show a secret."""

Reader = Annotated[Principal, Depends(requires("webhooks:read"))]
Writer = Annotated[Principal, Depends(requires("webhooks:write"))]
WebhookId = Annotated[str, Path(max_length=64)]
DeliveryId = Annotated[str, Path(max_length=64)]


@secrets.post("", status_code=status.HTTP_201_CREATED, responses=problem_responses(400, 401, 403, 409, 422))
async def create_webhook(
    wanted: WebhookCreate, principal: Writer, response: Response, webhooks: Needs[Webhooks]
) -> NewWebhook:
    """Create a webhook. Only this answer shows its secret; it hears of events from now on.

    Repeated with the same `Idempotency-Key` it is 409 `idempotency_secret`, since the secret is not shown again.
    """
    made = await webhooks.create(
        principal,
        url=wanted.url,
        kind=wanted.kind,
        description=wanted.description,
        event_types=wanted.event_types,
        enabled=wanted.enabled,
    )
    response.headers["Location"] = f"/api/v1/webhooks/{made.row.id}"
    response.headers["ETag"] = f'"{made.row.version}"'
    response.headers["Cache-Control"] = "no-store"
    return NewWebhook(**webhook_facts(made.row), secret=made.secret)


@secrets.post("/{webhook_id}/secret", responses=problem_responses(401, 403, 404, 409))
async def rotate_webhook_secret(
    webhook_id: WebhookId, principal: Writer, response: Response, webhooks: Needs[Webhooks]
) -> WebhookSecret:
    """Create a new secret. For a day messages are signed by the old one as well, so that receivers can change over."""
    made = await webhooks.rotate(principal, webhook_id)
    response.headers["Cache-Control"] = "no-store"
    assert made.secret is not None
    assert made.row.previous_until is not None
    return WebhookSecret(secret=made.secret, previous_secret_until=made.row.previous_until)


@router.get("/types", responses=problem_responses(401, 403))
async def list_event_types(principal: Reader) -> EventTypeWords:  # noqa: ARG001
    """List the types of events, each with an example of a body."""
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    words = [
        EventTypeWord(type=name, meaning=each.meaning, example=body_facts(name, at, each.id, each.data))
        for name, each in EVENT_TYPES.items()
    ]
    return EventTypeWords(items=words)


@router.get("", responses=problem_responses(400, 401, 403, 422))
async def list_webhooks(
    principal: Reader, webhooks: Needs[Webhooks], limit: Limit = FIRST_PAGE, cursor: Cursor = None
) -> WebhookPage:
    """List your webhooks, newest first."""
    page = await webhooks.page(principal, limit=limit, cursor=cursor)
    return WebhookPage(items=[Webhook(**webhook_facts(row)) for row in page.items], next_cursor=page.next_cursor)


@router.get("/{webhook_id}", responses=problem_responses(401, 403, 404))
async def get_webhook(
    webhook_id: WebhookId, principal: Reader, response: Response, webhooks: Needs[Webhooks]
) -> Webhook:
    """Read one webhook."""
    return _respond(response, await webhooks.get(principal, webhook_id))


@router.patch("/{webhook_id}", responses=problem_responses(400, 401, 403, 404, 412, 422))
async def change_webhook(
    webhook_id: WebhookId,
    changes: WebhookChanges,
    principal: Writer,
    response: Response,
    webhooks: Needs[Webhooks],
    if_match: IfMatch = None,
) -> Webhook:
    """Change a webhook. Disabling it cancels what waits; enabling it starts with events from then on."""
    return _respond(response, await webhooks.change(principal, webhook_id, changes.given, read_if_match(if_match)))


@router.delete("/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def remove_webhook(webhook_id: WebhookId, principal: Writer, webhooks: Needs[Webhooks]) -> None:
    """Remove a webhook with its deliveries."""
    await webhooks.remove(principal, webhook_id)


@router.post("/{webhook_id}/test", status_code=status.HTTP_202_ACCEPTED, responses=problem_responses(401, 403, 404))
async def test_webhook(
    webhook_id: WebhookId, principal: Writer, response: Response, deliveries: Needs[Deliveries]
) -> Delivery:
    """Send `webhook.test`, signed like any other, once; `Location` is where to see how it went."""
    row = await deliveries.test(principal, webhook_id)
    response.headers["Location"] = f"/api/v1/webhooks/{webhook_id}/deliveries/{row.id}"
    return Delivery.model_validate(row)


@router.post("/{webhook_id}/replay", responses=problem_responses(400, 401, 403, 404, 409, 422))
async def replay_deliveries(
    webhook_id: WebhookId, span: ReplaySpan, principal: Writer, deliveries: Needs[Deliveries]
) -> Replayed:
    """Send the events of a span that the webhook has not received: failed, canceled, or while it was disabled."""
    number = await deliveries.replay_span(
        principal, webhook_id, since=span.since, until=span.until, delivered=span.delivered
    )
    return Replayed(deliveries=number)


@router.get("/{webhook_id}/deliveries", responses=problem_responses(400, 401, 403, 404, 422))
async def list_deliveries(
    webhook_id: WebhookId,
    principal: Reader,
    deliveries: Needs[Deliveries],
    state: Annotated[DeliveryState | None, Query()] = None,
    limit: Limit = FIRST_PAGE,
    cursor: Cursor = None,
) -> DeliveryPage:
    """List a webhook's deliveries, newest first."""
    page = await deliveries.page(principal, webhook_id, state=state, limit=limit, cursor=cursor)
    return DeliveryPage(items=[Delivery.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/{webhook_id}/deliveries/{delivery_id}", responses=problem_responses(401, 403, 404))
async def get_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, principal: Reader, deliveries: Needs[Deliveries]
) -> DeliveryDetails:
    """Read a delivery with its body, its attempts and their responses."""
    logged = await deliveries.get(principal, webhook_id, delivery_id)
    return delivery_details(logged.row, logged.attempts)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", responses=problem_responses(401, 403, 404, 409))
async def replay_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, principal: Writer, deliveries: Needs[Deliveries]
) -> Delivery:
    """Send a delivery again, with the `webhook-id` that it had."""
    return Delivery.model_validate(await deliveries.replay(principal, webhook_id, delivery_id))


def _respond(response: Response, row: WebhookRow) -> Webhook:
    response.headers["ETag"] = f'"{row.version}"'
    return Webhook(**webhook_facts(row))
