"""Responses as a server sends them: status, headers, gzip and chunks done right."""

from __future__ import annotations

import zlib
from random import Random

from nohaven.exercise.charset import encode
from nohaven.exercise.records import Page

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def page_response(page: Page, rng: Random) -> bytes:
    """A 200 answer with the page: three in ten gzipped, one in five chunked."""
    body = encode(page.html, page.charset)
    mime = "text/html" if page.label is None else f"text/html; charset={page.label}"
    headers = [f"Content-Type: {mime}"]
    if rng.random() < 0.3:
        headers.append("Content-Encoding: gzip")
        body = gzip_bytes(body)
    if rng.random() < 0.2:
        headers.append("Transfer-Encoding: chunked")
        body = chunked(body)
    else:
        headers.append(f"Content-Length: {len(body)}")
    return response("200 OK", headers, body)


def response(status: str, headers: list[str], body: bytes) -> bytes:
    """A whole HTTP/1.1 message."""
    head = "\r\n".join((f"HTTP/1.1 {status}", "Server: exweb/1.0", *headers))
    return head.encode("ascii") + b"\r\n\r\n" + body


def gzip_bytes(data: bytes) -> bytes:
    """One gzip member, without a time in it, so that the same bytes give the same bytes."""
    packer = zlib.compressobj(3, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def chunked(body: bytes) -> bytes:
    """The body in chunks of at most 4,096 bytes."""
    parts = (body[start : start + 4096] for start in range(0, len(body), 4096))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
