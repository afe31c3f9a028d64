"""`make scale`: what is too large for every test run. Nothing is here yet; later issues fill it."""

from __future__ import annotations

if __name__ == "__main__":
    print("no full-size lines yet")
