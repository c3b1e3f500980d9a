"""A transfer: one media body on its way to one client. It ends exactly once, and is logged and counted then."""

import time

import structlog

from playhead.observe.metrics import Metrics, Outcome

log = structlog.get_logger(__name__)


class Transfer:
    """Begins when it is made; its id is the request's, which is bound to the log line.

    Args:
        expected_bytes: Length of the body.
    """

    def __init__(self, metrics: Metrics, *, video_id: str, kind: str, status: int, expected_bytes: int) -> None:
        self.video_id = video_id
        self.kind = kind
        self.status = status
        self.expected_bytes = expected_bytes
        self.sent_bytes = 0
        self.outcome: Outcome | None = None
        self._metrics = metrics
        self._began = time.perf_counter()
        metrics.transfer_began()

    def end(self, outcome: Outcome) -> None:
        """Say how it ended; only the first word counts.

        Args:
            outcome: ``complete``: all bytes were handed to the server; ``gone``: the client left before;
                ``failed``: we could not go on.
        """
        if self.outcome is not None:
            return
        self.outcome = outcome
        self._metrics.transfer_ended(self.kind, outcome, self.sent_bytes)
        (log.error if outcome == "failed" else log.info)(
            "transfer",
            video=self.video_id,
            kind=self.kind,
            outcome=outcome,
            status=self.status,
            size_bytes=self.sent_bytes,
            expected_bytes=self.expected_bytes,
            duration_s=round(time.perf_counter() - self._began, 4),
        )
