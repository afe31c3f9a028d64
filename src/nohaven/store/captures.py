"""Copies of captures as WARC records, so that evidence outlives the input; card and resident numbers overwritten."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord

from nohaven.records.capture import Capture
from nohaven.values.masking import mask_markup

ORIGINAL = "Nohaven-Original-Payload-SHA256"
CAPTURES = "captures.warc.gz"  # of one unit
_LEVEL = 3  # a tenth larger than the usual 6, in half its time
# What no longer holds of a payload that was decoded and masked.
_STALE = re.compile(
    rb"^(?:content-encoding|transfer-encoding|content-length|set-cookie|content-md5|digest):", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class CaptureWriter:
    """Appends records, a gzip member each, to a file that only its owner reads. Makes the file at the first record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def write(self, capture: Capture, charset: str) -> None:
        """Copy a capture. `charset`: how its payload was read, so that numbers are found in it."""
        member = gzip.compress(_record(capture, charset), _LEVEL, mtime=0)
        self.write_member(member)

    def write_member(self, member: bytes) -> None:
        """Append a record that is compressed already."""
        if self._file is None:
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._file.write(member)

    def close(self) -> None:
        """Write out what is left."""
        if self._file is not None:
            self._file.close()


def masked_payload(payload: bytes, charset: str) -> bytes:
    """A payload with card and resident numbers overwritten. Bytes that the charset cannot hold stay as they are."""
    try:
        text = payload.decode(charset)
        masked = mask_markup(text)
        return payload if masked is text else masked.encode(charset)
    except UnicodeError:
        text = payload.decode("latin-1")
        masked = mask_markup(text)
        return payload if masked is text else masked.encode("latin-1")


def _record(capture: Capture, charset: str) -> bytes:
    """The bytes of one record: `response` with the HTTP head where there is one, else `resource`."""
    payload = masked_payload(capture.payload, charset)
    block = _http_head(capture.head, len(payload)) + payload if capture.head else payload
    fields = [
        ("WARC-Type", "response" if capture.head else "resource"),
        ("WARC-Target-URI", _CONTROL.sub("", mask_markup(capture.url))),
        ("WARC-Date", _date(capture.captured_at)),
        ("WARC-Record-ID", capture.record_id or f"<urn:sha256:{capture.payload_sha256}>"),
        ("WARC-IP-Address", capture.ip),
        (
            "Content-Type",
            "application/http; msgtype=response" if capture.head else f"{capture.mime}; charset={charset}",
        ),
        (ORIGINAL, capture.payload_sha256),
        ("WARC-Truncated", "length" if capture.truncated else None),
        ("Content-Length", str(len(block))),
    ]
    head = "".join(f"{name}: {_CONTROL.sub('', value)}\r\n" for name, value in fields if value)
    return f"WARC/1.1\r\n{head}\r\n".encode("utf-8", "replace") + block + b"\r\n\r\n"


def _http_head(head: bytes, length: int) -> bytes:
    """The HTTP head without what no longer holds, masked."""
    lines = [line for line in head.replace(b"\r\n", b"\n").split(b"\n") if line.strip() and not _STALE.match(line)]
    text = b"\r\n".join(lines).decode("latin-1")
    return mask_markup(text).encode("latin-1") + f"\r\nContent-Length: {length}\r\n\r\n".encode()


def _date(moment: datetime | None) -> str:
    """A WARC date; captures without one get the epoch, which no crawl has."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else "1970-01-01T00:00:00Z"


def members(path: Path) -> Iterator[tuple[WarcRecord, bytes]]:
    """The records of a file of copies, each with its own compressed bytes."""
    data = path.read_bytes()
    starts = [record.stream_pos for record in ArchiveIterator(BytesIO(data), parse_http=False)]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        record = next(iter(ArchiveIterator(BytesIO(data[start:end]))))
        yield record, data[start:end]
