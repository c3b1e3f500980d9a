"""Errors of generation, by fault: the provider's, its rate limit, a refusal, the caller's, or ours."""

from typing import ClassVar, Literal

from playhead.errors import Conflict, Fault, InvalidInput, NotFound, PlayheadError, Retry, Unavailable

GenerationFault = Literal["provider", "rate", "refused", "caller", "us"]


class GenerationNotFound(NotFound):
    """No such generation, or another owner's."""

    code = "generation_not_found"
    title = "No such generation"

    def __init__(self, generation_id: str) -> None:
        super().__init__(f"There is no generation {generation_id}.")


class ProviderError(PlayheadError):
    """An error in which a provider took part.

    Attributes:
        side: Whose fault it is, as a generation says.
    """

    code = "provider_error"
    title = "Something went wrong at the provider"
    status: ClassVar[int] = 502
    retry: ClassVar[Retry] = "never"
    fault: ClassVar[Fault] = "provider"
    side: ClassVar[GenerationFault] = "provider"


class ProviderUnavailable(ProviderError):
    """A provider that does not answer, or answers 5xx; nothing was changed by the call."""

    code = "provider_unavailable"
    title = "The provider does not answer"
    status = 503
    retry = "backoff"


class OutcomeUnknown(ProviderError):
    """A submit without an answer, or with a 5xx: it may have arrived and may be charged."""

    code = "submit_outcome_unknown"
    title = "Nobody knows whether this was submitted"


class ProviderThrottled(ProviderError):
    """A limit of the provider; nothing was made.

    Args:
        retry_after_s: Seconds to wait at least, from header or body; None where it did not say.
    """

    code = "provider_throttled"
    title = "The provider asks to wait"
    status = 429
    retry = "backoff"
    side = "rate"

    def __init__(self, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class ProviderKeyRefused(ProviderError):
    """The provider does not accept our key: the operator's to mend."""

    code = "provider_key_refused"
    title = "The provider refused the key"
    fault = "us"
    side = "us"


class OutOfCredit(ProviderError):
    """The provider's account has no credit, or its own spending limit is reached."""

    code = "provider_out_of_credit"
    title = "The provider's account has no credit"
    fault = "us"
    side = "us"


class InputRejected(ProviderError):
    """The provider does not take the prompt's parameters or files."""

    code = "provider_rejected_input"
    title = "The provider rejected the request"
    status = 400
    fault = "caller"
    side = "caller"


class RequestRefused(ProviderError):
    """Moderation refused it, in the provider's words.

    Args:
        of_output: The model ran and its output was refused: a matter of chance. Otherwise the prompt or a file was.
    """

    code = "refused"
    title = "The provider refused this"
    status = 400
    fault = "caller"
    side = "refused"

    def __init__(self, detail: str, *, of_output: bool, hint: str | None = None) -> None:
        super().__init__(
            detail,
            hint=hint
            or ("Generate it again: another try may pass." if of_output else "Change the prompt or the input file."),
        )
        self.of_output = of_output


class ModelRetired(ProviderError):
    """The model is gone.

    Args:
        replaced_by: Model to use instead.
    """

    code = "model_retired"
    title = "This model is retired"
    status = 410
    fault = "caller"
    side = "caller"

    def __init__(self, detail: str, *, replaced_by: str | None = None) -> None:
        super().__init__(detail, hint=f"Use {replaced_by} instead." if replaced_by else "Choose another model.")
        self.replaced_by = replaced_by


class GenerationFailed(ProviderError):
    """The provider ran it and failed, in its words."""

    code = "provider_failed"
    title = "The provider failed"
    retry = "backoff"


class DeadlinePassed(ProviderError):
    """It did not end within its deadline."""

    code = "generation_deadline"
    title = "The provider took too long"


class RequestUnknown(ProviderError):
    """The provider does not know the request, or not any more."""

    code = "provider_lost_request"
    title = "The provider lost the request"


class ResultNotReady(ProviderUnavailable):
    """A finished result that cannot be fetched at the moment."""

    code = "result_not_ready"
    title = "The result cannot be fetched yet"


class ResultExpired(ProviderError):
    """A finished result that the provider has deleted; it was charged."""

    code = "result_expired"
    title = "The result expired at the provider"


class ResultRefused(ProviderError):
    """A result that we do not fetch or keep: a foreign host, too large, or no video."""

    code = "result_refused"
    title = "The result cannot be used"


class CallbackInvalid(InvalidInput):
    """A callback that is forged, too old or malformed."""

    code = "callback_invalid"
    title = "Invalid callback"
    status = 401


class SpendingCapReached(Conflict):
    """A cap on spending would be passed by the reservation."""

    code = "spending_cap_reached"
    title = "Spending limit reached"


class ProviderNotFound(NotFound):
    """No such provider."""

    code = "provider_not_found"
    title = "No such provider"

    def __init__(self, name: str) -> None:
        super().__init__(f"No provider is called {name!r:.80}.")


class ProviderNotConfigured(Conflict):
    """A provider without settings, or one that is turned off."""

    code = "provider_not_configured"
    title = "This provider is not set up"


class CallbackTooLate(Unavailable):
    """A callback that cannot be recorded at the moment; the provider sends it again."""

    code = "callback_not_recorded"
    title = "Not recorded, send it again"
