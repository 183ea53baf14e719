"""Re-grading: the same rows under another edition or method, who changed, and what made the difference.

Inputs do not change here, so whatever differs is due to the rules: the value read from an input, a
step, the edge of a band, an override, a colour map, or another formula altogether. The two
explanations of a row are compared in this order, and the first difference is the cause.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._display import chip, details, table_html
from ._errors import InputError
from ._result import MadeTable, Result
from .core import Issues
from .scoring import Graded

__all__ = ["CAUSE_WORDS", "CHANGE_WORDS", "Regraded"]

_GRADES = ("red", "orange", "yellow", "blue")
_STATUS = {
    "graded": ("已评定", "graded"),
    "not_gradable": ("无法评定", "not gradable"),
    "rejected": ("数据无效", "rejected"),
}
_GRADE_WORDS = {"red": "重大风险", "orange": "较大风险", "yellow": "一般风险", "blue": "低风险"}
#: Chinese words for what becomes of a row.
CHANGE_WORDS = {
    "worse": "升级",
    "better": "降级",
    "other": "级别不可比",
    "became_graded": "变为已评定",
    "became_not_gradable": "变为无法评定",
    "became_rejected": "变为数据无效",
    "unchanged": "不变",
    "not_graded": "两次均未评定",
}
#: Chinese words for what made the difference.
CAUSE_WORDS = {
    "status": "能否评定",
    "override": "直接判定",
    "factor": "取值",
    "step": "步骤",
    "edge": "分级界线",
    "colours": "配色",
    "method": "方法不同",
}


class Regraded(Result):
    """The same rows graded twice: before and after a change of rules.

    Columns: ``id``; ``before``, ``after`` (colour, else the level's label, else the status); ``change``
    (``worse better other became_graded became_not_gradable became_rejected unchanged not_graded``);
    ``score_before score_after band_before band_after method_before method_after override_before
    override_after``; ``cause`` (``status override factor step edge colours method``, None where
    nothing changed); ``why``, a sentence.

    Attributes
    ----------
    before, after
        The two gradings.
    """

    _kind = "regraded"

    def __init__(
        self,
        before: Graded,
        after: Graded,
        regions: tuple[NDArray[np.object_], Mapping[str, str | None]] | None = None,
        lang: str = "zh",
    ) -> None:
        if len(before) != len(after):
            raise InputError(
                f"{len(before)} rows before and {len(after)} after are not the same rows"
            )
        self.before = before
        self.after = after
        self._regions = regions
        self._lang = lang
        self._sides = [_Side(before), _Side(after)]
        self._change = _changes(*self._sides)
        self._causes: list[str | None] = [None] * len(before)
        self._said: dict[int, tuple[str, str]] = {}
        self._explain_changes()

    # -- why --

    def _explain_changes(self) -> None:
        rows = self.changed_rows().tolist()
        a, b = (side.rows(rows) for side in self._sides)
        known: dict[tuple[Any, ...], tuple[str, str, str]] = {}
        for row, was, now in zip(rows, a, b, strict=True):
            key = (_key(was), _key(now))
            if was["status"] != "graded" or now["status"] != "graded":
                found = self._status_cause(row, was, now)
            elif key in known:
                found = known[key]
            else:
                found = known[key] = _cause(was, now, *self._sides)
            self._causes[row] = found[0]
            self._said[row] = (found[1], found[2])

    def _status_cause(
        self, row: int, was: Mapping[str, Any], now: Mapping[str, Any]
    ) -> tuple[str, str, str]:
        worse = self.after if now["status"] != "graded" else self.before
        reasons = [
            tuple(
                "；".join(
                    issue["message"] for issue in worse.explain(row, lang).to_dict()["issues"]
                )
                for lang in ("zh", "en")
            )
        ]
        zh, en = reasons[0]
        a, b = _STATUS[was["status"]], _STATUS[now["status"]]
        early = ("原来", "before") if worse is self.before else ("现在", "now")
        return (
            "status",
            f"{a[0]} → {b[0]}：{early[0]}{zh}",
            f"{a[1]} → {b[1]}: {early[1]} {en}",
        )

    def changed_rows(self) -> NDArray[np.int64]:
        """Rows whose colour, level or status changed, in the order of the register."""
        same = np.isin(self._change, ["unchanged", "not_graded"])
        return np.flatnonzero(~same)

    def why(self, row: int, lang: str = "zh") -> str | None:
        """What made the difference in row `row`; None where nothing changed."""
        said = self._said.get(int(row))
        return None if said is None else said[lang != "zh"]

    # -- tables --

    def _table(self) -> _core.Table:
        return self.rows_table(None, self._lang)

    def rows_table(self, rows: Sequence[int] | None = None, lang: str = "zh") -> _core.Table:
        """All rows, or those of these numbers."""
        a, b = self._sides
        table = _core.Table("regraded")
        whole = rows is None
        take = np.arange(len(self._change)) if rows is None else np.asarray(rows, dtype=np.int64)
        ids = self.before._table()
        table.add_from("id", ids if whole else ids.take(take.tolist()), "id")
        table.add("before", a.states[take])
        table.add("after", b.states[take])
        table.add("change", self._change[take])
        for name in ("score", "band", "method", "override"):
            for side, word in ((a, "before"), (b, "after")):
                shown = side.graded._table()
                part = shown if whole else shown.take(take.tolist())
                table.add_from(f"{name}_{word}", part, name)
        picked = take.tolist()
        table.add("cause", [self._causes[row] for row in picked])
        table.add("why", [self.why(row, lang) for row in picked])
        return table

    def counts(self) -> dict[str, int]:
        """``rows``, then rows by change; their sum is ``rows``."""
        found = {name: int(np.count_nonzero(self._change == name)) for name in CHANGE_WORDS}
        return {"rows": len(self._change)} | found

    def causes(self) -> dict[str, int]:
        """How many rows each cause changed."""
        found = [cause for cause in self._causes if cause is not None]
        return {name: found.count(name) for name in CAUSE_WORDS if name in found}

    def matrix(self) -> Result:
        """Rows by what they were (down) and what they are (across): ``before``, states, ``total``."""
        a, b = (side.states for side in self._sides)
        states = _ordered(self._sides)
        place = {state: k for k, state in enumerate(states)}
        n = len(states)
        at = [np.fromiter((place[s] for s in side), np.int64, len(side)) for side in (a, b)]
        cells = np.bincount(at[0] * n + at[1], minlength=n * n).reshape(n, n)
        table = _core.Table("matrix")
        table.add("before", [*states, "total"])
        for k, state in enumerate(states):
            table.add(state, np.append(cells[:, k], cells[:, k].sum()))
        table.add("total", np.append(cells.sum(axis=1), cells.sum()))
        return _Matrix(table, "matrix")

    def by_region(self) -> Result:
        """Changes by division: ``code name rows worse better …`` and each colour before and after.

        Raises
        ------
        InputError
            The register has no divisions, and none were given.
        """
        if self._regions is None:
            raise InputError("no regions: the register has no column division; give divisions=")
        codes, names = self._regions
        order = sorted(set(codes.tolist()), key=lambda code: (code is None, code or ""))
        place = {code: k for k, code in enumerate(order)}
        at = np.fromiter((place[code] for code in codes), np.int64, len(codes))

        def total(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(at[mask], minlength=len(order)).astype(np.int64)

        table = _core.Table("regions")
        table.add("code", order)
        table.add("name", [names.get(code or "") for code in order])
        table.add("rows", total(np.ones(len(at), bool)))
        for name in CHANGE_WORDS:
            table.add(name, total(self._change == name))
        for grade in _GRADES:
            for side, word in zip(self._sides, ("before", "after"), strict=True):
                table.add(f"{grade}_{word}", total(side.states == grade))
        return MadeTable(table, "regions")

    @property
    def issues(self) -> Issues:
        """What was wrong with the register in either grading."""
        return self.before.issues + self.after.issues

    # -- words --

    def sentences(self, lang: str = "zh") -> list[str]:
        """What changed, in a few sentences."""
        zh = lang == "zh"
        counts, causes = self.counts(), self.causes()
        comma, end = ("，", "。") if zh else (", ", ".")
        names = [" / ".join(m.id for m in side.graded.methods) for side in self._sides]
        out = [
            f"同一登记表 {counts['rows']} 行，由 {names[0]} 改按 {names[1]} 评定。"
            if zh
            else f"{counts['rows']} rows, graded by {names[0]} and again by {names[1]}."
        ]
        shown = [name for name in CHANGE_WORDS if counts[name] or name in ("worse", "better")]
        parts = [
            f"{CHANGE_WORDS[name] if zh else name.replace('_', ' ')} {counts[name]}"
            for name in shown
        ]
        out.append(comma.join(parts) + end)
        if causes:
            told = [f"{CAUSE_WORDS[name] if zh else name} {n}" for name, n in causes.items()]
            out.append(
                ("变化的原因：" if zh else "What made the difference: ") + comma.join(told) + end
            )
        return out

    def state_word(self, state: str, lang: str = "zh") -> str:
        """A state as a person reads it."""
        if lang != "zh":
            return state.replace("_", " ")
        return _GRADE_WORDS.get(state) or _STATUS.get(state, (state,))[0]

    def __len__(self) -> int:
        return len(self._change)

    def __repr__(self) -> str:
        c = self.counts()
        other = c["rows"] - c["worse"] - c["better"] - c["unchanged"] - c["not_graded"]
        return (
            f"<safetyrisk regraded: {c['rows']} rows = {c['worse']} worse + {c['better']} better "
            f"+ {other} otherwise changed + {c['unchanged']} unchanged "
            f"+ {c['not_graded']} not graded>"
        )

    def _repr_html_(self) -> str:
        return self._html(12, self._lang)

    def _html(self, shown: int, lang: str = "zh") -> str:
        zh = lang == "zh"
        rows = self.changed_rows().tolist()
        matrix = self.matrix()._rows()
        heads = {"before": "原＼新" if zh else "before"}
        heads |= {s: self.state_word(s, lang) for s in _ordered(self._sides)}
        heads["total"] = "合计" if zh else "total"
        for one in matrix:
            one["before"] = heads.get(one["before"], one["before"])
        parts = ["<br>".join(html.escape(s) for s in self.sentences(lang))]
        parts.append(table_html(matrix, heads))
        if self._regions is not None and rows:
            regions = [r for r in self.by_region()._rows() if r["rows"] != r["unchanged"]]
            columns = {
                "code": "区划",
                "name": "名称",
                "rows": "行数",
                "worse": "升级",
                "better": "降级",
            }
            if not zh:
                columns = {name: name for name in columns}
            parts.append(table_html(regions[: max(shown, 12)], columns))
        listed = MadeTable(self.rows_table(rows[:shown], lang), "rows")._rows()
        columns = {"id": "编号", "before": "原", "after": "新", "cause": "原因", "why": "说明"}
        if not zh:
            columns = {name: name for name in columns}
        parts.append(self._rows_html(listed, columns, lang))
        if len(rows) > shown:
            left = len(rows) - shown
            parts.append(f"另有 {left} 行变化未在此显示" if zh else f"{left} more changed rows")
        return details("重新评定" if zh else "Graded again", *parts)

    def _rows_html(
        self, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], lang: str
    ) -> str:
        """The changed rows, states as chips."""
        out = []
        for one in rows:
            chips = {
                side: chip(one[side] if one[side] in _GRADES else "unassessed", self.state_word(one[side], lang))
                for side in ("before", "after")
            }  # fmt: skip
            cause = CAUSE_WORDS[one["cause"]] if lang == "zh" else one["cause"]
            cells = [html.escape(str(one["id"])), chips["before"], chips["after"],
                     html.escape(cause), html.escape(one["why"])]  # fmt: skip
            out.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        if not out:
            return ""
        head = "".join(f"<th>{html.escape(title)}</th>" for title in columns.values())
        return (
            '<div style="overflow-x:auto"><table style="border-spacing:8px 2px;font-size:90%;'
            f'text-align:left"><thead><tr>{head}</tr></thead><tbody>{"".join(out)}</tbody></table></div>'
        )


class _Matrix(MadeTable):
    """States before by states after."""

    def _repr_html_(self) -> str:
        return details("等级变化", table_html(self._rows(), {n: n for n in self._made.names}))


class _Side:
    """One grading, as what is compared."""

    def __init__(self, graded: Graded) -> None:
        self.graded = graded
        self.table = graded.explanations()._table()
        self.ranks: dict[tuple[str, str], tuple[str, int]] = {}
        for one in graded.methods:
            for rank, band in enumerate(one.bands):
                self.ranks[one.id, band["label"]] = (one.scale["id"], rank)
        self.ranges = {one.id: _ranges(one.pack.canonical) for one in graded.methods}
        grades = _texts(self.table, "grade")
        status = _texts(self.table, "status")
        labels = _texts(self.table, "band_label")
        graded_rows = status == "graded"
        coloured = grades != None  # noqa: E711  (an array of objects)
        # A rate has no level: all that can be said is that it was found.
        plain = np.where(labels != None, labels, status)  # noqa: E711
        self.states = np.where(graded_rows, np.where(coloured, grades, plain), status)
        self.coloured = graded_rows & coloured
        self.is_graded = graded_rows
        self.labels = labels
        self.methods = _texts(self.table, "method")

    def rows(self, rows: list[int]) -> list[dict[str, Any]]:
        """Explanations of these rows as dicts."""
        return MadeTable(self.table.take(rows), "rows")._rows() if rows else []


def _texts(table: _core.Table, name: str) -> NDArray[np.object_]:
    """A column of few texts as objects."""
    coded = table.categories(name)
    if coded is None:
        return np.array(table.column(name), dtype=object)
    codes, texts = coded
    out: NDArray[np.object_] = np.array([*texts, None], dtype=object)[np.asarray(codes)]
    return out


def _ordered(sides: Sequence[_Side]) -> list[str]:
    """States that occur: colours from the gravest, labels by rank, then rows without a level."""
    seen = set(sides[0].states) | set(sides[1].states)
    labels: dict[str, int] = {}
    for side in sides:
        for (_, label), (_, rank) in side.ranks.items():
            labels.setdefault(label, rank)
    middle = sorted(
        (s for s in seen if s not in _GRADES and s not in _STATUS),
        key=lambda s: (labels.get(s, 99), s),
    )
    return [
        *(g for g in _GRADES if g in seen),
        *middle,
        *(s for s in _STATUS if s in seen),
    ]


def _changes(a: _Side, b: _Side) -> NDArray[np.object_]:
    """What became of each row."""
    n = len(a.states)
    out = np.full(n, "unchanged", dtype=object)
    out[~a.is_graded & ~b.is_graded] = "not_graded"
    out[~a.is_graded & b.is_graded] = "became_graded"
    for status in ("not_gradable", "rejected"):
        out[a.is_graded & (b.states == status)] = f"became_{status}"
    both = a.is_graded & b.is_graded
    grades = both & a.coloured & b.coloured
    change = b.graded.grades.astype(np.int8) - a.graded.grades.astype(np.int8)
    out[grades & (change > 0)] = "worse"
    out[grades & (change < 0)] = "better"
    for row in np.flatnonzero(both & ~(a.coloured & b.coloured)):
        was = a.ranks.get((a.methods[row], a.labels[row]))
        now = b.ranks.get((b.methods[row], b.labels[row]))
        if was == now and a.coloured[row] == b.coloured[row]:
            continue
        if was is None or now is None or was[0] != now[0] or a.coloured[row] != b.coloured[row]:
            out[row] = "other"
        else:
            out[row] = "worse" if now[1] < was[1] else "better"
    return out


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What an explanation says besides the id."""
    return tuple(value for name, value in row.items() if name != "id")


# ---- the cause -----------------------------------------------------------------------------------


Range = tuple[float, float, bool, bool]


def _ranges(canonical: str) -> dict[str, Range]:
    """Ranges of a pack's bands by label: ends, and whether they belong to it."""
    out: dict[str, Range] = {}
    for band in json.loads(canonical)["content"].get("bands", []):
        text = band.get("range")
        if not text:
            continue
        low, high = (float(part) for part in text[1:-1].split(","))
        out[band["label"]] = (low, high, text[0] == "[", text[-1] == "]")
    return out


def _shown_number(value: Any) -> str:
    return _core.print_number(float(value)) if isinstance(value, int | float) else str(value)


def _words_of(row: Mapping[str, Any]) -> str:
    return str(row["grade"] or row["band_label"] or row["status"])


def _cause(
    was: Mapping[str, Any], now: Mapping[str, Any], a: _Side, b: _Side
) -> tuple[str, str, str]:
    """The first thing that differs between two explanations, and the sentence in both languages."""
    if was.get("override") != now.get("override"):
        return _override_cause(was, now)
    one_family = _inputs(a, was) == _inputs(b, now)
    if one_family:
        for name in _factors(a, was):
            if was.get(name) != now.get(name):
                old, new = _shown_number(was.get(name)), _shown_number(now.get(name))
                return (
                    "factor",
                    f"{name} 由 {old}（{was.get(f'{name}_meaning') or ''}）变为 {new}"
                    f"（{now.get(f'{name}_meaning') or ''}）",
                    f"{name} is {new} instead of {old}",
                )
        for step in _steps(a, was):
            given = [_shown_number(row.get(f"{step}_step")) for row in (was, now)]
            if given[0] != given[1]:
                return (
                    "step",
                    f"步骤 {step} 由 {given[0]} 变为 {given[1]}",
                    f"step {step} gives {given[1]} instead of {given[0]}",
                )
        if was["score"] == now["score"] and was["band_label"] is not None:
            same_level = was["band_label"] == now["band_label"] and was["band"] == now["band"]
            if same_level and was["grade"] != now["grade"]:
                return (
                    "colours",
                    f"级别同为 {now['band_label']}，配色不同：{was['grade'] or '无'} → {now['grade'] or '无'}",
                    f"the level is {now['band_label']} in both; colours differ",
                )
            return _edge_cause(was, now, a, b)
    scores = [_shown_number(r["score"]) if r["score"] is not None else "—" for r in (was, now)]
    return (
        "method",
        f"方法不同：{was['method']} 分值 {scores[0]}，{was['band'] or was['band_label']}；"
        f"{now['method']} 分值 {scores[1]}，{now['band'] or now['band_label']}",
        f"another method: {was['method']} {scores[0]}, {was['band'] or was['band_label']}; "
        f"{now['method']} {scores[1]}, {now['band'] or now['band_label']}",
    )


def _inputs(side: _Side, row: Mapping[str, Any]) -> list[str]:
    one = next(m for m in side.graded.methods if m.id == row["method"])
    return [*(i["id"] for i in one.inputs), *(s["id"] for s in one.steps)]


def _factors(side: _Side, row: Mapping[str, Any]) -> list[str]:
    one = next(m for m in side.graded.methods if m.id == row["method"])
    return [factor["id"] for factor in one.factors]


def _steps(side: _Side, row: Mapping[str, Any]) -> list[str]:
    one = next(m for m in side.graded.methods if m.id == row["method"])
    return [step["id"] for step in one.steps]


def _override_cause(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str, str]:
    old, new = was.get("override"), now.get("override")
    alone = now.get("grade_by_score") or now.get("level_by_score") or "—"
    before = was.get("grade_by_score") or was.get("level_by_score") or "—"
    if old is None:
        return (
            "override",
            f"新增直接判定 {new}：{now['override_text']}（仅按分值为 {alone}）",
            f"now determined directly by {new}: {now['override_text']} (by the score alone {alone})",
        )
    if new is None:
        return (
            "override",
            f"不再直接判定 {old}：{was['override_text']}（原仅按分值为 {before}）",
            f"no longer determined directly by {old}: {was['override_text']}",
        )
    return (
        "override",
        f"直接判定由 {old} 变为 {new}：{now['override_text']}",
        f"determined directly by {new} instead of {old}: {now['override_text']}",
    )


def _edge_cause(
    was: Mapping[str, Any], now: Mapping[str, Any], a: _Side, b: _Side
) -> tuple[str, str, str]:
    """The edge between two bands of one score: moved, or given to the other side."""
    score = was["score"]
    value = "" if score is None else _shown_number(score)
    zh = f"分值同为 {value}，原属 {was['band']}，现属 {now['band']}"
    en = f"the score is {value} in both; {was['band']} before, {now['band']} now"
    old = a.ranges.get(was["method"], {}).get(was["band_label"])
    new = _range_of_state(b, now["method"], _words_of(was))
    if score is None or old is None or new is None:
        return ("edge", zh, en)
    end = 1 if score >= new[1] else 0
    sides = [("不含", "exclusive"), ("含", "inclusive")]
    ends = [(r[end], sides[int(r[2 + end])]) for r in (old, new)]
    if ends[0] == ends[1]:
        return ("edge", zh, en)
    word, english = ("上界", "upper") if end else ("下界", "lower")
    zh += f"；原等级的{word}由 {_core.print_number(ends[0][0])}（{ends[0][1][0]}）改为 " \
          f"{_core.print_number(ends[1][0])}（{ends[1][1][0]}）"  # fmt: skip
    en += f"; the {english} edge was {_core.print_number(ends[0][0])} ({ends[0][1][1]}) and is " \
          f"{_core.print_number(ends[1][0])} ({ends[1][1][1]})"  # fmt: skip
    return ("edge", zh, en)


def _range_of_state(side: _Side, method: str, state: str) -> Range | None:
    """The range that a method has for a colour or label."""
    one = next(m for m in side.graded.methods if m.id == method)
    for band in one.bands:
        if state in (band["grade"], band["label"]):
            return side.ranges[method].get(band["label"])
    return None
