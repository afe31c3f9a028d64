"""The truth as JSON lines."""

from __future__ import annotations

import json

from nohaven.exercise.records import PageTruth


def truth_line(truth: PageTruth) -> str:
    """One line with its end. `site` is the seller's; `operator` is null where the page offers nothing."""
    line: dict[str, object] = {
        "url": truth.url,
        "site": truth.site,
        "carrier": truth.carrier,
        "page_kind": truth.page_kind,
        "language": truth.language,
        "operator": truth.operator,
        "offers": [
            {"category": offer.category, "stance": offer.stance, "seller": offer.seller} for offer in truth.offers
        ],
        "mention": truth.mention,
        "disguises": list(truth.disguises),
        "planted": {"cards": list(truth.planted.cards), "resident_ids": list(truth.planted.resident_ids)},
    }
    if truth.reserved:
        line["reserved"] = True
    return json.dumps(line, ensure_ascii=False) + "\n"
