"""Keys of providers as they are kept: encrypted by a key that is derived from the installation's secrets.

A copy of the database alone tells nobody a key. Where the secrets changed, the key has to be entered again.
"""

from base64 import urlsafe_b64encode

from playhead.access.signed import Signer
from playhead.generate.errors import ProviderNotConfigured

_PURPOSE = "provider-key"


def encrypt(signer: Signer, provider: str, text: str) -> str:
    """Encrypt a secret of a provider; it is read for this provider alone."""
    from cryptography.fernet import Fernet

    derived = signer.derive(_PURPOSE, provider)
    assert derived is not None  # the current key is always there
    return f"{derived.key_id}:{Fernet(urlsafe_b64encode(derived.secret)).encrypt(text.encode()).decode()}"


def decrypt(signer: Signer, provider: str, kept: str) -> str:
    """Read what `encrypt` made.

    Raises:
        ProviderNotConfigured: it cannot be read, as the installation's secrets are not those of then.
    """
    from cryptography.fernet import Fernet, InvalidToken

    key_id, _, token = kept.partition(":")
    derived = signer.derive(_PURPOSE, provider, key_id=key_id)
    try:
        if derived is None:
            raise InvalidToken
        return Fernet(urlsafe_b64encode(derived.secret)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise ProviderNotConfigured(
            f"The kept key of {provider} cannot be read: the secrets of this installation have changed since.",
            hint="Enter the key again.",
            code="provider_key_unreadable",
            title="The provider's key cannot be read",
        ) from None
