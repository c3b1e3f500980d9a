"""Time of a requested still: the one type that the server and the decoder process share."""

from typing import NamedTuple

ANY_KEYFRAME = float("-inf")


class StillTime(NamedTuple):
    """Time of a requested still, in seconds.

    Attributes:
        at_s: Time at which its frame is shown.
        since_s: Earliest time of a keyframe that will do in its place; it is several times cheaper.
        for_s: Length of the sequence from there, for an animation.
    """

    at_s: float
    since_s: float
    for_s: float = 0.0
