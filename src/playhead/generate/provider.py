"""The port of generation providers: what each adapter does, and the values that pass through it. No I/O.

An adapter translates one wire protocol. It keeps no state of a generation: what it must know later is in the
`Reference` that `submit` returned, which is stored before the next step.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, Self

from playhead.errors import PlayheadError

MICROS: int = 1_000_000
"""Amounts of money are integers: millionths of a US dollar."""

RunState = Literal["queued", "running", "succeeded", "failed", "refused", "canceled"]
"""``queued``: accepted and not begun, as long as the provider's own limits keep it waiting. A state that the adapter
does not know is ``running``."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file that the provider fetches.

    Args:
        parameter: Name of the model's parameter, such as ``image``.
        url: Public, without redirects and credentials but the token in it, at most 512 characters.
        content_type: True media type, such as ``image/png``.
    """

    parameter: str
    url: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One request to a provider; the same each time it is sent.

    Args:
        generation_id: Our id, unique; the idempotency key and the marker where a protocol has room for one.
        model: The provider's own name of the model.
        parameters: As the provider's model takes them, checked against the catalogue; without prompt and files.
        callback_url: Where the provider may report; None for polling alone.
        deadline_s: Seconds after which the provider should give up by itself, where it offers that.
    """

    generation_id: str
    model: str
    prompt: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    callback_url: str | None = None
    deadline_s: int = 1800


@dataclass(frozen=True, slots=True)
class Reference:
    """What finds a submitted request again.

    Args:
        id: The provider's id, unique within the provider.
        facts: JSON-safe, whatever the adapter needs beside it, such as the URLs that the provider gave.
    """

    id: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {"id": self.id, "facts": dict(self.facts)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` made."""
        return cls(str(stored["id"]), dict(stored.get("facts") or {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a provider says of a request.

    Attributes:
        words: The provider's own word, such as ``THROTTLED``, for people.
        progress: 0 to 1; None where the provider does not say.
        retry_after_s: Seconds before which it does not want to be asked again.
        cost_micros: What it charged, in millionths of a dollar; 0 is "nothing", None is "it did not say".
        results: URLs of the outputs, the wanted video first. Empty for a succeeded request: they are gone.
        error: Why, for ``failed`` and ``refused``.
        reference: The reference with what was learned since; None when nothing changed.
    """

    state: RunState
    words: str = ""
    progress: float | None = None
    retry_after_s: float | None = None
    cost_micros: int | None = None
    results: tuple[str, ...] = ()
    error: PlayheadError | None = None
    reference: Reference | None = None

    @property
    def is_final(self) -> bool:
        """Whether it will not change any more."""
        return self.state not in ("queued", "running")


@dataclass(frozen=True, slots=True)
class Download:
    """An open result.

    Attributes:
        start: Offset of the first byte that `chunks` gives; 0 where the provider ignored the wanted one.
        size_bytes: Of the whole result; None where it is not known before its end.
    """

    start: int
    size_bytes: int | None
    content_type: str | None
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Callback:
    """A verified callback: a hint to poll now, no more.

    Args:
        reference_id: The provider's id of the request.
        event_id: What repeats of this callback share.
        status: What it says, only where the provider cannot be polled.
        reference: Where the callback alone is enough to find the request by; it confirms a submit whose answer was
            lost.
    """

    reference_id: str
    event_id: str
    status: Status | None = None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a provider's protocol offers.

    Attributes:
        callbacks: It reports to a URL.
        polling: It can be asked. One of the two is always there.
        lookup: `Provider.find` can tell whether a submit whose answer was lost arrived.
        idempotent: A submit with the same ``generation_id`` never makes a second request.
        deadline: It gives up by itself after ``deadline_s``.
        cancel: It takes cancellations, as a request.
        reads_store: It runs here, and gets its input images as ``store://`` and their key.
    """

    callbacks: bool = False
    polling: bool = True
    lookup: bool = False
    idempotent: bool = False
    deadline: bool = False
    cancel: bool = False
    reads_store: bool = False


@dataclass(frozen=True, slots=True)
class Tested:
    """The outcome of testing a provider's settings; nothing was submitted.

    Attributes:
        detail: In words, such as ``The key is valid: account example.``.
    """

    works: bool
    detail: str


class Provider(Protocol):
    """One configured provider. Errors of all methods are those of ``generate.errors``; close it at the end."""

    @property
    def name(self) -> str:
        """As it is configured, such as ``replicate``."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What its protocol offers."""
        ...

    async def submit(self, submission: Submission) -> Reference:
        """Submit a request. It is sent once: an adapter never sends it again by itself.

        Raises:
            OutcomeUnknown: it may or may not have arrived: no answer, or a 5xx.
            ProviderThrottled: nothing was made; wait as long as it says.
            ModelRetired, InputRejected, RequestRefused, ProviderKeyRefused, OutOfCredit: nothing was made.
        """
        ...

    async def find(self, submission: Submission, *, since: datetime) -> Sequence[Reference]:
        """Requests at the provider that this submission may have made, oldest first; only with ``abilities.lookup``.

        Args:
            since: When it was sent, by our clock; clocks may differ by minutes.

        Raises:
            ProviderUnavailable, ProviderThrottled
        """
        ...

    async def poll(self, reference: Reference) -> Status:
        """Ask for the state.

        Raises:
            ProviderUnavailable: no answer, or one that may change: ask again.
            ProviderThrottled: ask again, not before it says.
            RequestUnknown: the provider does not know it, or not any more.
        """
        ...

    async def cancel(self, reference: Reference) -> None:
        """Ask it to stop; it may end otherwise all the same. One that has ended is fine."""
        ...

    def open_result(self, reference: Reference, url: str, *, start: int = 0) -> AbstractAsyncContextManager[Download]:
        """Open an output from a byte on; redirects go to allowed hosts alone, without the key.

        Raises:
            ResultNotReady: 5xx or no answer: try again while it lives.
            ResultExpired: 403, 404 or 410.
            ResultRefused: a host that is not the provider's, or a redirect to one.
        """
        ...

    def verify_callback(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Callback | None:
        """Read a callback; None when it is true and says nothing that counts.

        Our own token in its URL was checked before.

        Args:
            headers: By lower-case name.

        Raises:
            CallbackInvalid: forged, replayed late, or malformed.
        """
        ...

    async def refresh_keys(self) -> None:
        """Fetch what `verify_callback` needs from the provider, if it is missing or old."""
        ...

    async def test(self) -> Tested:
        """Test key and address without a request that costs."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...
