"""The secret part of a share link: derived from its id, so that it can be shown again and is kept nowhere."""

from base64 import b32encode
from dataclasses import dataclass, field

from playhead.access.signed import Signer

LENGTH = 26
"""Characters of 5 bits: 130 bits that nobody can guess."""

_PURPOSE = "share"
_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghjkmnpqrstvwxyz")


@dataclass(frozen=True, slots=True)
class ShareToken:
    """A token, and the id of the signing key that gives it again."""

    key_id: str
    text: str = field(repr=False)


def token_of(signer: Signer, share_id: str, *, key_id: str | None = None) -> ShareToken | None:
    """Give the token of a share.

    Args:
        key_id: As the share's row has it; None for one that is being made.

    Returns:
        None when the key was rotated out: the link is good, but this server cannot show it any more.
    """
    derived = signer.derive(_PURPOSE, share_id, key_id=key_id)
    if derived is None:
        return None
    text = b32encode(derived.secret).decode().translate(_LETTERS)[:LENGTH]
    return ShareToken(derived.key_id, text)
