"""From outcomes to rows of a sweep's tables. Everything that is kept as text is masked here."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from nohaven.pipeline.chain import Outcome
from nohaven.pipeline.seller import seller_of
from nohaven.pipeline.victims import mask_victims
from nohaven.records.capture import LeftOut
from nohaven.records.offer import Finding, Reason
from nohaven.records.page import Block, Page
from nohaven.store.tables import Row
from nohaven.values.masking import mask_markup, mask_text
from nohaven.values.site import carrier_of

_ID_HEX = 32


def page_row(outcome: Outcome) -> Row:
    """The row of `pages`."""
    page = outcome.page
    row = {name: getattr(page, name) for name in Page.__slots__}
    return row | {
        "url": mask_markup(page.url),
        "final_url": _masked(page.final_url),
        "site": _masked(page.site),
        "title": mask_markup(page.title),
        "input": mask_markup(page.input),
        "gated": outcome.verdict.gated,
    }


def finding_row(outcome: Outcome, finding: Finding) -> Row:
    """The row of `offers`, or with its band the row of `review`, that a finding makes."""
    assert outcome.contents is not None, "a finding stands in a block"
    block = outcome.contents.blocks[finding.block]
    text = outcome.shown[block.start : block.start + len(block.text)]
    quote = outcome.shown[finding.start : finding.end]
    if finding.category == "personal_data":
        text, quote = mask_victims(text), mask_victims(quote)
    row = _common(outcome.page, block, text, quote, finding.category)
    return row | {
        "site": _masked(seller_of(outcome.page, block)),
        "category": finding.category,
        "tags": list(finding.tags),
        "stance": finding.stance,
        "log_odds": finding.log_odds,
        "score": finding.score,
        "reasons": reason_rows(finding.reasons, finding.category),
        "band": finding.band,
        "inclusion_probability": 1.0,
    }


def audit_row(outcome: Outcome) -> Row | None:
    """The row of `review` that shows a page drawn for the audit: its longest block. None for a page without words.

    With what probability it was drawn is filled in when all are known.
    """
    blocks = outcome.contents.blocks if outcome.contents is not None else ()
    if not blocks:
        return None
    block = max(blocks, key=lambda b: (len(b.text), -b.number))
    text = mask_victims(outcome.shown[block.start : block.start + len(block.text)])
    row = _common(outcome.page, block, text, text[:200], "")
    return row | {
        "site": _masked(seller_of(outcome.page, block)),
        "band": "audit",
        "inclusion_probability": 0.0,
        "tags": [],
        "reasons": [],
    }


def _common(page: Page, block: Block, text: str, quote: str, category: str) -> dict[str, object]:
    """The columns that all rows about a block have."""
    block_id = f"{page.page_id}-{block.number}"
    return {
        "offer_id": _hash(page.page_id, block_id, category, quote),
        "page_id": page.page_id,
        "block_id": block_id,
        "url": mask_markup(page.url),
        "carrier": _masked(carrier_of(page.url)),
        "captured_at": page.captured_at,
        "author": _masked(block.author),
        "role": block.role,
        "language": page.language,
        "quote": quote,
        "block": text,
    }


def reason_rows(reasons: tuple[Reason, ...], category: str) -> list[dict[str, object]]:
    """Reasons as rows of the `reasons` column."""
    rows = [asdict(reason) | {"quote": mask_text(reason.quote)} for reason in reasons]
    if category == "personal_data":
        rows = [row | {"quote": mask_victims(str(row["quote"]))} for row in rows]
    return rows


def left_out_row(left: LeftOut) -> Row:
    """The row of `left_out`."""
    return {
        "input": mask_markup(left.input),
        "offset": left.offset,
        "url": _masked(left.url),
        "reason": left.reason,
        "detail": _masked(left.detail),
    }


def escalation_row(page: Page) -> Row:
    """The row of `escalations`: nothing of the page but payload hash, URL without its query, and time."""
    return {"payload_sha256": page.payload_sha256, "url": without_query(page.url), "captured_at": page.captured_at}


def without_query(url: str) -> str:
    """A URL up to its query or fragment, masked."""
    return mask_markup(url.split("?", 1)[0].split("#", 1)[0])


def _masked(text: str | None) -> str | None:
    return None if text is None else mask_markup(text)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:_ID_HEX]
