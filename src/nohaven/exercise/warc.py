"""The WARC door: one gzip member a record, ids and times that depend on the seed and the place alone."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from nohaven.exercise.http import gzip_bytes

_START = datetime(2026, 3, 1, tzinfo=UTC)
_STEP = timedelta(seconds=7)


class WarcDoor:
    """Writes records to an open file; the caller opens and closes it."""

    def __init__(self, out: BinaryIO, seed: int) -> None:
        self._out = out
        self._seed = seed
        self._count = 0

    def write(self, kind: str, block: bytes, mime: str, fields: dict[str, str]) -> str:
        """Append one record of that WARC type and give its id."""
        record_id = self._next_id()
        lines = {
            "WARC-Type": kind,
            "WARC-Record-ID": record_id,
            "WARC-Date": f"{_START + self._count * _STEP:%Y-%m-%dT%H:%M:%SZ}",
            **fields,
            "WARC-Block-Digest": digest(block),
            "Content-Type": mime,
            "Content-Length": str(len(block)),
        }
        head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
        self._out.write(gzip_bytes(head.encode() + block + b"\r\n\r\n"))
        return record_id

    def write_response(self, url: str, message: bytes, ip: str) -> str:
        """Append a response with the digest of its payload as sent."""
        fields = {"WARC-Target-URI": url, "WARC-IP-Address": ip, "WARC-Payload-Digest": payload_digest(message)}
        return self.write("response", message, "application/http; msgtype=response", fields)

    def _next_id(self) -> str:
        self._count += 1
        seen = hashlib.sha256(f"{self._seed}:record:{self._count}".encode()).hexdigest()
        return f"<urn:uuid:{seen[:8]}-{seen[8:12]}-5{seen[13:16]}-8{seen[17:20]}-{seen[20:32]}>"


def digest(data: bytes) -> str:
    """A WARC digest: SHA-1 in base 32, as crawlers write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def payload_digest(message: bytes) -> str:
    """The digest of an HTTP message's body as it was sent."""
    return digest(message.partition(b"\r\n\r\n")[2])
