"""The chain: one capture through extraction and detection. Every way of running the program calls this one function."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from nohaven.detection.detector import Detector, keep_detector, load_detector
from nohaven.detection.fitted import Fitted, load_fitted
from nohaven.extraction.folding import load_folding
from nohaven.extraction.language import Languages
from nohaven.extraction.lexicon import Lexicon
from nohaven.extraction.markup import load_mark_up
from nohaven.extraction.reading import Tools, read_contents, skim, undone
from nohaven.records.capture import Capture
from nohaven.records.offer import Verdict
from nohaven.records.page import Contents, Page, joined
from nohaven.store.taxonomy import load_taxonomy
from nohaven.values.masking import mask_markup, mask_text

NOTHING = Verdict(gated=False, reserved=False, findings=(), mention="unknown", best_score=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page and what was found on it. `shown`: its joined blocks, masked; what quotes and blocks are cut from."""

    page: Page
    verdict: Verdict
    contents: Contents | None  # None for pages that the gate did not let through
    shown: str


class Chain:
    """Extraction and detection with their tools. Loading takes about half a second, so one is made a process."""

    def __init__(self, tools: Tools, detector: Detector | None) -> None:
        self.tools = tools
        self.detector = detector
        self.seconds = {"extraction": 0.0, "detection": 0.0}

    def with_model(self, fitted: Fitted | None) -> Chain:
        """The same chain with another model, or with none."""
        return Chain(self.tools, self.detector.with_model(fitted) if self.detector is not None else None)

    def without_rules_of(self, sources: Collection[str]) -> Chain:
        """The same without the rules that have no other source than these."""
        return Chain(self.tools, self.detector.without_rules_of(sources) if self.detector is not None else None)

    def read(self, capture: Capture) -> tuple[Page, Contents, str]:
        """A page with its blocks, unjudged, and its joined blocks, masked."""
        skimmed = skim(capture, self.tools)
        contents = read_contents(skimmed, self.tools)
        return skimmed.page, contents, _masked(joined(contents.blocks))

    def unjudged(self, capture: Capture) -> Outcome:
        """A capture with its blocks, whatever the gate would say, as if nothing were found on it."""
        skimmed = skim(capture, self.tools)
        contents = read_contents(skimmed, self.tools, matched=False)
        return Outcome(skimmed.page, NOTHING, contents, _masked(joined(contents.blocks)))

    def outcome(self, capture: Capture) -> Outcome:
        """A capture read and judged."""
        begun = perf_counter()
        skimmed = skim(capture, self.tools)
        read = perf_counter()
        passed = self.detector is not None and self.detector.passes(
            skimmed.folded, skimmed.head, lambda: undone(skimmed, self.tools), skimmed.tree is None
        )
        gated = perf_counter()
        self.seconds["extraction"] += read - begun
        self.seconds["detection"] += gated - read
        if self.detector is None or not passed:
            return Outcome(skimmed.page, NOTHING, None, "")
        contents = read_contents(skimmed, self.tools)
        shown = _masked(joined(contents.blocks))
        blocked = perf_counter()
        verdict = self.detector.verdict(skimmed.page, contents, shown)
        self.seconds["extraction"] += blocked - gated
        self.seconds["detection"] += perf_counter() - blocked
        return Outcome(skimmed.page, verdict, contents, shown)


def _masked(text: str) -> str:
    """A title or an attribute may spell out a tag in the middle of a number."""
    return mask_markup(text) if "<" in text else mask_text(text)


def keep_chain(cache: Path, until: str) -> None:
    """Have the cache hold all that loading the chain would otherwise compile."""
    if until == "detection":
        keep_detector(load_taxonomy(), cache)


def load_chain(cache: Path | None, until: str = "detection") -> Chain:
    """The chain up to a stage, from the packaged rules and tables."""
    detector = load_detector(load_taxonomy(), cache, load_fitted()) if until == "detection" else None
    lexicon = Lexicon(detector.words() if detector is not None else ())
    tools = Tools(load_folding(), load_mark_up(), Languages(), lexicon)
    return Chain(tools, detector)
