"""Emails and names: simple checks, and one canonical form."""

import unicodedata

from playhead.errors import InvalidInput

MAX_EMAIL = 254
"""Length limit of an address in SMTP (RFC 5321 section 4.5.3.1.3, less the brackets)."""

MAX_NAME = 100


def normalise_email(text: str) -> str:
    """Canonical form of an address: NFC, lower case, trimmed.

    Only mail can prove an address; this refuses what certainly is not one.

    Raises:
        InvalidInput: empty, too long, not one @ with something on both sides, or with blanks or control characters.
    """
    email = unicodedata.normalize("NFC", text.strip()).lower()
    local, at, domain = email.partition("@")
    if not (local and at and domain) or "@" in domain:
        raise _invalid_email("An email address has one @ with something on both sides.")
    if len(email) > MAX_EMAIL:
        raise _invalid_email(f"The email address has {len(email)} characters; at most {MAX_EMAIL} can be used.")
    if any(char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in email):
        raise _invalid_email("The email address holds blanks or control characters.")
    return email


def clean_name(text: str) -> str:
    """Trimmed form of a name; letters of every script and emoji are allowed.

    Raises:
        InvalidInput: empty, over 100 characters, or with control characters.
    """
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= MAX_NAME:
        raise _invalid_name(f"The name has {len(name)} characters; it needs 1 to {MAX_NAME}.")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name):
        raise _invalid_name("The name holds line breaks or control characters.")
    return name


def _invalid_email(detail: str) -> InvalidInput:
    return InvalidInput(detail, code="invalid_email", title="This is not an email address")


def _invalid_name(detail: str) -> InvalidInput:
    return InvalidInput(detail, code="invalid_name", title="This name cannot be used")
