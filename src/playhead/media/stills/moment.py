"""Which picture is wanted: the one word that the process that asks and the one that decodes share."""

from typing import NamedTuple

ANY_KEYFRAME = float("-inf")


class Moment(NamedTuple):
    """Which picture is wanted, in seconds.

    Attributes:
        at_s: When it is shown.
        since_s: A keyframe shown no earlier than this will do, and is several times cheaper.
        for_s: How long to go on from there, for pictures in a row.
    """

    at_s: float
    since_s: float
    for_s: float = 0.0
