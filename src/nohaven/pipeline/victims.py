"""Hides the names, numbers and addresses of victims in rows about stolen personal data; the seller's words stay.

A record of a victim shows by its form: a name, a phone number or an address beside labels or separators that no advert
uses for itself. Channels that follow a contact word are the seller's and stay.
"""

from __future__ import annotations

import re

_LABELLED = re.compile(
    r"(?P<label>(?:姓名|名字|身份证号?|证件号|住址|地址|户籍|生日|出生|卡号|密码"
    r"|full name|name|address|addr|street|ssn|dob|passport(?: no)?|password|pin)\s*[:：=]\s*)"
    r"(?P<value>[^\s|,，;；]{1,40}(?: [^\s|,，;；:：]{1,20}){0,4}?)(?=\s*(?:[|,，;；]|$|\s))",
    re.IGNORECASE,
)
_RECORD = re.compile(r"[^\s|,;，；\t]{1,60}(?:\s?[|;\t]\s?[^\s|;\t]{1,60}(?: [^\s|;\t]{1,30}){0,5}){3,}")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_CONTACT_WORD = re.compile(
    r"(?:微信?|v信?|vx|wx|薇信?|徽信?|qq|扣扣?|q|电话|手机|联系|tel|phone|call|text|whatsapp|signal|tg|telegram|加)[^\d]{0,6}$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\w")


def mask_victims(text: str) -> str:
    """The text with victims' data overwritten by `*`, of equal length."""
    for pattern, group in ((_RECORD, 0), (_LABELLED, "value")):
        text = _hide(text, pattern, group)
    out = text
    for phone in _PHONE.finditer(text):
        if not _CONTACT_WORD.search(text, max(0, phone.start() - 16), phone.start()):
            out = out[: phone.start()] + "*" * (phone.end() - phone.start()) + out[phone.end() :]
    return out


def _hide(text: str, pattern: re.Pattern[str], group: int | str) -> str:
    """The text with the letters and digits of each match's group overwritten."""
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(text):
        start, end = match.span(group)
        pieces += [text[at:start], _LETTER.sub("*", text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])
