"""What a failed job says."""

import pytest

from playhead.errors import InvalidInput, Unavailable
from playhead.jobs.failure import LOG_TAIL_LIMIT, JobError, attach_facts, describe, is_retryable


class Broken(InvalidInput):
    code = "broken_file"
    log_tail = "x" * (LOG_TAIL_LIMIT + 1)


class PortableError(Exception):
    """Stands for the engine's own: what it makes of an error that another worker recorded."""

    def __init__(self, data: object) -> None:
        self.data = data


def test_an_error_of_ours_keeps_its_facts_and_the_end_of_its_log() -> None:
    error = describe(Broken("The file ends early.", hint="Upload it again."))

    assert (error.code, error.message, error.hint) == ("broken_file", "The file ends early.", "Upload it again.")
    assert not error.retryable
    assert error.log_tail == "x" * LOG_TAIL_LIMIT


def test_an_error_of_ours_is_found_in_a_group() -> None:
    group = ExceptionGroup("parts", [KeyError("a"), ExceptionGroup("more", [Unavailable("The store is away.")])])

    assert describe(group).code == "unavailable"


@pytest.mark.parametrize("error", [KeyError("a secret"), PortableError(None), PortableError({"other": 1})])
def test_any_other_error_is_told_in_a_plain_sentence(error: Exception) -> None:
    facts = describe(error)

    assert facts.code == "internal_error"
    assert facts.retryable
    assert "secret" not in f"{facts.message} {facts.hint}"


def test_facts_survive_the_engines_record() -> None:
    error = Broken("The file ends early.", hint="Upload it again.")
    attach_facts(error)

    assert describe(PortableError(error.data)) == describe(Broken("The file ends early.", hint="Upload it again."))  # type: ignore[attr-defined]


def test_a_job_error_reads_back_as_it_was_written() -> None:
    error = JobError("code", "message", hint=None, retryable=True, log_tail="tail")

    assert JobError.from_dict(error.to_dict()) == error


@pytest.mark.parametrize(
    ("error", "again"),
    [(Unavailable("away"), True), (InvalidInput("no"), False), (TimeoutError(), False), (KeyError(), False)],
)
def test_only_an_error_that_says_so_is_tried_again(error: Exception, again: bool) -> None:
    assert is_retryable(error) is again
