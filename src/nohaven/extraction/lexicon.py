"""Words that are known, and how letters written without gaps are cut into them: buycocaine is buy, cocaine."""

from __future__ import annotations

from collections.abc import Collection

_ENDINGS = ("s", "es", "d", "ed", "ing")  # with which a known word is known too
_LONGEST = 20  # letters of a word
_SHORTEST_ENDED = 3  # letters of such a word without its ending
_UNKNOWN = 2.0  # what a letter in no word costs; a word or a row of digits costs 1
_SINGLE = frozenset("aiu")  # letters that are words


class Lexicon:
    """Words in the spelling of the base view. An empty one knows none, and leaves letters together."""

    __slots__ = ("_longest", "plain", "words")

    def __init__(self, words: Collection[str] = ()) -> None:
        self.plain = frozenset(word for word in words if len(word) <= _LONGEST)
        latin = [word for word in self.plain if word.isascii() and len(word) >= _SHORTEST_ENDED]
        self.words = self.plain.union(
            word + end for word in latin for end in _ENDINGS
        )  # those given and, where Latin, with an English ending
        self._longest = max(map(len, self.words), default=1)

    def knows(self, word: str) -> bool:
        """Whether a word is known."""
        return word in self.words

    def cut(self, letters: str) -> list[str]:
        """Letters and digits in as few words as may be; those in no word stay together. Nothing is lost."""
        size, words = len(letters), self.words
        cost, step = [0.0] + [float("inf")] * size, [0] * (size + 1)
        for start in range(size):
            so_far = cost[start]
            for end in range(start + 1, min(size, start + self._longest) + 1):
                if so_far + 1.0 >= cost[end] and end > start + 1:
                    continue
                piece = letters[start:end]
                price = (
                    self._price_of_one(piece)
                    if end == start + 1
                    else 1.0
                    if piece in words or piece.isdigit()
                    else None
                )
                if price is not None and so_far + price < cost[end]:
                    cost[end], step[end] = so_far + price, start
        return self._pieces(letters, step)

    def _price_of_one(self, letter: str) -> float:
        """What one character costs by itself."""
        return 1.0 if letter.isdigit() or (self.words and letter in _SINGLE) else _UNKNOWN

    def _pieces(self, letters: str, step: list[int]) -> list[str]:
        """The cheapest way, single letters that are no words put together."""
        pieces: list[str] = []
        end = len(letters)
        while end:
            pieces.append(letters[step[end] : end])
            end = step[end]
        together: list[str] = []
        loose = False  # whether the last of them is of such letters
        for piece in reversed(pieces):
            single = len(piece) == 1 and not piece.isdigit() and not (piece in _SINGLE and self.words)
            if single and loose:
                together[-1] += piece
            else:
                together.append(piece)
            loose = single
        return together
