"""Words as searches compare them: without case, accents and width; no stemming, so `agent` is not `agents`.

Scripts that put no spaces between words are taken character by character.
"""

import re
import unicodedata
from collections.abc import Iterable

WORD_MAX = 40
"""Longer ones are cut, on both sides alike."""

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def folded(text: str) -> str:
    """The text as it is compared."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def words(text: str) -> list[str]:
    """The distinct words of a text, in their order."""
    return list(dict.fromkeys(word[:WORD_MAX] for word in _WORD.findall(folded(text))))


def label(text: str) -> str:
    """A skill's or language's name as it is compared."""
    return " ".join(folded(text).split())


def language_tags(tag: str) -> tuple[str, ...]:
    """What somebody may ask for to find a language: `en-US` is found by `en-us` and by `en`."""
    whole = label(tag)
    return tuple(dict.fromkeys((whole, whole.partition("-")[0])))


def speaks(spoken: Iterable[str], wanted: str) -> bool:
    """Whether one of these tags is the wanted language; `en` speaks `en-US`, and the reverse."""
    asked = set(language_tags(wanted))
    return any(label(tag) in asked or language_tags(tag)[-1] == label(wanted) for tag in spoken)
