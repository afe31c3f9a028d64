"""The nouns of the exercise: Operator, Site, Page and what is true of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh", "ja", "ru"]
MentionKind = Literal["report", "legal", "education", "help", "fiction", "licensed"]


@dataclass(frozen=True, slots=True)
class Channels:
    """How to reach somebody; all made up, from ranges that nobody can own."""

    telegram: str
    wechat: str
    phone: str  # from the ranges kept for fiction: +44 7700 900xxx and US 555-01xx
    mail: str
    wallet: str  # the alphabet of a bitcoin address with a checksum that fails
    qq: str | None  # 10 digits from 1000000000; None once the thousand fictional ones are used up

    def words(self) -> dict[str, str]:
        """Each channel under the slot name that the texts use; QQ left out where there is none."""
        named = {
            "telegram": self.telegram,
            "wechat": self.wechat,
            "phone": self.phone,
            "mail": self.mail,
            "wallet": self.wallet,
        }
        return named if self.qq is None else {**named, "qq": self.qq}


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs several sites with the same channels."""

    name: str  # "op-017"
    language: Language
    categories: tuple[str, ...]  # main trade first
    channels: Channels
    tracker: str  # a fictional GA4 id, shared by the operator's shops


@dataclass(frozen=True, slots=True)
class Site:
    """One host of the world, or the part of a shared host that one visit to it shows."""

    index: int  # unique in its world
    host: str  # under .example, .test or .invalid
    language: Language
    operator: Operator | None  # None for all that sells nothing illicit
    tracker: str
    ip: str  # from the blocks kept for documentation


@dataclass(frozen=True, slots=True)
class OfferTruth:
    """An offer that a page makes."""

    category: str
    stance: str  # offer, demand, recruit or vouch
    seller: str | None  # the seller's site: a shop's domain or `host/account`; None where no account shows


@dataclass(frozen=True, slots=True)
class Planted:
    """Card numbers and resident ids put on a page, as bare digits (and X)."""

    cards: tuple[str, ...] = ()
    resident_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageTruth:
    """What a finder should say of a page."""

    url: str
    site: str | None  # the seller's site, or the host where nothing is sold; None: a seller without an account
    carrier: str
    page_kind: str
    language: Language
    operator: str | None
    offers: tuple[OfferTruth, ...] = ()
    mention: MentionKind | None = None
    disguises: tuple[str, ...] = ()
    planted: Planted = Planted()
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page, ready for any door (a WARC now; mail, messages and files later)."""

    truth: PageTruth
    html: str
    charset: str  # a Python codec name
    label: str | None  # what the page calls its charset; None: says nothing (UTF-16 shows a byte order mark)
    ip: str
