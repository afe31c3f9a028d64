"""The look of a site: head, navigation, styles, scripts and trackers around what a page says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from random import Random

from nohaven.exercise.records import Site


@dataclass(frozen=True, slots=True)
class Document:
    """What one page says. Texts are HTML already: the tables hold no markup characters."""

    title: str
    body: str
    description: str = ""
    schema: str = ""  # JSON-LD type: Article, Product ...; "" for none
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """The template of one site."""

    site: Site
    address: str  # the host with or without `www.`
    name: str
    nav: tuple[str, ...]
    footer: str
    filler: tuple[str, ...]
    layout: int
    style: int
    tracker: bool

    def render(self, document: Document, url: str, meta_charset: str | None, rng: Random) -> str:
        """The whole page as text."""
        head = "\n".join(self._head(document, url, meta_charset))
        body = _LAYOUTS[self.layout % len(_LAYOUTS)].format(
            name=self.name, nav=self._nav(), body=document.body, footer=self.footer, aside=self._aside(document, rng)
        )
        end = f"<script>{_script(self.style)}</script>" if self.style % 3 else ""
        return f'<!DOCTYPE html>\n<html lang="{self.site.language}">\n<head>\n{head}\n</head>\n{body}{end}\n</html>\n'

    def _head(self, document: Document, url: str, meta_charset: str | None) -> list[str]:
        lines = [f'<meta charset="{meta_charset}">'] if meta_charset is not None else []
        lines.append(f"<title>{document.title}</title>")
        if document.description:
            lines.append(f'<meta name="description" content="{document.description}">')
        if self.style % 2:
            lines.append(f'<meta property="og:title" content="{document.title}">')
            lines.append(f'<meta property="og:url" content="{url}">')
        lines.append('<meta name="viewport" content="width=device-width, initial-scale=1">')
        lines.append(f"<style>{_stylesheet(self.style)}</style>")
        if document.schema:
            lines.append(f'<script type="application/ld+json">{self._schema(document, url)}</script>')
        if self.tracker:
            lines.append(_TRACKER.replace("TRACKER", self.site.tracker))
        return lines

    def _schema(self, document: Document, url: str) -> str:
        said = {"@context": "https://schema.example", "@type": document.schema, "url": url, "publisher": self.name}
        return json.dumps(said, ensure_ascii=False)

    def _nav(self) -> str:
        return "".join(f'<li><a href="/n{place}/">{label}</a></li>' for place, label in enumerate(self.nav))

    def _aside(self, document: Document, rng: Random) -> str:
        count = 2 + int(rng.random() * 6)
        links = "".join(f'<li><a href="/r/{int(rng.random() * 9000)}">{self.filler[n % len(self.filler)]}</a></li>'
                        for n in range(count))  # fmt: skip
        return f"{document.aside}<ul class='rel'>{links}</ul>"


_TRACKER = (
    '<script async src="https://stats.example/tag.js?id=TRACKER"></script>\n<script>window.dl=window.dl||[];'
    "function tag(){dl.push(arguments)}tag('js',0);tag('config','TRACKER');</script>"
)

_LAYOUTS = (
    "<body>\n<header><h2>{name}</h2><nav><ul>{nav}</ul></nav></header>\n<main>{body}</main>\n"
    "<aside>{aside}</aside>\n<footer><p>{footer}</p></footer>\n</body>",
    '<body class="home">\n<div id="top"><div class="logo"><a href="/">{name}</a></div>'
    '<ul class="menu">{nav}</ul></div>\n'
    '<div id="wrap"><div class="content">{body}</div><div class="side">{aside}</div></div>\n'
    '<div id="foot">{footer}</div>\n</body>',
    '<body bgcolor="#ffffff">\n<table width="100%"><tr><td colspan="2"><b>{name}</b></td></tr>\n'
    '<tr><td valign="top" width="180"><ul>{nav}</ul>{aside}</td><td valign="top">{body}</td></tr>\n'
    '<tr><td colspan="2"><small>{footer}</small></td></tr></table>\n</body>',
    '<body>\n<div class="container-fluid"><div class="navbar navbar-expand"><span class="navbar-brand">{name}</span>'
    '<ul class="navbar-nav">{nav}</ul></div><div class="row"><div class="col-md-9">{body}</div>'
    '<div class="col-md-3">{aside}</div></div></div>\n<footer class="py-4">{footer}</footer>\n</body>',
    '<body class="page-template">\n<a class="skip" href="#c">&#8595;</a><div class="hfeed">'
    '<div class="site-title">{name}</div><article id="c" class="hentry">'
    '<div class="entry-content">{body}</div></article>'
    '<div class="widget-area">{aside}</div><div class="menu-wrap"><ul>{nav}</ul></div>'
    '<p class="site-info">{footer}</p></div>\n</body>',
)


@cache
def _stylesheet(style: int) -> str:
    rng = Random(style)
    names = (
        "card",
        "row",
        "btn",
        "menu",
        "hero",
        "grid",
        "note",
        "list",
        "price",
        "tag",
        "meta",
        "foot",
        "side",
        "box",
    )
    rules = (
        f".{rng.choice(names)}-{n}{{margin:{rng.randrange(40)}px;padding:{rng.randrange(24)}px;"
        f"color:#{rng.randrange(4096):03x};font-size:{rng.randrange(11, 30)}px}}"
        for n in range(rng.choice((30, 30, 60, 60, 120, 260, 450)))
    )
    return "body{font-family:sans-serif}" + "".join(rules)


@cache
def _script(style: int) -> str:
    rng = Random(-style)
    parts = (
        f"function f{n}(e){{var a=document.getElementById('x{rng.randrange(99)}');"
        f"if(a){{a.className='c{n}'}}return e+{n}}}"
        for n in range(rng.choice((4, 12, 40)))
    )
    return "".join(parts) + "document.addEventListener('DOMContentLoaded',f0);"
