"""Two registers side by side: which rows are one key's, and what differs in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._errors import InputError, NotFoundError
from ..scoring import method as find_method
from .headers import table_spec
from .results import NOT_GRADABLE, REJECTED, STATES, GradedTable

__all__ = [
    "CAUSES",
    "CHANGES",
    "CODE",
    "GRAVE_FIRST",
    "Cells",
    "Joined",
    "Objects",
    "Regions",
    "Rows",
    "join",
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
_RESULT = (
    "method", "score", "grade", "level", "status", "band", "override", "clause", "explanation",
)  # fmt: skip
GRAVE_FIRST = ("red", "orange", "yellow", "blue", "not_gradable", "rejected", "absent")
#: Number of each of `CHANGES`.
CODE = {name: code for code, name in enumerate(CHANGES)}

Objects = NDArray[np.object_]
Rows = NDArray[np.int64]


class Cells(NamedTuple):
    """One column that differs in some rows: which, and what stood there."""

    name: str
    rows: Rows
    before: Objects
    after: Objects


@dataclass(frozen=True)
class Regions:
    """Division of each row of either side, and the names of divisions."""

    before: Objects
    after: Objects
    names: Mapping[str, str]


def join(
    before: GradedTable,
    after: GradedTable,
    keys: list[str],
    regions: Regions | None,
    found: _core.IssueTable,
) -> Joined:
    """Rows of one key side by side; what is compared with nothing is an issue in `found`."""
    m, n = before.table.rows, after.table.rows
    code = np.zeros(m + n, np.int64)
    missing = np.zeros(m + n, bool)
    for name in keys:
        here, gap = _codes(_clean(before.table, name), _clean(after.table, name))
        missing |= gap
        code = here if len(keys) == 1 else np.unique(code * (m + n) + here, return_inverse=True)[1]
    usable = ~missing & (np.concatenate([before.states, after.states]) >= 0)
    alive = usable & (np.concatenate([before.states, after.states]) != REJECTED)
    positions: list[Rows] = []
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
    return Joined(before, after, tuple(keys), ia, ib, left_out, regions)


def _clean(table: _core.Table, name: str) -> list[str]:
    """Texts of a column, without blanks at the ends; empty where missing."""
    cells = _texts(table, name)
    return list(map(str.strip, cells.tolist()))


def _texts(table: _core.Table, name: str) -> Objects:
    """Printed texts of a column, empty where missing."""
    if table.type(name) == "text":
        cells: Objects = table.column(name)
    else:
        cells = np.array(table.texts(name), dtype=object)
    cells = cells.copy()
    cells[cells == None] = ""  # noqa: E711  (element by element)
    return cells


def _codes(before: list[str], after: list[str]) -> tuple[Rows, NDArray[np.bool_]]:
    """One number for each different text of both lists, and where there is none."""
    index: dict[str, int] = {}
    total = len(before) + len(after)
    # setdefault and count run without a step of Python code for each row.
    code = np.fromiter(map(index.setdefault, chain(before, after), count()), np.int64, total)
    return code, code == index.get("", -1)


def _report(
    side: GradedTable,
    start: int,
    code: Rows,
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


class Joined:
    """Rows of two registers side by side; index -1 where a side has none."""

    def __init__(
        self,
        before: GradedTable,
        after: GradedTable,
        keys: tuple[str, ...],
        ia: Rows,
        ib: Rows,
        left_out: tuple[int, int],
        regions: Regions | None,
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
        codes = [np.int8(CODE[name]) for _, name in names]
        found = np.select([mask for mask, _ in names], codes, np.int8(CODE["not_graded"]))
        return found.astype(np.int8)

    # -- what changed --

    @cached_property
    def methods(self) -> tuple[Objects, Objects]:
        """Method of each key, empty where there is none."""
        return self._pair("method")

    def _pair(self, name: str) -> tuple[Objects, Objects]:
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
    def cells(self) -> list[Cells]:
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
    def overrides(self) -> tuple[Objects, Objects]:
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

    def rows_table(self, rows: Rows | None = None, lang: str = "") -> _core.Table:
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

    def _later(self, name: str, take: Rows) -> Objects:
        a, b = self._pair(name)
        return _or_none(np.where(self.ib >= 0, b, a)[take])

    def _words(self, lang: str) -> tuple[Objects, Objects]:
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

    def _all_cells(self) -> list[Cells]:
        out = []
        for name, (a, b), mask in (
            ("method", self.methods, self._method_differs),
            ("override", self.overrides, None),
        ):
            rows = np.flatnonzero(self.both & (a != b).astype(bool) if mask is None else mask)
            if len(rows):
                out.append(Cells(name, rows, a[rows], b[rows]))
        return out + self.cells

    def regions_table(self) -> _core.Table:
        """Changes by division."""
        table = _core.Table("regions")
        names = ["before", "after", *CHANGES, "moved_in", "moved_out"]
        sides = [f"{grade}_{side}" for grade in GRAVE_FIRST[:4] for side in ("before", "after")]
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

        def total(where: Rows, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(where[mask], minlength=len(order)).astype(np.int64)

        moved = self.both & (was != now)
        columns = {"before": total(was, self.ia >= 0), "after": total(now, self.ib >= 0)}
        columns |= {name: total(here, self.change == CODE[name]) for name in CHANGES}
        columns |= {"moved_in": total(now, moved), "moved_out": total(was, moved)}
        for grade in GRAVE_FIRST[:4]:
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


def _pick(values: Any, index: Rows, missing: Any) -> Any:
    """Values at these places, `missing` at -1."""
    if not len(values):
        return np.full(len(index), missing, dtype=values.dtype)
    out = values[index]
    out[index < 0] = missing
    return out


def _or_none(texts: Objects) -> Objects:
    out = texts.copy()
    out[out == ""] = None
    return out


def _differing(a: _core.Table, b: _core.Table, name: str, rows: Rows, ia: Rows, ib: Rows) -> Cells:
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
        return Cells(name, at, empty, empty)
    old, new = _texts(a, name)[ia[at]], _texts(b, name)[ib[at]]
    differs = np.flatnonzero((old != new).astype(bool))
    return Cells(name, rows[at[differs]], old[differs], new[differs])
