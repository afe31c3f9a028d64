"""The table of sites: one row a site with an offer or doubt, counted out of core over the finished parts."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import duckdb
import pyarrow as pa

from nohaven.store.tables import SITES

_COUNT = """
WITH found AS (
    SELECT site, category, captured_at, page_id, true AS sure FROM read_parquet($offers, union_by_name = true)
    UNION ALL
    SELECT site, category, captured_at, page_id, false FROM read_parquet($review, union_by_name = true)
    WHERE band = 'doubtful'
)
SELECT site, category, min(captured_at) AS first_seen, max(captured_at) AS last_seen,
       count(*) FILTER (sure) AS offers, count(*) FILTER (NOT sure) AS doubts, count(DISTINCT page_id) AS pages
FROM found WHERE site IS NOT NULL GROUP BY site, category ORDER BY site, category
"""


def site_table(*finals: Path) -> pa.Table:
    """Rows of `sites` from the finished `offers` and `review` parts, which may lie in more than one place."""
    parts = {
        name: [str(p) for final in finals for p in sorted((final / name).glob("*.parquet"))]
        for name in ("offers", "review")
    }
    with duckdb.connect(config={"memory_limit": "400MB", "threads": 2}) as db:
        db.execute("SET TimeZone = 'UTC'")
        counted = db.sql(_COUNT, params=parts).to_arrow_table().to_pylist()
    rows: dict[str, dict[str, object]] = {}
    for row in counted:
        _add(rows.setdefault(row["site"], _fresh(row["site"])), row)
    return pa.Table.from_pylist([r | {"offers": list(r["offers"].items())} for r in rows.values()], schema=SITES)  # type: ignore[attr-defined]


def _fresh(site: str) -> dict[str, object]:
    """A site before anything is counted. `popular` is for a later stage to say."""
    return {
        "site": site,
        "kind": site_kind(site),
        "popular": None,
        "first_seen": None,
        "last_seen": None,
        "pages": 0,
        "doubts": 0,
        "offers": {},
    }


def _add(site: dict[str, object], row: dict[str, object]) -> None:
    """Add the count of one category."""
    times = [t for t in (site["first_seen"], row["first_seen"]) if t is not None]
    site["first_seen"] = min(times) if times else None  # type: ignore[type-var]
    times = [t for t in (site["last_seen"], row["last_seen"]) if t is not None]
    site["last_seen"] = max(times) if times else None  # type: ignore[type-var]
    site["pages"] = site["pages"] + row["pages"]  # type: ignore[operator]
    site["doubts"] = site["doubts"] + row["doubts"]  # type: ignore[operator]
    if row["offers"]:
        site["offers"][row["category"]] = row["offers"]  # type: ignore[index]


def site_kind(site: str) -> str:
    """domain, account, onion or ip."""
    if "/" in site:
        return "account"
    if site.endswith(".onion"):
        return "onion"
    try:
        ipaddress.ip_address(site)
    except ValueError:
        return "domain"
    return "ip"
