"""Two graded registers side by side: what is new, gone, worse, better, and what changed.

Rows are joined by a key. Every row of both registers has one fate: it is compared, or its key is
missing or stands more than once, and then an issue says so. Grades are compared; scores only where
one method, in one edition, gave both. The join and the comparison of cells work on whole columns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count
from operator import eq
from typing import Any

import numpy as np

from .. import _core
from .._core import Method, Pack
from .._display import counts_html, details, table_html
from .._errors import InputError
from .._faults import fault
from .._result import Result
from ..core import Issues
from ..region import DivisionTree
from ..scoring import Graded, grade_table, input_headers
from ..scoring import method as find_method
from .frames import as_table
from .headers import map_headers
from .joined import CAUSES, CHANGES, CODE, GRAVE_FIRST, Joined, Objects, Regions, Rows, join
from .results import STATES, GradedTable, graded_table, read_result

__all__ = [
    "Comparison",
    "compare",
    "region_codes",
]

_DIGITS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
#: Words of the states of a row.
STATE_WORDS = {
    "red": "重大风险",
    "orange": "较大风险",
    "yellow": "一般风险",
    "blue": "低风险",
    "not_gradable": "无法评定",
    "rejected": "数据无效",
    "absent": "不在表中",
}


class Comparison(Result):
    """What became of every key of two graded registers.

    Columns: the key, ``name enterprise division`` (of the later register, else of the earlier),
    ``change`` (``new gone worse better unchanged became_graded became_not_gradable
    became_rejected not_graded``), ``before`` and ``after`` (``red orange yellow blue not_gradable
    rejected absent``), ``score_before score_after``, ``score_change`` (only where one method in one
    edition gave both), ``method_before method_after override_before override_after``, ``causes``
    (of ``input method pack direct other``), ``changed`` (names of columns), ``changes`` (from →
    to). Rows stand in the order of the later register, then what is gone in that of the earlier.
    """

    _kind = "comparison"

    def __init__(self, joined: Joined, issues: Issues) -> None:
        self._joined = joined
        self._issues = issues

    @property
    def issues(self) -> Issues:
        """Keys that are missing or stand twice, columns of one side only; then those of reading."""
        return self._issues

    @cached_property
    def _made(self) -> _core.Table:
        return self._joined.rows_table()

    def _table(self) -> _core.Table:
        return self._made

    def __len__(self) -> int:
        return len(self._joined.change)

    def counts(self) -> dict[str, int]:
        """How many keys had which fate, and how many rows there were.

        Returns
        -------
        dict
            ``rows_before rows_after not_compared_before not_compared_after``, the nine changes,
            and ``worse_to_red``. ``rows_before`` = keys that are not new + ``not_compared_before``;
            ``rows_after`` = keys that are not gone + ``not_compared_after``.
        """
        joined = self._joined
        out = {
            "rows_before": joined.before.table.rows,
            "rows_after": joined.after.table.rows,
            "not_compared_before": joined.left_out[0],
            "not_compared_after": joined.left_out[1],
        }
        found = np.bincount(joined.change, minlength=len(CHANGES)).tolist()
        out |= dict(zip(CHANGES, found, strict=True))
        worse = joined.change == CODE["worse"]
        out["worse_to_red"] = int(np.count_nonzero(worse & (joined.state_after == 4)))
        return out

    def causes(self) -> dict[str, int]:
        """Number of keys by what changed, among those whose grade or state is another.

        Returns
        -------
        dict
            ``input method pack direct other``; a key may have several. ``unknown``: nothing that
            was compared differs (the results lack the input columns, say).
        """
        joined = self._joined
        moved = (joined.state_before != joined.state_after) & joined.both
        out = {
            name: int(np.count_nonzero(moved & (joined.causes >> i & 1).astype(bool)))
            for i, name in enumerate(CAUSES)
        }
        out["unknown"] = int(np.count_nonzero(moved & (joined.causes == 0)))
        return out

    def by_grade(self) -> _Part:
        """Matrix of grades: one row for what it was, one column for what it is.

        Columns ``before red orange yellow blue not_gradable rejected absent total``.
        """
        joined = self._joined
        cells = np.bincount(
            joined.state_before.astype(np.int64) * len(STATES) + joined.state_after,
            minlength=len(STATES) ** 2,
        ).reshape(len(STATES), len(STATES))
        order = [STATES.index(name) for name in GRAVE_FIRST]
        cells = cells[np.ix_(order, order)]
        table = _core.Table("transitions")
        table.add("before", list(GRAVE_FIRST))
        for i, name in enumerate(GRAVE_FIRST):
            table.add(name, cells[:, i].astype(np.int64))
        table.add("total", cells.sum(axis=1).astype(np.int64))
        return _Part(table, "transitions")

    def by_region(self) -> _Part:
        """Changes by division, None for keys without one; no rows when no division is known.

        Columns ``code name before after new gone worse better unchanged became_graded
        became_not_gradable became_rejected not_graded moved_in moved_out`` and ``red_before
        red_after`` to ``blue_after``. A key that moved to another division counts its change in
        the new one, and after = before + new − gone + moved_in − moved_out in every row.
        """
        return _Part(self._joined.regions_table(), "regions")

    def sentences(self, lang: str = "zh") -> list[str]:
        """Say what changed in a few sentences, Chinese or with ``"en"`` English."""
        return _sentences(self, lang)

    def moved(self) -> Rows:
        """Rows whose grade, state or columns are other than before, gravest first."""
        joined = self._joined
        rows = np.flatnonzero(
            ~np.isin(joined.change, (CODE["unchanged"], CODE["not_graded"])) | (joined.causes > 0)
        )
        grave = np.array([GRAVE_FIRST.index(name) for name in STATES])
        shown = np.array([_SHOWN.index(name) for name in CHANGES])
        last = np.where(joined.state_after > 0, joined.state_after, joined.state_before)[rows]
        return rows[np.lexsort((rows, grave[last], shown[joined.change[rows]]))]

    def to_json(self) -> str:
        """JSON text: an object of ``format kind counts causes text transitions regions rows``."""
        document = json.loads(super().to_json())
        rows = document.pop("rows")
        document |= {
            "counts": self.counts(),
            "causes": self.causes(),
            "text": {"zh": self.sentences(), "en": self.sentences("en")},
            "transitions": self.by_grade()._rows(),
            "regions": self.by_region()._rows(),
            "rows": rows,
        }
        return json.dumps(document, ensure_ascii=False, allow_nan=False)

    def rows_table(self, rows: Rows, lang: str = "zh") -> _core.Table:
        """Some rows as a table, with `changes` in the words of a language."""
        return self._joined.rows_table(rows, lang)

    def __repr__(self) -> str:
        c = self.counts()
        parts = ", ".join(f"{name} {c[name]}" for name in CHANGES if c[name])
        return (
            f"<safetyrisk comparison: {c['rows_before']} rows before, {c['rows_after']} after; "
            f"{parts or 'nothing compared'}>"
        )

    def _repr_html_(self) -> str:
        shown = 10
        moved = self.moved()
        columns = {
            "key": "编号",
            "name": "名称",
            "change": "变化",
            "before": "上期",
            "after": "本期",
            "changes": "变化内容",
        }
        table = self.rows_table(moved[:shown])
        cells = {name: table.texts(name) for name in table.names}
        cells["key"] = cells[table.names[0]]
        cells["change"] = [CHANGES[str(c)] for c in cells["change"]]
        for side in ("before", "after"):
            cells[side] = [STATE_WORDS[str(c)] for c in cells[side]]
        rows = [
            dict(zip(columns, row, strict=True))
            for row in zip(*(cells[name] for name in columns), strict=True)
        ]
        now = np.bincount(self._joined.state_after, minlength=len(STATES)).tolist()
        chips = counts_html({name: now[STATES.index(name)] for name in STATES[1:5]})
        more = f"另有 {len(moved) - shown} 条变化未在此显示" if len(moved) > shown else ""
        text = "<br>".join(self.sentences())
        return details("两期对比", chips, text, table_html(rows, columns) if rows else "", more)


# In this order changes are listed for a reader.
_SHOWN = (
    "worse",
    "became_not_gradable",
    "became_rejected",
    "new",
    "gone",
    "became_graded",
    "better",
    "unchanged",
    "not_graded",
)


class _Part(Result):
    """A small table of a comparison."""

    def __init__(self, table: _core.Table, kind: str) -> None:
        self._held = table
        self._kind = kind

    def _table(self) -> _core.Table:
        return self._held

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {self._held.rows} rows>"

    def _repr_html_(self) -> str:
        names = {name: name for name in self._held.names}
        return details(self._kind, table_html(self._rows(), names))


def compare(
    before: Any,
    after: Any,
    key: str | Sequence[str] = "id",
    *,
    method: str | Pack | Method | None = None,
    columns: Mapping[str, str] | None = None,
    as_of: str | None = None,
    direct: str | None = None,
    averaged: bool = False,
    divisions: DivisionTree | None = None,
    level: str = "county",
    crs: str = "wgs84",
    name: Any = None,
) -> Comparison:
    """Compare two graded registers; `safetyrisk.compare` documents it.

    `name` is the file that the earlier one came from, where it was read before.
    """
    shown = (before if name is None else name, after)
    wanted: list[Any] = list(key) if isinstance(key, list | tuple) else [key]
    keys = [name for name in wanted if isinstance(name, str) and name]
    if not keys or len(keys) < len(wanted):
        raise InputError('key is the name of a column, or a list of names ("id")')
    options = {"method": method, "as_of": as_of, "direct": direct, "averaged": averaged}
    words = (("before", "上期"), ("after", "本期"))
    sides = [
        _side(data, columns, options, _named(place, word))
        for data, place, word in zip((before, after), shown, words, strict=True)
    ]
    names = map_headers(keys, "risk_points").names
    keys = [
        key if all(side.table.has(key) for side in sides) else name
        for key, name in zip(keys, names, strict=True)
    ]
    for place, side, word in zip(shown, sides, words, strict=True):
        for column in keys:
            if not side.table.has(column) or (column == "id" and not side.own_ids):
                known = side.table.names
                raise fault("compare.no_key", side=_named(place, word), key=column, known=known)
    regions = _regions(sides, divisions, level, crs)
    found = _core.IssueTable()
    joined = join(sides[0], sides[1], keys, regions, found)
    joined.note(found)
    running = [_running(side.table) for side in sides] if keys == ["id"] else ["", ""]
    if all(running):
        found.add("io.compare_by_position", table="after", value=running[1])
    return Comparison(joined, Issues(found) + sides[0].issues + sides[1].issues)


def _named(data: Any, word: tuple[str, str]) -> tuple[str, str]:
    """What a side is called in English and Chinese: which of the two, and its file."""
    if not isinstance(data, str | os.PathLike):
        return f"the register {word[0]}", word[1]
    file = os.fsdecode(data)
    return f"the register {word[0]} ({file})", f"{word[1]}（{file}）"


def _running(table: _core.Table) -> str:
    """First and last id where they are mere running numbers from 0 or 1 on, else nothing."""
    ids = table.texts("id")
    first = ids[0] if len(ids) > 1 else ""
    if first not in ("0", "1"):
        return ""
    start = int(first)
    return f"{first}…{ids[-1]}" if all(map(eq, ids, map(str, count(start)))) else ""


def _side(
    data: Any,
    columns: Mapping[str, str] | None,
    options: Mapping[str, Any],
    word: tuple[str, str],
) -> GradedTable:
    if isinstance(data, Graded):
        return graded_table(data)
    if isinstance(data, Result):
        raise InputError(f"a {type(data).__name__} is no graded register")
    read = read_result(data, columns=columns)
    if read is not None:
        return read
    method = options["method"]
    chosen = None if method is None else find_method(method, options["as_of"])
    extra = [] if chosen is None else input_headers(chosen)
    register, issues = as_table(data, "risk_points", columns, extra=extra, method=chosen)
    if chosen is None and not register.has("method"):
        raise fault("method.unnamed", file=word)
    rest = {name: value for name, value in options.items() if name != "method"}
    graded = grade_table(register, chosen, **rest)
    return graded_table(Graded(graded._graded, issues, None, graded.options))


# ---- regions -----------------------------------------------------------------------------------


def _regions(
    sides: Sequence[GradedTable], tree: DivisionTree | None, level: str, crs: str
) -> Regions | None:
    found = [region_codes(side.table, tree, level, crs) for side in sides]
    if found[0] is None or found[1] is None:
        return None
    return Regions(found[0][0], found[1][0], found[0][1])


def region_codes(
    table: _core.Table, tree: DivisionTree | None, level: str, crs: str
) -> tuple[Objects, Mapping[str, str]] | None:
    """Division of each row at a level, None where none, and names of divisions.

    None without `tree` where the table has no divisions of its own.
    """
    level = _core.parse_level(level)
    if level not in _DIGITS:
        raise fault("option.value", name="level", value=level, known=list(_DIGITS))
    if tree is None:
        return (_cut(table, _DIGITS[level]), {}) if table.has("division") else None
    units = tree.units_at(level)
    places = tree.table()
    codes = np.array([*places.texts("code"), None], dtype=object)
    pairs = zip(places.texts("code"), places.texts("name"), strict=True)
    names = {code: name for code, name in pairs if code and name}
    at = tree.place(table, crs=crs).division
    return codes[np.where(at < 0, -1, units[at])], names


def _cut(table: _core.Table, digits: int) -> Objects:
    """Canonical code of each row's division, shortened to so many digits; None where none."""
    texts = table.texts("division")
    codes: dict[str | None, str | None] = {None: None}
    for text in set(texts) - {None}:
        code = _core.division_code(text)
        codes[text] = code and _core.division_code(code[:digits])
    return np.fromiter(map(codes.get, texts), object, len(texts))


# ---- words -------------------------------------------------------------------------------------


def _sentences(result: Comparison, lang: str) -> list[str]:
    c, causes = result.counts(), result.causes()
    regions = result.by_region()._rows()
    zh = lang == "zh"
    comma, end = ("，", "。") if zh else (", ", ".")
    always = ("new", "gone", "worse", "better", "unchanged")
    parts = []
    for name, word in CHANGES.items():
        if not c[name] and name not in always:
            continue
        text = f"{word} {c[name]}" if zh else f"{name.replace('_', ' ')} {c[name]}"
        if name == "worse" and c["worse_to_red"]:
            red = c["worse_to_red"]
            text += f"（其中升为重大 {red}）" if zh else f" ({red} of them to red)"
        parts.append(text)
    head = "较上期：" if zh else "Since the earlier register: "
    out = [head + comma.join(parts) + end]
    sizes = (c["rows_before"], c["rows_after"])
    out.append(
        "上期 {} 行，本期 {} 行。".format(*sizes)
        if zh
        else "{} rows before, {} after.".format(*sizes)
    )
    moved = [
        f"{CAUSES.get(name, '原因不明') if zh else name} {n}" for name, n in causes.items() if n
    ]
    if moved:
        head = "等级或状态有变化的，原因（可兼有）：" if zh else "Where grade or state changed: "
        out.append(head + comma.join(moved) + end)
    if c["not_compared_before"] or c["not_compared_after"]:
        left = (c["not_compared_before"], c["not_compared_after"])
        out.append(
            "上期 {} 行、本期 {} 行未比较，见问题清单。".format(*left)
            if zh
            else "{} rows before and {} after were not compared; see the issues.".format(*left)
        )
    worst = sorted((r for r in regions if r["worse"]), key=lambda r: (-r["worse"], r["code"] or ""))
    if worst:
        names = [f"{r['name'] or r['code'] or '—'} {r['worse']}" for r in worst[:3]]
        head = "升级最多的区域：" if zh else "Most that got worse: "
        out.append(head + comma.join(names) + end)
    return out
