"""The closed lists: every value that a column of a sweep may take."""

from __future__ import annotations

STANCES = ("offer", "demand", "recruit", "vouch")
MENTION_STANCES = ("report", "legal", "education", "help", "fiction", "licensed", "unknown")
NO_STANCE = "none"  # what `inspect` says where there is no row
BANDS = ("offer", "doubtful", "audit")
PAGE_KINDS = ("shop", "listing", "profile", "forum", "thread", "article", "message", "search", "login", "other")
BLOCK_ROLES = (
    "title",
    "heading",
    "body",
    "list_item",
    "table",
    "form",
    "post",
    "quote",
    "footer",
    "nav",
    "comment",
    "script",
    "alt",
    "meta",
    "query",
)
IDENTIFIER_ROLES = ("offer", "owner", "mentioned", "header", "other")
STRENGTHS = ("A", "B", "C", "D")
RULE_KINDS = ("goods", "service", "slang", "offer_cue", "context_negative", "mention_cue", "structure")
TOPIC_KINDS = frozenset({"goods", "service", "slang"})
OTHER_ILLICIT = "other_illicit"
