"""How many files and connections this process may hold open."""

import resource

import structlog

log = structlog.get_logger(__name__)

WANTED = 1 << 18
"""For a hundred thousand connections; a descriptor that is not used costs nothing."""

ENOUGH = 4096
"""Below it, a busy evening ends in refused connections."""

RESERVED = 200
"""For the database, the log, the worker's pipe and the like."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit as far as the hard one lets us; gives what it is now.

    Logs a warning that says what to do where that is little.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError) as error:  # macOS has a limit of its own beside the hard one
            log.warning("descriptor_limit_not_raised", limit=soft, error=str(error))
    if soft != resource.RLIM_INFINITY and soft < ENOUGH:
        log.warning(
            "low_descriptor_limit_found",
            limit=soft,
            hint=f"At most {connections_for(soft)} connections can be served. Raise it before the start: ulimit -n "
            "65536, LimitNOFILE=65536 for systemd, --ulimit nofile=65536 for a container.",
        )
    return WANTED if soft == resource.RLIM_INFINITY else soft


def connections_for(descriptors: int) -> int:
    """How many connections fit: each needs two descriptors while it takes a file."""
    return max(16, (descriptors - RESERVED) // 2)
