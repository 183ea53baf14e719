"""Two graded registers side by side: what is new, gone, worse, better, and what changed.

Rows are joined by a key. Every row of both registers has one fate: it is compared, or its key is
missing or stands more than once, and then an issue says so. Grades are compared; scores only where
one method, in one edition, gave both. The join and the comparison of cells work on whole columns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from operator import eq
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._core import Method, Pack
from .._display import counts_html, details, table_html
from .._errors import InputError, NotFoundError
from .._faults import fault
from .._result import Result
from ..core import Issues
from ..region import DivisionTree
from ..scoring import Graded, grade_table, input_headers
from ..scoring import method as find_method
from .frames import as_table
from .headers import map_headers, table_spec
from .results import NOT_GRADABLE, REJECTED, STATES, GradedTable, graded_table, read_result

__all__ = [
    "CAUSES",
    "CHANGES",
    "Comparison",
    "compare",
    "region_codes",
]

#: What may have become of a key, with the word for it.
CHANGES = {
    "new": "新增",
    "gone": "消失",
    "worse": "升级",
    "better": "降级",
    "unchanged": "等级不变",
    "became_graded": "转为已评定",
    "became_not_gradable": "转为无法评定",
    "became_rejected": "转为数据无效",
    "not_graded": "两期均未评定",
}
#: What may have changed in a row, with the word for it.
CAUSES = {
    "input": "评价因素",
    "method": "评价方法",
    "pack": "方法包",
    "direct": "直接判定",
    "other": "其他列",
}
_DIGITS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
_RESULT = (
    "method", "score", "grade", "level", "status", "band", "override", "clause", "explanation",
)  # fmt: skip
_GRAVE_FIRST = ("red", "orange", "yellow", "blue", "not_gradable", "rejected", "absent")
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

_Objects = NDArray[np.object_]
_Rows = NDArray[np.int64]


class _Cells(NamedTuple):
    """One column that differs in some rows: which, and what stood there."""

    name: str
    rows: _Rows
    before: _Objects
    after: _Objects


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

    def __init__(self, joined: _Joined, issues: Issues) -> None:
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
        worse = joined.change == _CODE["worse"]
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
        order = [STATES.index(name) for name in _GRAVE_FIRST]
        cells = cells[np.ix_(order, order)]
        table = _core.Table("transitions")
        table.add("before", list(_GRAVE_FIRST))
        for i, name in enumerate(_GRAVE_FIRST):
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

    def moved(self) -> _Rows:
        """Rows whose grade, state or columns are other than before, gravest first."""
        joined = self._joined
        rows = np.flatnonzero(
            ~np.isin(joined.change, (_CODE["unchanged"], _CODE["not_graded"])) | (joined.causes > 0)
        )
        grave = np.array([_GRAVE_FIRST.index(name) for name in STATES])
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

    def rows_table(self, rows: _Rows, lang: str = "zh") -> _core.Table:
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


_CODE = {name: code for code, name in enumerate(CHANGES)}
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
    joined = _join(sides[0], sides[1], keys, regions, found)
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


@dataclass(frozen=True)
class _Regions:
    """Division of each row of either side, and the names of divisions."""

    before: _Objects
    after: _Objects
    names: Mapping[str, str]


def _regions(
    sides: Sequence[GradedTable], tree: DivisionTree | None, level: str, crs: str
) -> _Regions | None:
    found = [region_codes(side.table, tree, level, crs) for side in sides]
    if found[0] is None or found[1] is None:
        return None
    return _Regions(found[0][0], found[1][0], found[0][1])


def region_codes(
    table: _core.Table, tree: DivisionTree | None, level: str, crs: str
) -> tuple[_Objects, Mapping[str, str]] | None:
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


def _cut(table: _core.Table, digits: int) -> _Objects:
    """Canonical code of each row's division, shortened to so many digits; None where none."""
    texts = table.texts("division")
    codes: dict[str | None, str | None] = {None: None}
    for text in set(texts) - {None}:
        code = _core.division_code(text)
        codes[text] = code and _core.division_code(code[:digits])
    return np.fromiter(map(codes.get, texts), object, len(texts))


# ---- the join ----------------------------------------------------------------------------------


def _join(
    before: GradedTable,
    after: GradedTable,
    keys: list[str],
    regions: _Regions | None,
    found: _core.IssueTable,
) -> _Joined:
    m, n = before.table.rows, after.table.rows
    code = np.zeros(m + n, np.int64)
    missing = np.zeros(m + n, bool)
    for name in keys:
        here, gap = _codes(_clean(before.table, name), _clean(after.table, name))
        missing |= gap
        code = here if len(keys) == 1 else np.unique(code * (m + n) + here, return_inverse=True)[1]
    usable = ~missing & (np.concatenate([before.states, after.states]) >= 0)
    alive = usable & (np.concatenate([before.states, after.states]) != REJECTED)
    positions: list[_Rows] = []
    bad = np.zeros(m + n, bool)
    for side, part in ((before, slice(0, m)), (after, slice(m, m + n))):
        here, fine = code[part], usable[part]
        times = np.bincount(here[fine], minlength=m + n)
        rows = np.flatnonzero(fine)
        if keys == ["id"]:
            # Equal rows of one id: grading keeps one and rejects the others as its repetitions.
            kept = np.bincount(here[alive[part]], minlength=m + n)
            alone = (times == 1) | (kept == 1)
            rows = rows[(times[here[rows]] == 1) | alive[part][rows]]
        else:
            alone = times == 1
        at = np.full(m + n, -1, np.int64)
        at[here[rows]] = rows
        at[~alone] = -1
        twice = (times > 0) & ~alone
        bad |= twice
        positions.append(at)
        _report(side, part.start, here, missing[part], times, twice, keys, found)
    for at in positions:
        at[bad] = -1
    left, right = positions
    rows_after = np.sort(right[right >= 0])
    pair = left[code[m + rows_after]]
    gone = np.sort(left[(left >= 0) & (right < 0)])
    ia = np.concatenate([pair, gone])
    ib = np.concatenate([rows_after, np.full(len(gone), -1, np.int64)])
    left_out = (m - int(np.count_nonzero(ia >= 0)), n - int(np.count_nonzero(ib >= 0)))
    return _Joined(before, after, tuple(keys), ia, ib, left_out, regions)


def _clean(table: _core.Table, name: str) -> list[str]:
    """Texts of a column, without blanks at the ends; empty where missing."""
    cells = _texts(table, name)
    return list(map(str.strip, cells.tolist()))


def _texts(table: _core.Table, name: str) -> _Objects:
    """Printed texts of a column, empty where missing."""
    if table.type(name) == "text":
        cells: _Objects = table.column(name)
    else:
        cells = np.array(table.texts(name), dtype=object)
    cells = cells.copy()
    cells[cells == None] = ""  # noqa: E711  (element by element)
    return cells


def _codes(before: list[str], after: list[str]) -> tuple[_Rows, NDArray[np.bool_]]:
    """One number for each different text of both lists, and where there is none."""
    index: dict[str, int] = {}
    total = len(before) + len(after)
    # setdefault and count run without a step of Python code for each row.
    code = np.fromiter(map(index.setdefault, chain(before, after), count()), np.int64, total)
    return code, code == index.get("", -1)


def _report(
    side: GradedTable,
    start: int,
    code: _Rows,
    missing: NDArray[np.bool_],
    times: NDArray[np.int64],
    repeated: NDArray[np.bool_],
    keys: Sequence[str],
    found: _core.IssueTable,
) -> None:
    """Issues for rows of one side that cannot be compared."""
    word = "before" if start == 0 else "after"
    table, name = side.table, "+".join(keys)

    def add(issue: str, row: int, value: str, *args: str) -> None:
        found.add(
            issue,
            table=word,
            source=table.source,
            row=row,
            line=table.line(row),
            column=name,
            value=value,
            args=args,
        )

    gaps = np.flatnonzero(missing)
    if len(gaps):
        add("io.compare_key_missing", int(gaps[0]), "", str(len(gaps)))
    odd = np.flatnonzero(side.states < 0)
    if len(odd):
        row = int(odd[0])
        value = f"{table.texts('grade')[row]} / {table.texts('status')[row]}"
        add("io.compare_state_unknown", row, value, str(len(odd)))
    twice = np.flatnonzero(repeated[code] & ~missing & (side.states >= 0))
    if not len(twice):
        return
    first = twice[np.unique(code[twice], return_index=True)[1]]
    first.sort()
    cells = [_texts(table, key) for key in keys]
    for row in first.tolist():
        value = " + ".join(column[row] for column in cells)
        add("io.compare_key_repeated", row, value, str(int(times[code[row]])))


class _Joined:
    """Rows of two registers side by side; index -1 where a side has none."""

    def __init__(
        self,
        before: GradedTable,
        after: GradedTable,
        keys: tuple[str, ...],
        ia: _Rows,
        ib: _Rows,
        left_out: tuple[int, int],
        regions: _Regions | None,
    ) -> None:
        self.before, self.after, self.keys = before, after, keys
        self.ia, self.ib, self.left_out, self.regions = ia, ib, left_out, regions
        self.state_before = _pick(before.states, ia, np.int8(0))
        self.state_after = _pick(after.states, ib, np.int8(0))
        self.both: NDArray[np.bool_] = (ia >= 0) & (ib >= 0)
        self.change = self._changes()

    def _changes(self) -> NDArray[np.int8]:
        a, b = self.state_before, self.state_after
        graded_a, graded_b = (a > 0) & (a < NOT_GRADABLE), (b > 0) & (b < NOT_GRADABLE)
        names = [
            (a == 0, "new"),
            (b == 0, "gone"),
            (graded_a & graded_b & (b > a), "worse"),
            (graded_a & graded_b & (b < a), "better"),
            (graded_a & graded_b, "unchanged"),
            (graded_b, "became_graded"),
            (graded_a & (b == NOT_GRADABLE), "became_not_gradable"),
            (graded_a & (b == REJECTED), "became_rejected"),
        ]
        codes = [np.int8(_CODE[name]) for _, name in names]
        found = np.select([mask for mask, _ in names], codes, np.int8(_CODE["not_graded"]))
        return found.astype(np.int8)

    # -- what changed --

    @cached_property
    def methods(self) -> tuple[_Objects, _Objects]:
        """Method of each key, empty where there is none."""
        return self._pair("method")

    def _pair(self, name: str) -> tuple[_Objects, _Objects]:
        """A column of either side for each key, empty where a side has none."""
        out = []
        for side, index in ((self.before, self.ia), (self.after, self.ib)):
            if side.table.has(name):
                out.append(_pick(_texts(side.table, name), index, ""))
            else:
                out.append(np.full(len(index), "", dtype=object))
        return out[0], out[1]

    @cached_property
    def _inputs(self) -> set[str]:
        """Columns that decide a grade: factors, their parts, and what direct rules ask."""
        names: set[str] = set()
        for identity in self._used_methods():
            try:
                found = find_method(identity)
            except (NotFoundError, InputError):  # a pack of the user's
                continue
            names.update(one["id"] for one in found.inputs)
            names.update(part["id"] for f in found.factors for part in f["parts"])
        if not names:
            names.update("LECS")
        for pack in _core.packs():
            if pack.kind == "direct_rules":
                columns = json.loads(pack.canonical)["content"]["columns"]
                names.update(column["id"] for column in columns)
        return names

    def _used_methods(self) -> list[str]:
        found = set(self.methods[0].tolist()) | set(self.methods[1].tolist())
        return sorted(found - {""})

    @cached_property
    def cells(self) -> list[_Cells]:
        """Columns of both registers that differ somewhere; the deciding ones first."""
        rows = np.flatnonzero(self.both)
        ia, ib = self.ia[rows], self.ib[rows]
        there = [
            name
            for name in self.after.table.names
            if self.before.table.has(name) and name not in _RESULT and name not in self.keys
        ]
        there.sort(key=lambda name: name not in self._inputs)
        out = []
        for name in there:
            cells = _differing(self.before.table, self.after.table, name, rows, ia, ib)
            if len(cells.rows):
                out.append(cells)
        return out

    @cached_property
    def _method_differs(self) -> NDArray[np.bool_]:
        a, b = self.methods
        both: NDArray[np.bool_] = self.both & (a != b).astype(bool)
        known: NDArray[np.bool_] = (a != "").astype(bool) & (b != "").astype(bool)
        return both & known

    @cached_property
    def _pack_differs(self) -> NDArray[np.bool_]:
        a, b = self.methods
        out = np.zeros(len(self.both), bool)
        for identity in self.before.packs.keys() & self.after.packs.keys():
            if self.before.packs[identity] != self.after.packs[identity]:
                out |= self.both & (a == identity).astype(bool) & (b == identity).astype(bool)
        return out

    @cached_property
    def overrides(self) -> tuple[_Objects, _Objects]:
        """Direct-determination rule of each key, empty where there is none."""
        return self._pair("override")

    @cached_property
    def causes(self) -> NDArray[np.int8]:
        """Bits in the order of `CAUSES`."""
        out = np.zeros(len(self.both), np.int8)
        a, b = self.overrides
        out[self._method_differs] |= np.int8(2)
        out[self._pack_differs] |= np.int8(4)
        out[self.both & (a != b).astype(bool)] |= np.int8(8)
        for cells in self.cells:
            out[cells.rows] |= np.int8(1 if cells.name in self._inputs else 16)
        return out

    def note(self, found: _core.IssueTable) -> None:
        """Issues for what limits the comparison."""
        for side, other, word in (
            (self.before, self.after, "before"),
            (self.after, self.before, "after"),
        ):
            alone = [
                name
                for name in side.table.names
                if not other.table.has(name) and name not in _RESULT
            ]
            if alone:
                found.add(
                    "io.compare_column_alone",
                    table=word,
                    source=side.table.source,
                    args=["、".join(alone)],
                )
        differ = int(np.count_nonzero(self._method_differs))
        if differ:
            row = int(np.flatnonzero(self._method_differs)[0])
            example = f"{self.methods[0][row]} → {self.methods[1][row]}"
            found.add("io.compare_methods_differ", table="after", value=example, args=[str(differ)])
        unknown = [
            identity
            for identity in self._used_methods()
            if not (identity in self.before.packs and identity in self.after.packs)
            and (self.methods[0] == identity).any()
            and (self.methods[1] == identity).any()
        ]
        if unknown:
            found.add("io.compare_edition_unknown", table="after", args=["、".join(unknown)])

    # -- tables --

    def rows_table(self, rows: _Rows | None = None, lang: str = "") -> _core.Table:
        """One row for each key; all of them, or those of these numbers."""
        take = np.arange(len(self.change)) if rows is None else rows
        table = _core.Table("comparison")
        for name in self.keys:
            table.add(name, self._later(name, take))
        for name in ("name", "enterprise", "division"):
            there = self.before.table.has(name) or self.after.table.has(name)
            if name not in self.keys and there:
                table.add(name, self._later(name, take))
        table.add("change", np.array(list(CHANGES), object)[self.change[take]])
        words = np.array(STATES, object)
        table.add("before", words[self.state_before[take]])
        table.add("after", words[self.state_after[take]])
        scores = [
            _pick(side.table.numbers("score"), index[take], np.nan)
            if side.table.has("score")
            else np.full(len(take), np.nan)
            for side, index in ((self.before, self.ia), (self.after, self.ib))
        ]
        table.add("score_before", scores[0])
        table.add("score_after", scores[1])
        a, b = self.methods
        one = (a == b).astype(bool) & (a != "").astype(bool) & ~self._pack_differs
        table.add("score_change", np.where(one[take], scores[1] - scores[0], np.nan))
        for name, (old, new) in (("method", self.methods), ("override", self.overrides)):
            table.add(f"{name}_before", _or_none(old[take]))
            table.add(f"{name}_after", _or_none(new[take]))
        combined = [
            ";".join(c for i, c in enumerate(CAUSES) if bits >> i & 1) or None for bits in range(32)
        ]
        table.add("causes", np.array(combined, object)[self.causes[take]])
        changed, changes = self._words(lang)
        table.add("changed", _or_none(changed[take]))
        table.add("changes", _or_none(changes[take]))
        return table

    def _later(self, name: str, take: _Rows) -> _Objects:
        a, b = self._pair(name)
        return _or_none(np.where(self.ib >= 0, b, a)[take])

    def _words(self, lang: str) -> tuple[_Objects, _Objects]:
        """Names of the columns that differ in each row, and what stood there before and after."""
        n = len(self.change)
        changed, changes = np.full(n, "", object), np.full(n, "", object)
        labels = table_spec("risk_points").labels if lang == "zh" else {}
        empty = {"zh": "（空）", "en": "(empty)"}.get(lang, "null")
        mark = "；" if lang == "zh" else "; "
        for name, rows, old, new in self._all_cells():
            title = labels.get(name, {"method": "评价方法", "override": "直接判定"}.get(name, name))
            shown = title if lang == "zh" else name
            more = changed[rows] != ""
            old, new = (np.where(side == "", empty, side) for side in (old, new))
            changed[rows] = changed[rows] + np.where(more, ";", "") + name
            piece = np.where(more, mark, "") + (shown + " ") + old + "→" + new
            changes[rows] = changes[rows] + piece
        return changed, changes

    def _all_cells(self) -> list[_Cells]:
        out = []
        for name, (a, b), mask in (
            ("method", self.methods, self._method_differs),
            ("override", self.overrides, None),
        ):
            rows = np.flatnonzero(self.both & (a != b).astype(bool) if mask is None else mask)
            if len(rows):
                out.append(_Cells(name, rows, a[rows], b[rows]))
        return out + self.cells

    def regions_table(self) -> _core.Table:
        """Changes by division."""
        table = _core.Table("regions")
        names = ["before", "after", *CHANGES, "moved_in", "moved_out"]
        sides = [f"{grade}_{side}" for grade in _GRAVE_FIRST[:4] for side in ("before", "after")]
        if self.regions is None:
            for name in ("code", "name"):
                table.add(name, np.empty(0, object))
            for name in [*names, *sides]:
                table.add(name, np.empty(0, np.int64))
            return table
        old = _or_none(_pick(self.regions.before, self.ia, None))
        new = _or_none(_pick(self.regions.after, self.ib, None))
        index: dict[str | None, int] = {}
        code = np.fromiter(
            map(index.setdefault, chain(old.tolist(), new.tolist()), count()),
            np.int64,
            2 * len(old),
        )
        order = sorted(index, key=lambda text: (text is None, text or ""))
        place = np.zeros(2 * len(old) + 1, np.int64)
        place[[index[text] for text in order]] = np.arange(len(order))
        was, now = place[code[: len(old)]], place[code[len(old) :]]
        here = np.where(self.ib >= 0, now, was)

        def total(where: _Rows, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(where[mask], minlength=len(order)).astype(np.int64)

        moved = self.both & (was != now)
        columns = {"before": total(was, self.ia >= 0), "after": total(now, self.ib >= 0)}
        columns |= {name: total(here, self.change == _CODE[name]) for name in CHANGES}
        columns |= {"moved_in": total(now, moved), "moved_out": total(was, moved)}
        for grade in _GRAVE_FIRST[:4]:
            state = STATES.index(grade)
            columns[f"{grade}_before"] = total(was, self.state_before == state)
            columns[f"{grade}_after"] = total(now, self.state_after == state)
        # None stands in the list for keys that are on the other side only; leave an empty row out.
        keep = np.flatnonzero((columns["before"] > 0) | (columns["after"] > 0))
        codes = [order[i] for i in keep.tolist()]
        table.add("code", np.array(codes, object))
        table.add("name", np.array([self.regions.names.get(c or "") for c in codes], object))
        for name in [*names, *sides]:
            table.add(name, columns[name][keep])
        return table


def _pick(values: Any, index: _Rows, missing: Any) -> Any:
    """Values at these places, `missing` at -1."""
    if not len(values):
        return np.full(len(index), missing, dtype=values.dtype)
    out = values[index]
    out[index < 0] = missing
    return out


def _or_none(texts: _Objects) -> _Objects:
    out = texts.copy()
    out[out == ""] = None
    return out


def _differing(
    a: _core.Table, b: _core.Table, name: str, rows: _Rows, ia: _Rows, ib: _Rows
) -> _Cells:
    """Rows in which a column of two tables differs; numbers are compared as numbers."""
    number = ("number", "integer")
    wanted = table_spec("risk_points").types.get(name) in number
    kinds = [table.type(name) in number for table in (a, b)]
    other = np.ones(len(rows), bool)
    if wanted or any(kinds):
        x, y = a.numbers(name)[ia], b.numbers(name)[ib]
        both = np.isfinite(x) & np.isfinite(y)
        other = np.where(both, x != y, True)
        if all(kinds):
            other &= ~(np.isnan(x) & np.isnan(y))
    at = np.flatnonzero(other)
    if not len(at):
        empty = np.empty(0, object)
        return _Cells(name, at, empty, empty)
    old, new = _texts(a, name)[ia[at]], _texts(b, name)[ib[at]]
    differs = np.flatnonzero((old != new).astype(bool))
    return _Cells(name, rows[at[differs]], old[differs], new[differs])


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
