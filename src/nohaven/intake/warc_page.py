"""From a WARC record to a capture, or to the reason why it makes none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nohaven.intake.address import address
from nohaven.intake.body import Body, Refusal, http_body, plain_body
from nohaven.intake.http_head import HttpHead, http_head, is_http
from nohaven.intake.media import charset, essence, magic, page_type, sniff
from nohaven.intake.moment import moment
from nohaven.intake.warc_head import OTHER_KINDS, PAGE_KINDS, WarcHead
from nohaven.records.capture import Bounds, Capture, LeftOut

_IP = re.compile(r"[0-9A-Fa-f.:]{2,45}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies."""

    input: str
    offset: int
    length: int  # 0 where it cannot be said


@dataclass(frozen=True, slots=True)
class Content:
    """What a record turned out to hold: a page."""

    body: Body
    mime: str
    charset: str | None
    status: int | None = None
    http_head: bytes = b""


def target(head: WarcHead) -> str:
    """The URL of a record; some crawlers put it in angle brackets, as WARC 1.0 shows it."""
    url = head.url
    return address(url[1:-1] if url.startswith("<") and url.endswith(">") else url)


def content(head: WarcHead, first: bytes, rest: Iterable[bytes], bounds: Bounds) -> Content | Refusal:
    """What a record holds. `first` is its block up to where its HTTP head must have ended, `rest` what follows."""
    if head.kind in OTHER_KINDS:
        return Refusal(head.kind)
    if head.kind not in PAGE_KINDS:
        return Refusal("unknown_record", head.kind[:80] or None)
    url = target(head)
    if not url:
        return Refusal("no_url")
    if head.kind == "response":
        if not url[:8].lower().startswith(("http://", "https://")):
            return Refusal("not_http", url.partition(":")[0][:80])
        return _response(first, rest, bounds)
    return _resource(head, first, rest, bounds)


def place_content(found: Content | Refusal, head: WarcHead, place: Place, truncated: bool) -> Capture | LeftOut:
    """The row for what a record holds. `truncated`: the record ended early, which its body cannot know."""
    url = target(head)
    if isinstance(found, Refusal):
        return LeftOut(place.input, place.offset, found.reason, url or None, found.detail)
    return Capture(
        url=url,
        payload=found.body.payload,
        payload_sha256=found.body.sha256,
        mime=found.mime,
        input=place.input,
        offset=place.offset,
        length=place.length,
        captured_at=moment(head.date),
        http_status=found.status,
        ip=head.ip if head.ip and _IP.fullmatch(head.ip) else None,
        charset=found.charset,
        record_id=head.record_id,
        head=found.http_head,
        truncated=found.body.truncated or head.cut_by_crawler or truncated,
    )


def _response(first: bytes, rest: Iterable[bytes], bounds: Bounds) -> Content | Refusal:
    if not first:
        return Refusal("empty")
    if not is_http(first):
        return Refusal("not_http", "no HTTP status line")
    head = http_head(first, bounds.max_header_bytes)
    if head is None:
        return Refusal("header_too_long", f"over {bounds.max_header_bytes} bytes")
    refusal = _status_refusal(head) or _type_refusal(head.content_type)
    if refusal:
        return refusal
    body = http_body(first[head.end :], rest, head, bounds)
    if isinstance(body, Refusal):
        return body
    return _page(body, head.content_type, head.status, first[: head.end])


def _status_refusal(head: HttpHead) -> Refusal | None:
    status = head.status
    if status is None or 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Refusal("redirect", address(head.location) if head.location else None)
    return Refusal("error_status", str(status))


def _resource(head: WarcHead, first: bytes, rest: Iterable[bytes], bounds: Bounds) -> Content | Refusal:
    refusal = _type_refusal(head.content_type)
    if refusal:
        return refusal
    return _page(plain_body(first, rest, bounds.max_page_bytes), head.content_type)


def _type_refusal(content_type: str) -> Refusal | None:
    mime = essence(content_type)
    return Refusal("not_text", mime) if mime and not page_type(mime) else None


def _page(body: Body, content_type: str, status: int | None = None, http_head: bytes = b"") -> Content | Refusal:
    """The page in a body, whose type the header names or the first bytes tell."""
    payload = body.payload
    if not payload or payload.isspace():
        return Refusal("empty")
    mime = page_type(essence(content_type) or "") or sniff(payload)
    binary = magic(payload)
    if mime is None or binary:
        return Refusal("not_text", f"{binary or 'binary'} by its first bytes")
    return Content(body, mime, charset(content_type), status, http_head)
