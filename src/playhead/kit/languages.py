"""Language tags (BCP 47, RFC 5646), their names, and the three letters that MP4 and Matroska have for them."""

import re
from typing import Final

from playhead.kit.names import NO_LANGUAGE, language_name

UNDETERMINED: Final = "und"

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)
_LETTERS: Final = {
    **{"ar": "ara", "zh": "zho", "cs": "ces", "da": "dan", "nl": "nld", "en": "eng", "fi": "fin", "fr": "fra"},
    **{"de": "deu", "el": "ell", "he": "heb", "hi": "hin", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor"},
    **{"no": "nor", "nb": "nob", "nn": "nno", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "es": "spa"},
    **{"sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "bg": "bul", "hr": "hrv", "ca": "cat"},
    **{"et": "est", "fa": "fas", "id": "ind", "lt": "lit", "lv": "lav", "ms": "msa", "sk": "slk", "sl": "slv"},
    **{"sr": "srp", "bn": "ben", "ta": "tam", "te": "tel", "ur": "urd", "is": "isl", "ga": "gle", "cy": "cym"},
}
_BIBLIOGRAPHIC: Final = {
    **{"chi": "zh", "cze": "cs", "dut": "nl", "fre": "fr", "ger": "de", "gre": "el", "rum": "ro", "per": "fa"},
    **{"slo": "sk", "may": "ms", "ice": "is", "wel": "cy"},
}
_SHORT: Final = {three: two for two, three in _LETTERS.items()} | _BIBLIOGRAPHIC


def read_tag(text: str) -> str | None:
    """A tag in its usual case, with two letters where there are two: ``en-US`` for ``ENG-us``; None for no tag."""
    text = text.strip().replace("_", "-")
    if _TAG.fullmatch(text) is None:
        return None
    first, *rest = text.lower().split("-")
    if first in NO_LANGUAGE:
        return UNDETERMINED
    return "-".join([_SHORT.get(first, first), *(_cased(part) for part in rest)])


def three_letters(tag: str) -> str:
    """ISO 639-2/T code of a tag, ``und`` where none is known, as in the header of an MP4 track."""
    first = tag.partition("-")[0].lower()
    return _LETTERS.get(first, first if re.fullmatch("[a-z]{3}", first) else UNDETERMINED)


def tag_name(tag: str) -> str:
    """``English (US)`` for ``en-US``; a tag without a known name stays as it is, an undetermined one is empty."""
    first, _, rest = tag.partition("-")
    name = language_name(three_letters(first))
    if name in ("", three_letters(first)):
        return "" if tag == UNDETERMINED else tag
    return f"{name} ({rest})" if rest else name


def _cased(part: str) -> str:
    return part.upper() if len(part) == 2 else part.capitalize() if len(part) == 4 and part.isalpha() else part
