"""Why one row has its grade, why every row has, and the levels of scales."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._display import ENGLISH, chip, details, table_html
from ._errors import InputError
from ._method_words import level_text
from ._result import Result
from .core import Grade

__all__ = ["Explanation", "Explanations", "Level", "level_of"]


@dataclass(frozen=True, eq=False)
class Level:
    """A level of a named scale; levels of different scales are never compared.

    Attributes
    ----------
    scale
        Id of the scale, ``"park_safety_risk"``.
    label
        As the source prints it, ``"A"``.
    rank
        1 for the gravest.
    word
        ``{"zh", "en"}``.
    grade
        Colour, None where the method has none.

    Examples
    --------
    >>> a, d = Level("park_safety_risk", "A", 1), Level("park_safety_risk", "D", 4)
    >>> a > d  # graver is greater
    True
    >>> a > Level("coal_mine_class", "A", 1)
    Traceback (most recent call last):
    safetyrisk.InputError: levels of different scales are not compared: A of park_safety_risk, A of coal_mine_class
    """

    scale: str
    label: str
    rank: int
    word: Mapping[str, str] = field(default_factory=dict)
    grade: Grade | None = None

    def _order(self, other: Level) -> int:
        if self.scale != other.scale:
            raise InputError(
                "levels of different scales are not compared: "
                f"{self.label} of {self.scale}, {other.label} of {other.scale}"
            )
        return other.rank - self.rank

    def __eq__(self, other: object) -> bool:
        return self._order(other) == 0 if isinstance(other, Level) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._order(other) < 0 if isinstance(other, Level) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._order(other) <= 0 if isinstance(other, Level) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._order(other) > 0 if isinstance(other, Level) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._order(other) >= 0 if isinstance(other, Level) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.scale, self.rank))

    def __str__(self) -> str:
        return self.label


def level_of(data: Mapping[str, Any] | None) -> Level | None:
    """The level that the compiled part tells, None for none."""
    if data is None:
        return None
    grade = None if data["grade"] is None else Grade(data["grade"])
    return Level(data["scale"], data["label"], data["rank"], dict(data["word"]), grade)


class Explanation:
    """Why a row has its grade, or why it has none; in a notebook as prose and table of its steps."""

    def __init__(self, text: str, data: dict[str, Any], lang: str = "zh") -> None:
        self._text = text
        self._data = data
        self._lang = lang

    @property
    def text(self) -> str:
        """The explanation as prose."""
        return self._text

    @property
    def grade(self) -> Grade | None:
        """The grade, None without one."""
        return None if self._data["grade"] is None else Grade(self._data["grade"])

    @property
    def level(self) -> Level | None:
        """The level of the method's scale, None without one."""
        return level_of(self._data["level"])

    def to_dict(self) -> dict[str, Any]:
        """The explanation as data: inputs, factors, steps, score, level, override, clause, issues."""
        return dict(self._data)

    def to_json(self) -> str:
        """The explanation as JSON text."""
        return json.dumps(self._data, ensure_ascii=False)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<safetyrisk explanation of {self._data['id']!r}: {self._data['grade']}>"

    def _repr_html_(self) -> str:
        lang, zh = self._lang, self._lang == "zh"
        lines = "<br>".join(html.escape(line) for line in self._text.splitlines())
        grade, level = self._data["grade"] or "unassessed", self.level
        word = None if zh else ENGLISH[grade]
        if self._data["grade"] is None and level is not None:
            word = level_text(level.label, level.word[lang])
        chain = [
            {
                "name": step["name"][lang],
                "value": "" if step["value"] is None else step["value"],
                "how": step["how"][lang],
                "meaning": step["meaning"][lang],
            }
            for step in self._data["steps"]
        ]
        heads = ("步骤", "结果", "计算", "含义") if zh else ("step", "result", "how", "meaning")
        columns = dict(zip(("name", "value", "how", "meaning"), heads, strict=True))
        steps = table_html(chain, columns) if chain else ""
        title = "等级说明" if zh else "Explanation of the grade"
        return details(title, chip(grade, word), steps, lines)


class Explanations(Result):
    """Why each row of a graded register has its grade, as columns.

    Columns: ``id``; the pack: ``method title pack_version pack_sha256 confidence``; for each factor
    the value that was used (``L``, None without one) and what the step says (``L_meaning``); the
    inputs as given, parts among them (``L_given``, ``C_people_given``); ``score``; ``band`` (as the
    source prints it), ``band_label``, ``band_word``; ``grade``; where a rule overrode the score
    ``grade_by_score`` (what the score alone gives), ``override`` and ``override_text``; ``control``,
    ``clause``, ``status``. None where :meth:`Graded.explain` has nothing to say; what was wrong
    with a row is in :attr:`Graded.issues`.

    Inputs and scores are used where they lie and texts are kept once each, so that a million rows
    cost milliseconds as Arrow, polars or pandas.
    """

    _kind = "explanations"

    def __init__(self, table: _core.Table) -> None:
        self._made = table

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk explanations: {len(self)} rows, {len(self._made.names)} columns>"

    def _repr_html_(self) -> str:
        table = self._made
        columns = {name: name for name in table.names if name not in ("pack_sha256", "title")}
        return details("等级说明", table_html(self._rows(10), columns))
