"""The circuit breaker, on a clock that the test moves."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from playhead.storage.breaker import Breaker, Trial
from tests.fixtures.examples import examples

PROBES = 2


@dataclass
class HandClock:
    """Monotonic seconds that pass when told to."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bench:
    """A breaker and its clock."""

    clock: HandClock = field(default_factory=HandClock)
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(failures=3, window_s=10, probes=PROBES, rest_s=1, rest_max_s=8, clock=self.clock)

    def admit(self) -> Trial:
        trial = self.breaker.admit()
        assert trial is not None
        return trial

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            self.admit().end(ok=False)

    def succeed(self, times: int = 1) -> None:
        for _ in range(times):
            self.admit().end(ok=True)


def opened() -> Bench:
    bench = Bench()
    bench.fail(3)
    return bench


def test_it_opens_after_failures_that_are_at_least_half() -> None:
    bench = Bench()
    bench.fail(2)
    bench.succeed(4)
    bench.fail(1)
    assert bench.breaker.state == "closed"

    bench.fail(1)
    assert (bench.breaker.state, bench.breaker.retry_after_s) == ("open", 1)
    assert bench.breaker.admit() is None


def test_failures_of_long_ago_do_not_count() -> None:
    bench = Bench()
    bench.fail(2)
    bench.clock.now += 11
    bench.fail(2)

    assert bench.breaker.state == "closed"


def test_after_its_rest_it_lets_so_many_probes_through_and_no_more() -> None:
    bench = opened()
    bench.clock.now += 1

    admitted = [bench.breaker.admit() for _ in range(50)]
    assert bench.breaker.state == "half-open"
    assert sum(trial is not None for trial in admitted) == PROBES


def test_as_many_good_probes_as_there_are_slots_close_it() -> None:
    bench = opened()
    bench.clock.now += 1
    seen = []
    for _ in range(PROBES):
        bench.succeed()
        seen.append(bench.breaker.state)

    assert seen == ["half-open", "closed"]


def test_a_bad_probe_doubles_the_rest_up_to_its_bound() -> None:
    bench = opened()
    rests = []
    for _ in range(5):
        bench.clock.now += bench.breaker.retry_after_s
        bench.fail()
        rests.append(bench.breaker.retry_after_s)

    assert rests == [2, 4, 8, 8, 8]


def test_once_closed_the_next_rest_is_short_again() -> None:
    bench = opened()
    bench.clock.now += 1
    bench.fail()
    bench.clock.now += 2
    bench.succeed(PROBES)
    bench.fail(3)

    assert bench.breaker.retry_after_s == 1


def test_a_probe_that_nobody_waits_for_gives_its_slot_back() -> None:
    bench = opened()
    bench.clock.now += 1
    trials = [bench.admit() for _ in range(PROBES)]
    assert bench.breaker.admit() is None

    trials[0].end(ok=None)
    assert bench.breaker.state == "half-open"
    assert bench.breaker.admit() is not None


def test_what_was_let_pass_before_it_opened_says_nothing_of_the_probes() -> None:
    bench = Bench()
    late = bench.admit()
    bench.fail(3)
    bench.clock.now += 1
    bench.admit()

    late.end(ok=False)
    assert (bench.breaker.state, bench.breaker.probing) == ("half-open", 1)


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens, in whatever order."""

    @initialize()
    def begin(self) -> None:
        self.bench = Bench()
        self.trials: list[Trial] = []
        self.ended: list[Trial] = []

    @rule()
    def ask(self) -> None:
        before = self.bench.breaker.state
        trial = self.bench.breaker.admit()
        assert before != "closed" or trial is not None
        assert before != "open" or trial is None
        if trial is not None:
            self.trials.append(trial)

    @precondition(lambda self: self.trials)
    @rule(ok=st.sampled_from([True, False, None]), which=st.integers(0, 99))
    def end(self, ok: bool | None, which: int) -> None:
        trial = self.trials.pop(which % len(self.trials))
        trial.end(ok)
        self.ended.append(trial)

    @precondition(lambda self: self.ended)
    @rule(ok=st.booleans())
    def end_again(self, ok: bool) -> None:
        before = self.bench.breaker.state, self.bench.breaker.probing
        self.ended[-1].end(ok)
        assert (self.bench.breaker.state, self.bench.breaker.probing) == before

    @rule(seconds=st.sampled_from([0.1, 1, 3, 20]))
    def wait(self, seconds: float) -> None:
        self.bench.clock.now += seconds

    @invariant()
    def slots_are_bounded(self) -> None:
        assert 0 <= self.bench.breaker.probing <= PROBES
        assert self.bench.breaker.state == "half-open" or self.bench.breaker.probing == 0

    @invariant()
    def a_rest_is_bounded(self) -> None:
        assert 0 <= self.bench.breaker.retry_after_s <= 8

    def teardown(self) -> None:
        """Whatever was, a store that works again is used again."""
        for trial in self.trials:
            trial.end(ok=None)
        self.bench.clock.now += 8
        for _ in range(PROBES):
            self.bench.succeed()
        assert self.bench.breaker.state == "closed"


AnyHistory.TestCase.settings = examples(60, stateful_step_count=40)
TestAnyHistory = AnyHistory.TestCase
