"""Rule lint: every rule hits its own text, spares the other, and is written as docs/rules.md says.

Run as `python -m nohaven.pipeline.rule_lint [FOLDER]`; exits 1 and names each rule that is wrong.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nohaven.detection.finder import Finder
from nohaven.detection.rulebook import FOLDERS, rules_of
from nohaven.extraction.folding import Folding, load_folding
from nohaven.extraction.views import base_view
from nohaven.records.lists import RULE_KINDS
from nohaven.records.rule import Rule
from nohaven.store.packaged import packaged_folder, read_resource
from nohaven.store.taxonomy import load_taxonomy

_ID = re.compile(r"[a-z_]+\.(?:[a-z]{2}|any)\.[a-z0-9_]+")
_AGAINST = frozenset({"context_negative", "mention_cue"})
_HEAVIEST = 3.0


def complaints(rule: Rule, folding: Folding, words: frozenset[str]) -> Iterator[str]:  # noqa: C901 - a flat list
    """What is wrong with one rule, each in a few words. `words`: identity words, which no rule may hold."""
    finder = Finder(rule)

    def found(text: str) -> bool:
        view = base_view(text, folding).text
        return any(True for _ in finder.places(view, 0, len(view)))

    if not _ID.fullmatch(rule.id):
        yield "its id is not name.language.slug"
    if rule.kind not in RULE_KINDS:
        yield f"its kind {rule.kind!r} is none of {', '.join(RULE_KINDS)}"
    if (rule.term is None) == (rule.pattern is None):
        yield "it needs a term or a pattern, not both"
    if not 0 < abs(rule.weight) <= _HEAVIEST:
        yield "its weight is 0 or beyond 3"
    if (rule.weight < 0) != (rule.kind in _AGAINST):
        yield "the sign of its weight does not fit its kind"
    if not rule.source or "unsourced" in rule.source:
        yield "it names no source"
    if not found(rule.hit):
        yield f"it does not hit its own text {rule.hit!r}"
    if found(rule.miss):
        yield f"it hits the text it must miss {rule.miss!r}"
    for text in (rule.term, *rule.unless):
        if text is not None and base_view(text, folding).text != text:
            yield f"{text!r} is not in the spelling of the base view"
    if rule.term is not None and any(
        re.search(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w), rule.term) for w in words
    ):
        yield "it holds an identity word"


def lint(folder: Path) -> list[str]:
    """All complaints about a folder of rules, each naming file and rule."""
    taxonomy, folding = load_taxonomy(), load_folding()
    words = frozenset(str(w) for w in read_resource("identity_words")["words"])  # type: ignore[attr-defined]
    found: list[str] = []
    ids: Counter[str] = Counter()
    for name in FOLDERS:
        for file in sorted((folder / name).glob("*.yaml")):
            terms: Counter[str] = Counter()
            for rule in rules_of(file):
                ids[rule.id] += 1
                terms[f"{rule.term or rule.pattern} {rule.weight > 0}"] += 1
                found += [f"{file.name}: {rule.id}: {c}" for c in complaints(rule, folding, words)]
                if name == "category" and rule.category not in taxonomy.categories:
                    found.append(f"{file.name}: the category {rule.category!r} is not in the taxonomy")
                if name in ("offer", "mention") and not rule.group:
                    found.append(f"{file.name}: {rule.id}: it has no group")
            found += [f"{file.name}: {term!r} stands there twice" for term, count in terms.items() if count > 1]
    return found + [f"the id {name} is given twice" for name, count in ids.items() if count > 1]


def main() -> None:
    """Lint the packaged rules, or those of the folder that is named."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else packaged_folder("rules")
    found = lint(folder)
    for complaint in found:
        print(complaint)
    files = [f for name in FOLDERS for f in (folder / name).glob("*.yaml")]
    count = sum(1 for f in files for _ in rules_of(f))
    print(f"{count} rules in {len(files)} files, {len(found)} complaints")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
