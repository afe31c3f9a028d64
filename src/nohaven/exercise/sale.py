"""What a seller says, in pieces that a shop, a post, a message or an injected block puts together."""

from __future__ import annotations

from random import Random

from nohaven.exercise.disguise import CODED_CONTACT, DISGUISES, IN_LANGUAGE, hide_all
from nohaven.exercise.phrases import Texts, Voice
from nohaven.exercise.records import Operator

DISGUISED_SHARE = 0.34
_KINDS = ("telegram", "wechat", "qq", "phone", "mail")
_SHARE = {"en": (6, 1, 0, 3, 3), "zh": (3, 6, 4, 2, 1)}  # how often sellers name each channel


class Sale:
    """One operator's talk about one category, disguised alike throughout."""

    def __init__(self, operator: Operator, category: str, texts: Texts, rng: Random, name: str) -> None:
        self.operator = operator
        self.category = category
        self._rng = rng
        voice = texts.voice(operator.language, ("sales", category), rng)
        voice = voice.bind({**operator.channels.words(), "shopname": name})
        self.disguises: tuple[str, ...] = self._choose()
        self.voice = voice.bind(self._goods(voice))

    def _choose(self) -> tuple[str, ...]:
        if self._rng.random() >= DISGUISED_SHARE:
            return ()
        known = IN_LANGUAGE[self.operator.language]
        chosen = self._rng.sample((*known, CODED_CONTACT), 2 if self._rng.random() < 0.25 else 1)
        if "entities" in chosen:  # nothing can be hidden inside a character reference
            chosen = ["entities"]
        return tuple(name for name in (*known, CODED_CONTACT) if name in chosen)

    def _goods(self, voice: Voice) -> dict[str, list[str]]:
        goods = voice.words("goods")
        self._rng.shuffle(goods)
        plain = frozenset(goods)
        used = []
        for name in self.disguises:
            if name == CODED_CONTACT:
                used.append(name)
                continue
            goods, changed = hide_all(goods, name, self._rng)
            if changed:
                used.append(name)
        self.disguises = tuple(used)
        self._hidden = frozenset(goods) - plain
        third = max(2, len(goods) // 3)
        return {"goods": goods[:third], "goods2": goods[third : 2 * third], "goods3": goods[2 * third :]}

    def say(self, key: str) -> str:
        """One phrase of the seller."""
        return self._worn(self.voice.say(key))

    def several(self, key: str, count: int) -> list[str]:
        """Several different phrases."""
        return [self._worn(phrase) for phrase in self.voice.several(key, count)]

    def _worn(self, phrase: str) -> str:
        for name in self.disguises:
            if name == "traditional":
                phrase = DISGUISES[name](phrase, self._rng)
        return phrase

    def goods(self, count: int) -> list[str]:
        """Names of goods, as the seller spells them."""
        named = [*self.voice.words("goods"), *self.voice.words("goods2"), *self.voice.words("goods3")]
        return named[:count]

    def contact(self, count: int = 1) -> list[str]:
        """How to reach the seller, over `count` different channels."""
        usable = [kind for kind in _KINDS if self.voice.has(f"contact_{kind}") and self._has(kind)]
        share = dict(zip(_KINDS, _SHARE[self.operator.language], strict=True))
        first = self._rng.choices(usable, [share[kind] for kind in usable])[0]
        rest = self._rng.sample([kind for kind in usable if kind != first], min(count - 1, len(usable) - 1))
        coded = CODED_CONTACT in self.disguises
        return [self._worn(self.voice.say(f"{'coded' if coded else 'contact'}_{kind}")) for kind in (first, *rest)]

    def _has(self, kind: str) -> bool:
        return kind != "qq" or self.operator.channels.qq is not None

    def disguises_on(self, body: str) -> tuple[str, ...]:
        """The disguises that this page really wears: it names hidden goods, or shows a channel by a coded word."""
        goods = any(name in body for name in self._hidden)
        reached = any(value in body for value in self.operator.channels.words().values())
        return tuple(name for name in self.disguises if (reached if name == CODED_CONTACT else goods))

    def stance_line(self, stance: str, seller: str) -> str:
        """A line that wants the goods (`demand`) or praises who sold them (`vouch`)."""
        return self._worn(self.voice.bind({"seller": seller}).say(stance))
