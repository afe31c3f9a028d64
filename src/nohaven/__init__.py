"""Nohaven finds offers of illicit goods and services in crawled pages, and explains every finding."""

from __future__ import annotations

__version__ = "0.1.0"
