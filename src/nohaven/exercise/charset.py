"""How a page's text becomes bytes, and what the page says about it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Charset:
    """A codec and where it is named; a page may name it in the header, in a meta tag, in both or by a BOM."""

    codec: str
    header: str | None
    meta: str | None


UTF8 = Charset("utf-8", "utf-8", "utf-8")
UTF8_META = Charset("utf-8", None, "utf-8")
UTF8_HEADER = Charset("utf-8", "utf-8", None)
GB = Charset("gb18030", "gb2312", "gb2312")
GB_META = Charset("gb18030", None, "gb2312")
BIG5 = Charset("big5", "big5", "big5")
UTF16 = Charset("utf-16", None, None)
SHIFT_JIS = Charset("shift_jis", "shift_jis", "Shift_JIS")
CYRILLIC = Charset("cp1251", "windows-1251", "windows-1251")


def charset_for(language: str, rng: Random) -> Charset:
    """The charset of a site."""
    if language == "ja":
        return SHIFT_JIS
    if language == "ru":
        return CYRILLIC
    chance = rng.random()
    if language == "zh" and chance < 0.14:
        return GB if chance < 0.09 else GB_META
    if chance > 0.98:
        return UTF16
    return rng.choice((UTF8, UTF8, UTF8_META, UTF8_HEADER))


def encode(html: str, codec: str) -> bytes:
    """The bytes of a page; a character that the charset lacks becomes a character reference."""
    if codec == "utf-16":
        return b"\xff\xfe" + html.encode("utf-16-le")
    return html.encode(codec, "xmlcharrefreplace")
