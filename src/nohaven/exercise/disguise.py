"""How sellers hide words from filters. Each disguise takes a phrase and gives it hidden, or as it was if it cannot."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from nohaven.exercise.traditional import to_traditional

Disguise = Callable[[str, Random], str]

_SPLIT = str.maketrans({
    "枪": "木仓", "证": "讠正", "赌": "贝者", "冰": "冫水", "银": "钅艮", "卡": "上卜", "洗": "氵先", "料": "米斗",
    "码": "石马", "货": "化贝", "弹": "弓单", "博": "十尃", "假": "亻叚", "贷": "代贝", "粉": "米分", "药": "艹约",
    "票": "覀示", "听": "口斤", "骗": "马扁", "偷": "亻俞", "信": "亻言", "彩": "采彡", "群": "君羊", "仿": "亻方",
    "服": "月艮", "数": "娄攵", "攻": "工攵", "孕": "乃子", "牙": "工丿", "账": "贝长", "财": "贝才", "讨": "讠寸",
})  # fmt: skip
_LEET = str.maketrans("aeiosAEIOS", "4310543105")
_CYRILLIC = str.maketrans("aeopcxyAEOPCXBHKM", "аеорсхуАЕОРСХВНКМ")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code) not in "&;<>\"'"}
_ENCLOSED = {ord("a") + n: 0x24D0 + n for n in range(26)} | {ord("A") + n: 0x24B6 + n for n in range(26)}
_ENCLOSED |= {ord("1") + n: 0x2460 + n for n in range(9)}
_EMOJI = ("🔥", "⭐", "✅", "💎", "🍀")


def _between(joint: Callable[[Random], str]) -> Disguise:
    def hide(text: str, rng: Random) -> str:
        if text.isascii():
            return " ".join(
                joint(rng).join(word) if len(word) < 9 else _once(word, joint(rng)) for word in text.split()
            )
        return joint(rng).join(text)

    return hide


def _once(word: str, joint: str) -> str:
    return word[: len(word) // 2] + joint + word[len(word) // 2 :]


def _zero_width(text: str, rng: Random) -> str:
    mark = rng.choice(("\u200b", "\u200c", "\u2060"))
    return " ".join(_once(word, mark) for word in text.split(" "))


def _emoji(text: str, rng: Random) -> str:
    return " ".join(_once(word, rng.choice(_EMOJI)) if len(word) > 1 else word for word in text.split(" "))


def _some_letters(table: dict[int, int]) -> Disguise:
    def hide(text: str, rng: Random) -> str:
        return "".join(one.translate(table) if rng.random() < 0.6 else one for one in text)

    return hide


def _entities(text: str, rng: Random) -> str:
    form = rng.choice(("&#{};", "&#x{:x};"))
    return "".join(one if one == " " else form.format(ord(one)) for one in text)


DISGUISES: dict[str, Disguise] = {
    "full_width": lambda text, _rng: text.translate(_FULL_WIDTH),
    "enclosed": lambda text, _rng: text.translate(_ENCLOSED),
    "zero_width": _zero_width,
    "spaced": _between(lambda _rng: " "),
    "emoji": _emoji,
    "entities": _entities,
    "split": lambda text, _rng: text.translate(_SPLIT),
    "leet": _some_letters(_LEET),
    "cyrillic": _some_letters(_CYRILLIC),
    "traditional": lambda text, _rng: to_traditional(text),
}
IN_LANGUAGE = {
    "en": ("full_width", "enclosed", "zero_width", "spaced", "emoji", "entities", "leet", "cyrillic"),
    "zh": ("full_width", "zero_width", "spaced", "emoji", "entities", "split", "traditional"),
}
CODED_CONTACT = "coded_contact"  # not a disguise of letters: another word for the channel


def hide_all(phrases: list[str], name: str, rng: Random) -> tuple[list[str], bool]:
    """The phrases under one disguise, and whether any of them changed."""
    hidden = [DISGUISES[name](phrase, rng) for phrase in phrases]
    return hidden, hidden != phrases
