"""The floor: the least that any reader of crawled pages must do. Read, decode, parse, take the text; write nothing.

`python -m benchmarks.floor WARC WARC` prints the seconds for reading every response, one process a file.
"""

from __future__ import annotations

import multiprocessing
import sys
import time

from fastwarc.warc import ArchiveIterator, WarcRecordType
from selectolax.lexbor import LexborHTMLParser


def read_all(path: str) -> int:
    """Read every response of a WARC; the number of pages."""
    pages = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            tree = LexborHTMLParser(record.reader.read().decode("utf-8", "replace"))
            tree.strip_tags(["script", "style"])
            tree.text()
            pages += 1
    return pages


def seconds(paths: list[str]) -> float:
    """Seconds for all files, a process each."""
    begun = time.perf_counter()
    processes = [multiprocessing.Process(target=read_all, args=(path,)) for path in paths]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("the floor could not read its files")
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(seconds(sys.argv[1:]))
