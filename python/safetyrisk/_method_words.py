"""What a reader calls a method's inputs, their values and its levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._core import Method, Pack

__all__ = ["MethodWords", "level_text", "pack_text"]


def level_text(label: str, word: str) -> str:
    """A level as readers call it: "A 高安全风险", "重大事故".

    A label that is only an id, such as ``larger``, says nothing to a reader.
    """
    is_id = len(label) > 2 and "a" <= label[0] <= "z"
    return word if is_id or label == word else f"{label} {word}"


def pack_text(pack: Pack, lang: str) -> str:
    """A pack in one line: title, version, confidence, hash."""
    zh = lang == "zh"
    return (
        f"{pack.title(lang)}；{'第' if zh else 'version '}{pack.version}{'版，' if zh else ', '}"
        f"{'可信度' if zh else 'confidence '}{pack.confidence}，SHA-256 {pack.sha256}"
    )


class MethodWords:
    """Words of several methods in one language.

    Where the method of a row is not told, a word counts only if all methods that know the id agree;
    what has no word is called by its id.
    """

    def __init__(self, methods: Iterable[Method], lang: str) -> None:
        inputs: dict[tuple[str, str], str] = {}
        values: dict[tuple[str, str], str] = {}
        levels: dict[tuple[str, str], str] = {}
        for method in methods:
            for one in method.inputs:
                inputs[method.id, one["id"]] = one["called"][lang]
                for choice in one["choices"]:
                    values[method.id, f"{one['id']}={choice['id']}"] = choice[lang]
            for band in method.bands:
                text = level_text(band["label"], band["word"][lang])
                levels[method.id, band["label"]] = text
        self._inputs = _agreed(inputs)
        self._values = _agreed(values)
        self._levels = _agreed(levels)

    def input(self, name: str, method: str | None = None) -> str:
        """An input by its id."""
        return self._inputs.get((method, name), name)

    def value(self, of: str, value: Any, method: str | None = None) -> Any:
        """A value of the input `of`: a choice by its name, anything else as it is."""
        return self._values.get((method, f"{of}={value}"), value)

    def level(self, label: str, method: str | None = None) -> str:
        """A level by its label."""
        return self._levels.get((method, label), label)


def _agreed(words: Mapping[tuple[str, str], str]) -> dict[tuple[str | None, str], str]:
    """Words by method and id, and by id alone where all methods say the same."""
    out: dict[tuple[str | None, str], str] = dict(words.items())
    told: dict[str, set[str]] = {}
    for (_, one), word in words.items():
        told.setdefault(one, set()).add(word)
    return out | {(None, one): found.pop() for one, found in told.items() if len(found) == 1}
