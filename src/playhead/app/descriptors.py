"""Limit on open files and connections of this process."""

import resource

import structlog

log = structlog.get_logger(__name__)

WANTED = 1 << 18
"""Descriptors for a hundred thousand connections; an unused one costs nothing."""

ENOUGH = 4096
"""Limit below which a warning is logged: a busy evening would end in refused connections."""

RESERVED = 200
"""Descriptors for the database, the log, the worker's pipe and the like."""


def raise_descriptor_limit() -> int:
    """Raise the soft limit as far as the hard one allows, and return it.

    Logs a warning with the remedy when that is too low.
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
    """Number of connections that fit: each needs two descriptors while it receives a file."""
    return max(16, (descriptors - RESERVED) // 2)
