"""Captures that are no pages: what a crawl holds besides, and how many of each there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

from nohaven.exercise.http import PNG, response
from nohaven.exercise.records import Page
from nohaven.exercise.warc import WarcDoor, payload_digest

REASONS = ("redirect", "error_status", "not_text", "revisit", "metadata", "request", "warcinfo", "repeat")
_SHARES = (("redirect", 30), ("error_status", 25), ("not_text", 20), ("revisit", 10), ("metadata", 20), ("repeat", 10))
_EVERY = 40  # pages from one round of all kinds to the next, so that the smallest world holds each


class LeftOut:
    """Adds captures that a sweep leaves out, and counts them by reason."""

    def __init__(self, door: WarcDoor, seed: int) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(REASONS, 0))
        self._door = door
        self._rng = Random(f"{seed}:left out")
        self._number = 0

    def warcinfo(self) -> None:
        """The first record of the file."""
        block = b"software: nohaven exercise\r\nformat: WARC File Format 1.1\r\n"
        self._door.write("warcinfo", block, "application/warc-fields", {"WARC-Filename": "exercise.warc.gz"})
        self.counts["warcinfo"] += 1

    def request(self, page: Page, response_id: str) -> None:
        """The request of a response, for one page in seven."""
        if self._rng.random() >= 1 / 7:
            return
        url = page.truth.url
        host, _, path = url.removeprefix("https://").partition("/")
        block = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: excrawl/1.0\r\n\r\n".encode()
        fields = {"WARC-Target-URI": url, "WARC-Concurrent-To": response_id}
        self._door.write("request", block, "application/http; msgtype=request", fields)
        self.counts["request"] += 1

    def after(self, page: Page, message: bytes, response_id: str) -> None:
        """What the crawler met next; every kind at least once in forty pages."""
        self._number += 1
        kinds = [kind for kind, share in _SHARES if self._rng.random() * 1000 < share]
        place = self._number % _EVERY
        if place < len(_SHARES):
            kinds = [_SHARES[place][0]]
        for kind in kinds:
            self._writers[kind](self, page, message, response_id)
            self.counts[kind] += 1

    def _redirect(self, page: Page, _message: bytes, _id: str) -> None:
        self._send(page, "301 Moved Permanently", [f"Location: {page.truth.url}", "Content-Type: text/html"], b"")

    def _error(self, page: Page, _message: bytes, _id: str) -> None:
        status = self._rng.choice(("404 Not Found", "404 Not Found", "500 Internal Server Error"))
        self._send(page, status, ["Content-Type: text/html"], f"<h1>{status}</h1>".encode())

    def _image(self, page: Page, _message: bytes, _id: str) -> None:
        self._send(page, "200 OK", ["Content-Type: image/png"], PNG)

    def _send(self, page: Page, status: str, headers: list[str], body: bytes) -> None:
        url = f"https://{page.truth.carrier}/x{self._number}/{status[:3]}"
        self._door.write_response(url, response(status, [*headers, f"Content-Length: {len(body)}"], body), page.ip)

    def _revisit(self, page: Page, message: bytes, response_id: str) -> None:
        fields = {
            "WARC-Target-URI": page.truth.url,
            "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            "WARC-Refers-To": response_id,
            "WARC-Payload-Digest": payload_digest(message),
        }
        head = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self._door.write("revisit", head, "application/http; msgtype=response", fields)

    def _metadata(self, page: Page, _message: bytes, response_id: str) -> None:
        fields = {"WARC-Target-URI": page.truth.url, "WARC-Refers-To": response_id}
        self._door.write("metadata", b"fetchTimeMs: 214\r\n", "application/warc-fields", fields)

    def _repeat(self, page: Page, message: bytes, _id: str) -> None:
        self._door.write_response(page.truth.url, message, page.ip)

    _writers: dict[str, Callable[[LeftOut, Page, bytes, str], None]] = {  # noqa: RUF012 - never changed
        "redirect": _redirect,
        "error_status": _error,
        "not_text": _image,
        "revisit": _revisit,
        "metadata": _metadata,
        "repeat": _repeat,
    }
