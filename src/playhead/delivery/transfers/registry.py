"""A registry of transfers: each media body on its way to one client, and the outcome that ends it exactly once."""

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from playhead.delivery.errors import TooManyTransfers
from playhead.delivery.links.target import IMAGES
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.observe.log import PlainLogger
from playhead.observe.metrics import Metrics, Outcome

log = PlainLogger(__name__)

REMEMBERED = 1000
"""Ended transfers that can be listed, at about 0.7 KiB each: one viewer of a stream causes hundreds an hour."""

PER_CLIENT = 64
"""Default limit of concurrent transfers to one client address."""


class Viewer(NamedTuple):
    """The receiver of a body.

    Attributes:
        who: Id of a user, key or share; ``link`` for the bearer of a signed URL.
        client: Address of the client, if known.
        user_agent: User agent as sent, at most 200 characters.
        request_id: Id of the request.
        has_own_request: Whether the request id was made here for this transfer alone. The transfer's id then differs
            in its prefix only, which spares making a second.
    """

    who: str
    client: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    has_own_request: bool = False


class Carrier(Protocol):
    """The connection that carries a transfer."""

    def delivered(self, handed_bytes: int) -> int:
        """Bytes that the client has acknowledged, out of those handed to the kernel."""
        ...

    def abort(self) -> None:
        """Close the connection at once."""
        ...


@dataclass(frozen=True, slots=True)
class StallLimits:
    """Seconds without an acknowledged byte after which a connection is closed as stalled."""

    video_s: float = 30.0
    image_s: float = 15.0

    def of(self, kind: str) -> float:
        """The limit for a kind of media."""
        return self.image_s if kind in IMAGES else self.video_s


class Transfer:
    """One body. Made by `Transfers.begin`; its sender adds to ``handed_bytes`` and calls `end`.

    Attributes:
        expected_bytes: Length of the body.
        handed_bytes: Bytes handed to the kernel, or to the ASGI server.
        outcome: None while active. ``complete``: the client has all of it; ``gone``: the client left before;
            ``stalled``: the client took nothing for too long; ``failed``: we could not go on; ``shed``: we aborted or
            refused it.
    """

    __slots__ = (
        "_acked",
        "_began",
        "_carrier",
        "_rate",
        "_registry",
        "_sampled",
        "began_at",
        "duration_s",
        "ended_at",
        "expected_bytes",
        "handed_bytes",
        "id",
        "kind",
        "outcome",
        "stall_s",
        "status",
        "video_id",
        "viewer",
    )

    def __init__(
        self,
        registry: "Transfers",
        viewer: Viewer,
        video_id: str,
        kind: str,
        status: int,
        expected_bytes: int,
        carrier: Carrier | None,
    ) -> None:
        self.id = _id_beside(viewer.request_id) if viewer.has_own_request else new_id("trf")
        self.viewer = viewer
        self.video_id, self.kind, self.status = video_id, kind, status
        self.expected_bytes = expected_bytes
        self.stall_s = registry.stall.of(kind)
        self.handed_bytes = 0
        self.outcome: Outcome | None = None
        self.began_at = utc_now()
        self.ended_at: datetime | None = None
        self.duration_s = 0.0
        self._acked = 0
        self._began = time.monotonic()
        self._sampled, self._rate = (self._began, 0), 0.0
        self._registry, self._carrier = registry, carrier

    @property
    def acked_bytes(self) -> int:
        """Bytes that the client has acknowledged; where that is unknown, the bytes handed over."""
        if self.outcome is None:
            self._acked = self._carrier.delivered(self.handed_bytes) if self._carrier else self.handed_bytes
        return self._acked

    @property
    def rate_bytes_per_s(self) -> float:
        """Rate over the last seconds while active, then over the whole transfer."""
        if self.outcome is not None:
            return self._acked / self.duration_s if self.duration_s else 0.0
        now = time.monotonic()
        then, before = self._sampled
        if now - then >= _SAMPLE_S:
            acked = self.acked_bytes
            self._rate = (acked - before) / (now - then)
            self._sampled = (now, acked)
        return self._rate or self.acked_bytes / max(now - self._began, 0.001)

    def end(self, outcome: Outcome, *, acked_bytes: int | None = None) -> None:
        """Record the outcome; only the first call counts.

        Args:
            acked_bytes: Acknowledged bytes, where the connection cannot report them any more.
        """
        if self.outcome is not None:
            return
        acked = self.acked_bytes if acked_bytes is None else acked_bytes
        self._acked = max(0, min(acked, self.expected_bytes))
        self.outcome, self.ended_at = outcome, utc_now()
        self.duration_s = time.monotonic() - self._began
        self._carrier = None
        self._registry.ended(self)

    def abort(self) -> None:
        """End it from our side and close its connection."""
        carrier = self._carrier
        self.end("shed")
        if carrier is not None:
            carrier.abort()


class Transfers:
    """The transfers of one process: the active ones and the last that ended."""

    def __init__(self, metrics: Metrics, *, stall: StallLimits | None = None, per_client: int = PER_CLIENT) -> None:
        self.stall = stall or StallLimits()
        self._metrics = metrics
        self._per_client = per_client
        self._active: dict[str, Transfer] = {}
        self._ended: deque[Transfer] = deque(maxlen=REMEMBERED)
        self._clients: dict[str, int] = {}
        self.ended_by_kind: Counter[str] = Counter()
        """Number of transfers that have ended since this process started."""
        self.seen: set[str] = set()
        """Subjects whose media, but for images, were requested since `Watching` last looked."""
        self.on_seen: Callable[[], None] = _do_nothing
        metrics.transfers_from(lambda: len(self._active))

    def has_room(self, client: str | None) -> bool:
        """Whether a client may begin another transfer."""
        return not client or not 0 < self._per_client <= self._clients.get(client, 0)

    def saw(self, subject: str, kind: str) -> None:
        """Note that media of a video are sent, from here or by the store."""
        if kind not in IMAGES and subject not in self.seen:
            self.seen.add(subject)
            self.on_seen()

    def begin(
        self,
        viewer: Viewer,
        *,
        video_id: str,
        kind: str,
        status: int,
        expected_bytes: int,
        carrier: Carrier | None = None,
    ) -> Transfer:
        """Register a body that is about to be sent.

        Raises:
            TooManyTransfers: the client has reached the limit.
        """
        transfer = Transfer(self, viewer, video_id, kind, status, expected_bytes, carrier)
        client, has_room = viewer.client or "", self.has_room(viewer.client)
        self.saw(video_id, kind)
        self._active[transfer.id] = transfer
        self._clients[client] = self._clients.get(client, 0) + 1
        if not has_room:
            transfer.end("shed", acked_bytes=0)
            raise TooManyTransfers(self._per_client)
        return transfer

    def ended(self, transfer: Transfer) -> None:
        """Called once by each transfer that has ended."""
        del self._active[transfer.id]
        client = transfer.viewer.client or ""
        if self._clients[client] == 1:
            del self._clients[client]
        else:
            self._clients[client] -= 1
        self._ended.appendleft(transfer)
        self.ended_by_kind[transfer.kind] += 1
        assert transfer.outcome is not None
        self._metrics.transfer_ended(transfer.kind, transfer.outcome, transfer.acked_bytes)
        _log(transfer)

    @property
    def active(self) -> list[Transfer]:
        """Active transfers, the oldest first."""
        return list(self._active.values())

    @property
    def recent(self) -> list[Transfer]:
        """Ended transfers, the newest first."""
        return list(self._ended)

    def get(self, transfer_id: str) -> Transfer | None:
        """An active transfer; None when there is none."""
        return self._active.get(transfer_id)

    def abort_all(self) -> None:
        """Abort all active transfers, before the process ends."""
        for transfer in self.active:
            transfer.abort()


_SAMPLE_S = 1.0


def _do_nothing() -> None:
    """Nobody listens."""


def _id_beside(request_id: str | None) -> str:
    return f"trf_{(request_id or '').partition('_')[2]}"


def _log(transfer: Transfer) -> None:
    viewer = transfer.viewer
    (log.error if transfer.outcome == "failed" else log.info)(
        "transfer",
        transfer=transfer.id,
        request_id=viewer.request_id,
        video=transfer.video_id,
        kind=transfer.kind,
        viewer=viewer.who,
        client=viewer.client,
        outcome=transfer.outcome,
        status=transfer.status,
        size_bytes=transfer.acked_bytes,
        expected_bytes=transfer.expected_bytes,
        duration_s=round(transfer.duration_s, 4),
    )
