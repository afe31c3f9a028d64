"""What a sweep of an exercise found, against what is true of it. Read only after all stages are done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nohaven.store.sweep_folder import SweepFolder
from nohaven.store.tables import read_table

STANCES = frozenset({"offer", "recruit", "vouch", "demand"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Counts of pages. A page counts as found when it has a row of `offers`."""

    planted: Mapping[str, int]  # pages with an offer, by category
    found: Mapping[str, int]  # of those, with any row
    named: Mapping[str, int]  # of those, with a row of that category
    doubtful: Mapping[str, int]  # of those without a row, with one in `review`
    innocent: Mapping[str, int]  # pages without an offer, by kind of mention
    accused: Mapping[str, int]  # of those, with a row: the worst failure
    accused_urls: tuple[str, ...]
    disguised: tuple[int, int]  # disguised pages with an offer: all, found


def compare(truth_file: Path, folder: SweepFolder) -> Comparison:
    """Hold a sweep against the truth of the exercise that it read."""
    rows = read_table(folder.table("offers")).select(["url", "category"]).to_pylist()
    by_url: dict[str, set[str]] = {}
    for row in rows:
        by_url.setdefault(row["url"], set()).add(row["category"])
    review = read_table(folder.table("review")).select(["url", "band"]).to_pylist()
    doubts = {r["url"] for r in review if r["band"] == "doubtful"}
    counts: dict[str, Counter[str]] = {
        n: Counter() for n in ("planted", "found", "named", "doubtful", "innocent", "accused")
    }
    accused: list[str] = []
    disguised = [0, 0]
    with truth_file.open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            categories = {o["category"] for o in page["offers"] if o["stance"] in STANCES}
            got = by_url.get(page["url"], set())
            if not categories:
                _count_innocent(page, got, counts, accused)
                continue
            category = min(categories)
            counts["planted"][category] += 1
            counts["found"][category] += bool(got)
            counts["named"][category] += bool(got & categories)
            counts["doubtful"][category] += not got and page["url"] in doubts
            if page["disguises"]:
                disguised[0] += 1
                disguised[1] += bool(got)
    return Comparison(**counts, accused_urls=tuple(accused), disguised=(disguised[0], disguised[1]))


def _count_innocent(
    page: dict[str, object], got: set[str], counts: dict[str, Counter[str]], accused: list[str]
) -> None:
    """Count a page that offers nothing."""
    kind = str(page["mention"] or "ordinary")
    counts["innocent"][kind] += 1
    if got:
        counts["accused"][kind] += 1
        accused.append(str(page["url"]))
