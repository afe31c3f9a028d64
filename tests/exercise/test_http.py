"""Responses are what a strict HTTP client accepts."""

from __future__ import annotations

import gzip
import http.client
import io
from typing import Any

import pytest

from nohaven.exercise.http import chunked, gzip_bytes, response


class _Socket:
    """A socket that has already received the message."""

    def __init__(self, message: bytes) -> None:
        self._message = message

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self._message)


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 60_000])  # around the size of a chunk
def test_a_gzipped_and_chunked_answer_reads_back(size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    headers = ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]
    answer = http.client.HTTPResponse(_Socket(response("200 OK", headers, chunked(gzip_bytes(body)))))
    answer.begin()
    assert gzip.decompress(answer.read()) == body
