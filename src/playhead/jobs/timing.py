"""How often a worker does what."""

from dataclasses import dataclass

from playhead.jobs.heartbeat import DEAD_AFTER_S

BEAT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Intervals of a worker, in seconds. The defaults suit every installation; tests are faster.

    Args:
        beat_s: Between two heartbeats; less than half of *dead_after_s*, or else a worker takes the time between two
            of its own beats for a silence of the database and never declares another dead.
        dead_after_s: Silence after which a worker counts as dead.
        poll_s: Between two polls of the queues.
        watch_s: Between two checks of a running job's row: the delay of a cancel.
        retry_wait_s: Before a failed step's second try.
        reconcile_s: Between two passes over all rows.
        stop_s: How long children get to end when the worker stops.
    """

    beat_s: float = BEAT_S
    dead_after_s: float = DEAD_AFTER_S
    poll_s: float = 0.5
    watch_s: float = 1.0
    retry_wait_s: float = 2.0
    reconcile_s: float = 60.0
    stop_s: float = 5.0

    def __post_init__(self) -> None:
        if self.beat_s >= self.dead_after_s / 2:
            raise ValueError(
                f"a heartbeat each {self.beat_s:g} s cannot show who is dead after {self.dead_after_s:g} s"
            )

    @classmethod
    def for_dead_after(cls, dead_after_s: float) -> "Timing":
        """The timing for a silence of *dead_after_s*: five beats, or more."""
        return cls(dead_after_s=dead_after_s, beat_s=min(BEAT_S, dead_after_s / 5))
