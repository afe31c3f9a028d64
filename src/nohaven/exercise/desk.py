"""Where a site's pages are written: its own random source, texts, look and channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from nohaven.exercise.charset import BIG5, Charset
from nohaven.exercise.operators import made_up_wallet, us_phone
from nohaven.exercise.phrases import Texts, Voice
from nohaven.exercise.planted import plant
from nohaven.exercise.records import MentionKind, OfferTruth, Page, PageTruth, Planted, Site
from nohaven.exercise.shell import Document, Shell

PLANTED_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Draft:
    """What a genre says of one page before it gets its shell."""

    path: str  # begins with a slash; unique in the site
    kind: str
    document: Document
    offers: tuple[OfferTruth, ...] = ()
    site: str | None = ""  # "" stands for the host
    mention: MentionKind | None = None
    disguises: tuple[str, ...] = ()
    plain: bool = False  # nothing may be planted on it
    reserved: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a genre needs to write the pages of one site."""

    site: Site
    rng: Random
    texts: Texts
    shell: Shell
    charset: Charset
    length: int  # how many pages the site shows

    def voice(self, *tables: str) -> Voice:
        """A voice in the site's language that has channels, a name and no illicit trade."""
        voice = self.texts.voice(self.site.language, tables, self.rng)
        return voice.bind(self.channels() | {"handle": f"ex_{self.rng.choice(_WORDS)}{self.rng.randrange(1000)}"})

    def channels(self) -> dict[str, str | Sequence[str]]:
        """Slots for channels: the operator's, or those of an innocent site, made from its number."""
        if self.site.operator is not None:
            return dict(self.site.operator.channels.words())
        index = self.site.index
        return {
            "telegram": f"ex_site{index}",
            "wechat": f"exshop_{index}",
            "phone": us_phone(301 + index // 100 % 600, index % 100),
            "mail": f"office@{self.site.host}",
            "wallet": made_up_wallet(self.rng),
        }

    def page(self, draft: Draft) -> Page:
        """The finished page: shell, planted numbers, truth."""
        planted, document = self._planted(draft)
        site, operator = self.site, self.site.operator
        truth = PageTruth(
            url=f"https://{self.shell.address}{draft.path}",
            site=site.host if draft.site == "" else draft.site,
            carrier=site.host,
            page_kind=draft.kind,
            language=site.language,
            operator=operator.name if operator is not None and draft.offers else None,
            offers=draft.offers,
            mention=draft.mention,
            disguises=draft.disguises if draft.offers else (),
            planted=planted,
            reserved=draft.reserved,
        )
        charset = BIG5 if "traditional" in draft.disguises and self.rng.random() < 0.5 else self.charset
        html = self.shell.render(document, truth.url, charset.meta, self.rng)
        return Page(truth, html, charset.codec, charset.header, site.ip)

    def _planted(self, draft: Draft) -> tuple[Planted, Document]:
        document = draft.document
        if draft.plain or self.rng.random() >= PLANTED_SHARE:
            return Planted(), document
        planted, shown = plant(self.rng)
        body = document.body + "".join(fragment for place, fragment in shown.items() if place != "title")
        document = replace(document, title=document.title + shown.get("title", ""), body=body)
        return planted, document


_WORDS = ("pebble", "walnut", "gull", "cedar", "ember", "finch")
