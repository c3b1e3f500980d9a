"""What can go wrong with webhooks."""

from playhead.errors import InvalidInput, NotFound


class WebhookNotFound(NotFound):
    """No such webhook, or another owner's."""

    code = "webhook_not_found"
    title = "Webhook not found"

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"There is no webhook {webhook_id}.", hint="It may have been removed.")


class DeliveryNotFound(NotFound):
    """No such delivery of this webhook, or it was forgotten."""

    code = "delivery_not_found"
    title = "Delivery not found"

    def __init__(self, delivery_id: str) -> None:
        super().__init__(
            f"There is no delivery {delivery_id} of this webhook.", hint="Deliveries are forgotten after a while."
        )


class WebhookUrlRefused(InvalidInput):
    """A URL that is not sent to."""

    code = "webhook_url_refused"
    title = "This URL cannot be used"
