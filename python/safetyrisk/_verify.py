"""Audit records replayed: what is recorded is graded again and compared, line by line.

:mod:`safetyrisk._audit` writes the records and says what stands in them.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import _core
from ._arguments import expect
from ._audit import FORMAT, TYPES, Audit, Judged, as_judged, beside, canonical
from ._core import Pack
from ._display import details, table_html
from ._errors import Error
from ._faults import fault
from ._major_hazard import major_hazard_standard, major_hazard_table
from ._result import Result
from .scoring import grade_table

__all__ = ["Verification", "verify"]

# Why a file is no record.
_EMPTY = ("the file is empty", "文件是空的")
_NO_HEAD = ("line 1 is no head of a record", "第 1 行不是记录的头")
_NO_TEXT = ("it is no UTF-8 text", "不是 UTF-8 文本")


@dataclass
class _Record:
    """A record as it was read."""

    name: str
    head: dict[str, Any] = field(default_factory=dict)
    packs: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, list[Any]] = field(default_factory=dict)
    results: list[str] = field(default_factory=list)
    units: dict[str | None, str] = field(default_factory=dict)
    counts: Any = None
    broken: list[tuple[int, str]] = field(default_factory=list)  # row or -1, what

    @property
    def ids(self) -> list[Any]:
        column = "id" if "id" in self.cells else "unit"
        return self.cells.get(column, [None] * len(self.results))


class Verification(Result):
    """What came out when a record was graded again.

    Columns: ``row`` (0-based, None where it concerns no row), ``id``, ``what`` (a field of the
    result, or ``hash``, ``record``, ``pack``), ``recorded``, ``found`` (as JSON).

    Attributes
    ----------
    status
        ``"same"``; ``"changed"``: the record is whole, and today's result differs; ``"tampered"``:
        the record does not fit its own hashes; ``"pack_missing"``: rules that the record names
        are not to be had.
    rows
        How many rows were graded again.
    library
        Version of the library that wrote the record.
    """

    _kind = "verification"

    def __init__(
        self,
        status: str,
        rows: int,
        library: str,
        differences: Sequence[Mapping[str, Any]],
        missing: Sequence[str] = (),
        newer: Sequence[str] = (),
    ) -> None:
        self.status = status
        self.rows = rows
        self.library = library
        self.missing_packs = list(missing)
        self.other_packs = list(newer)
        self._differences = list(differences)

    @property
    def same(self) -> bool:
        """Whether the record is whole and grading again gave what it says."""
        return self.status == "same"

    def _table(self) -> _core.Table:
        table = _core.Table("verification")
        rows = [d["row"] for d in self._differences]
        table.add("row", [None if row is None or row < 0 else row for row in rows])
        for name in ("id", "what", "recorded", "found"):
            table.add(name, [_shown(d[name]) for d in self._differences])
        return table

    @property
    def text(self) -> str:
        """The verdict in Chinese."""
        return self.words("zh")

    def words(self, lang: str = "zh") -> str:
        """The verdict as a sentence, with what differs by row (at most ten lines of it)."""
        zh = lang == "zh"
        rows = len({d["row"] for d in self._differences if d["row"] is not None})
        broken = sum(d["found"] == "≠" for d in self._differences)
        head = {
            "same": (
                f"一致：按记录中的输入和规则包重新评定 {self.rows} 行，结果与记录完全相同。",
                f"same: {self.rows} rows graded again by the recorded inputs and packs.",
            ),
            "changed": (
                f"不一致：重新评定 {self.rows} 行，其中 {rows} 行的结果与记录不同。",
                f"changed: of {self.rows} rows graded again {rows} differ from the record.",
            ),
            "tampered": (
                f"记录被改动：{broken} 处与其校验值不符。",
                f"tampered: {broken} places do not fit their hashes.",
            ),
            "pack_missing": (
                f"缺少规则包：{'、'.join(self.missing_packs)}，无法重新评定。",
                f"pack missing: {', '.join(self.missing_packs)}; nothing was graded again.",
            ),
        }[self.status][not zh]
        out = [head]
        for one in self._differences[:10]:
            place = "" if one["row"] is None or one["row"] < 0 else (
                f"第 {one['row'] + 1} 行（{one['id']}）" if zh else f"row {one['row'] + 1} ({one['id']}) "
            )  # fmt: skip
            what = _WHAT.get(one["what"], one["what"]) if zh else one["what"]
            recorded, found = _sides(one, zh)
            said = " → ".join(side for side in (recorded, found) if side and side != "≠")
            out.append(f"  {place}{what}{'：' if zh else ': '}{said}")
        left = len(self._differences) - 10
        if left > 0:
            out.append(f"  另有 {left} 处" if zh else f"  and {left} more")
        if self.other_packs:
            names = "、".join(self.other_packs) if zh else ", ".join(self.other_packs)
            out.append(
                f"提示：本库现有的 {names} 与记录中的内容不同，验证使用记录中的。"
                if zh
                else f"Note: the library's own {names} differ now; the recorded ones were used."
            )
        return "\n".join(out)

    def __repr__(self) -> str:
        return (
            f"<safetyrisk verification: {self.status}, {self.rows} rows, "
            f"{len(self._differences)} differences>"
        )

    def _repr_html_(self) -> str:
        head, *rest = self.words().splitlines()
        rows = [
            {**d, "recorded": _sides(d, True)[0], "found": _sides(d, True)[1],
             "what": _WHAT.get(d["what"], d["what"]),
             "row": None if d["row"] is None or d["row"] < 0 else d["row"] + 1}
            for d in self._differences[:20]
        ]  # fmt: skip
        columns = {
            "row": "行",
            "id": "编号",
            "what": "内容",
            "recorded": "记录",
            "found": "重新评定",
        }
        notes = [html.escape(line) for line in rest if line.startswith("提示")]
        return details(
            "审计记录验证", html.escape(head), table_html(rows, columns) if rows else "", *notes
        )


_WHAT = {
    "hash": "校验值", "record": "记录", "pack": "规则包", "status": "状态", "score": "分值",
    "grade": "等级", "band": "区间", "level": "级别", "override": "直接判定", "clause": "依据",
    "method": "方法", "level_by_score": "仅按分值的级别", "issues": "问题",
}  # fmt: skip


#: What does not fit in a record, by the word that its place has; a line and a pack are named.
_BROKEN = {
    "hash": ("内容与校验值不符", "does not fit its hash"),
    "row": ("行号不连续", "out of order"),
    "end": ("结尾的行数或校验值不符", "rows or hash at the end do not fit"),
    "counts": ("结尾的统计与各行不符", "counts at the end do not fit the rows"),
    "after": ("第 {} 行在记录结尾之后", "line {} stands after the end"),
    "line": ("第 {} 行不是记录", "line {} is no record"),
    "pack": ("{} 的内容与校验值不符", "{} does not fit its hash"),
}
_VALUES = {
    "red": "重大风险", "orange": "较大风险", "yellow": "一般风险", "blue": "低风险",
    "graded": "已评定", "not_gradable": "无法评定", "rejected": "数据无效",
}  # fmt: skip


def _sides(one: Mapping[str, Any], zh: bool) -> tuple[str, str]:
    """What the record says and what was found, in words."""
    sides = [_shown(one["recorded"]) or "", _shown(one["found"]) or ""]
    if sides[1] == "≠":
        kind, _, name = sides[0].partition(" ")
        if kind in _BROKEN:
            sides[0] = _BROKEN[kind][not zh].format(name)
    elif zh and "zh" in one:
        sides[1] = one["zh"]
    elif zh and one["what"] in ("grade", "status"):
        sides = [_VALUES.get(side, side) for side in sides]
    return sides[0], sides[1]


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical(value)


def verify(
    record: str | os.PathLike[str] | Audit, packs: str | os.PathLike[str] | None = None
) -> Verification:
    """Grade an audit record again, from what stands in it, and say whether the result is the same.

    Parameters
    ----------
    record
        The file that :func:`audit` wrote.
    packs
        Folder of packs, for a record that has them beside it; default: the folder next to it, then
        the library's own packs of the same hash.

    Returns
    -------
    Verification
        ``status`` is ``same``, ``changed``, ``tampered`` or ``pack_missing``.

    Raises
    ------
    InputError
        The file is no audit record, or of a later format.
    """
    if isinstance(record, Audit):
        lines: Iterator[str] = record.lines()
        read = _read(lines, "record")
        folder = None
    else:
        expect("record", record, str, os.PathLike)
        path = Path(record)
        try:
            with open(path, encoding="utf-8") as file:
                read = _read(iter(file), path.name)
        except UnicodeDecodeError:
            raise fault("audit.no_record", file=path, reason=_NO_TEXT) from None
        except OSError as error:
            raise fault("file.unreadable", file=path, reason=error) from None
        folder = beside(path)
    return _replay(read, [Path(packs)] if packs is not None else [folder] if folder else [])


def _read(lines: Iterator[str], name: str) -> _Record:
    out = _Record(name)
    chain = hashlib.sha256()
    ended = False
    for number, raw in enumerate(lines):
        if ended:
            out.broken.append((-1, f"after {number + 1}"))
            continue
        line = raw.rstrip("\n")
        try:
            one = json.loads(line)
        except ValueError:
            one = None
        if not isinstance(one, dict):
            if number == 0:
                raise fault("audit.no_record", file=name, reason=_NO_HEAD)
            out.broken.append((-1, f"line {number + 1}"))
            continue
        if number == 0:
            _check_head(one, name)
            out.head = one
            out.cells = {column: [] for column, _ in one["columns"]}
            _check_seal(out, one, -1)
        elif "pack" in one:
            out.packs[str(one.get("sha256"))] = one["pack"]
        elif "inputs" in one:
            _take_row(out, one)
        elif "unit" in one:
            _check_seal(out, one, -1)
            out.units[one["unit"]] = canonical(one.get("result"))
        elif "end" in one:
            ended = True
            out.counts = one.get("counts")
            whole = one.keys() == {"counts", "end", "sha256"} and line == canonical(one)
            if (
                not whole
                or one.get("sha256") != chain.hexdigest()
                or one["end"] != len(out.results)
            ):
                out.broken.append((-1, "end"))
        chain.update(line.encode() + b"\n")
    if not out.head:
        raise fault("audit.no_record", file=name, reason=_EMPTY)
    if not ended or len(out.results) != out.head["rows"]:
        out.broken.append((-1, "end"))
    return out


def _check_head(head: dict[str, Any], name: str) -> None:
    fits = (
        head.get("audit") == FORMAT
        and head.get("kind") in ("graded", "major_hazards")
        and isinstance(head.get("options"), dict)
        and isinstance(head.get("packs"), list)
        and isinstance(head.get("rows"), int)
        and isinstance(head.get("columns"), list)
        and all(isinstance(c, list) and len(c) == 2 and c[1] in TYPES for c in head["columns"])
        and all(isinstance(p, dict) and {"id", "kind", "sha256"} <= p.keys() for p in head["packs"])
    )
    if not fits:
        raise fault("audit.no_record", file=name, reason=_NO_HEAD)


def _check_seal(out: _Record, one: dict[str, Any], row: int) -> None:
    rest = {key: value for key, value in one.items() if key != "sha256"}
    if hashlib.sha256(canonical(rest).encode()).hexdigest() != one.get("sha256"):
        out.broken.append((row, "hash"))


def _take_row(out: _Record, one: dict[str, Any]) -> None:
    row = len(out.results)
    inputs = one["inputs"]
    if one.get("row") != row or not isinstance(inputs, dict):
        out.broken.append((row, "row"))
    _check_seal(out, one, row)
    for column, cells in out.cells.items():
        cells.append(inputs.get(column) if isinstance(inputs, dict) else None)
    out.results.append(canonical(one.get("result")))


def _find_packs(read: _Record, folders: Sequence[Path]) -> tuple[dict[str, Pack], list[str]]:
    """Packs by id, and those that are not to be had."""
    found: dict[str, Pack] = {}
    missing = []
    library = {pack.sha256: pack for pack in _core.packs()}
    for named in read.head["packs"]:
        seal = str(named["sha256"])
        pack = None
        if seal in read.packs:
            pack = _parsed(json.dumps(read.packs[seal], ensure_ascii=False), read.name)
            if pack is None or pack.sha256 != seal:
                read.broken.append((-1, f"pack {named['id']}"))
        else:
            for folder in folders:
                file = folder / f"{seal}.json"
                if file.is_file():
                    pack = _parsed(file.read_text(encoding="utf-8", errors="replace"), file.name)
                    if pack is None or pack.sha256 != seal:
                        read.broken.append((-1, f"pack {named['id']}"))
        pack = library.get(seal) if pack is None else pack
        if pack is None:
            missing.append(str(named["id"]))
        else:
            found[str(named["id"])] = pack
    return found, missing


def _parsed(text: str, where: str) -> Pack | None:
    try:
        return _core.parse_pack(text, where)
    except Error:
        return None


def _table(read: _Record) -> _core.Table:
    kind = "risk_points" if read.head["kind"] == "graded" else "substances"
    table = _core.Table(kind, read.name)
    for name, type_name in read.head["columns"]:
        table.add(name, _column(read.cells[name], type_name))
    return table


def _column(cells: list[Any], type_name: str) -> Any:
    if type_name == "number":
        return np.array([np.nan if c is None else float(c) for c in cells], dtype=np.float64)
    if type_name == "integer":
        if None not in cells:
            return np.array(cells, dtype=np.int64)
    elif type_name == "boolean":
        if None not in cells:
            return np.array(cells, dtype=bool)
    elif type_name == "date":
        days = [np.datetime64("NaT") if c is None else np.datetime64(c) for c in cells]
        return np.array(days, dtype="datetime64[D]")
    elif cells.count(None) == len(cells):
        return np.array(cells, dtype=object)
    return cells


def _replay(read: _Record, folders: Sequence[Path]) -> Verification:
    packs, missing = _find_packs(read, folders)
    rows, library = len(read.results), str(read.head.get("library"))
    own = {pack.id: pack.sha256 for pack in _core.packs()}
    newer = [name for name, pack in packs.items() if own.get(name, pack.sha256) != pack.sha256]
    differences: list[dict[str, Any]] = []
    for row, what in read.broken:
        told = "hash" if what == "hash" else "pack" if what.startswith("pack") else "record"
        differences.append(_difference(read, row, told, what, "≠"))
    if missing:
        status = "tampered" if read.broken else "pack_missing"
        return Verification(status, 0, library, differences, missing, newer)
    try:
        again = _again(read, packs)
        found = _compare(read, again)
        if not found and read.counts != again.result.counts():
            read.broken.append((-1, "counts"))
            found.append(_difference(read, None, "record", "counts", "≠"))
        differences += found
    except (Error, ValueError, TypeError, KeyError) as error:
        differences.append(_unusable(read, packs, error))
    status = "tampered" if read.broken else "changed" if differences else "same"
    return Verification(status, rows, library, differences, (), newer)


def _unusable(read: _Record, packs: Mapping[str, Pack], error: Exception) -> dict[str, Any]:
    """Why nothing can be graded again: by the pack at fault, where it is one."""
    for pack in packs.values():
        wrong = _core.check_pack(pack.canonical, pack.id)
        if wrong is not None and wrong["en"] in str(error):
            zh = f"不能使用：{wrong['path']}：{wrong['zh']}"
            return {**_difference(read, None, "pack", pack.id, str(error)), "zh": zh}
    zh = error.in_language("zh") if isinstance(error, Error) else str(error)
    return {**_difference(read, None, "record", None, str(error)), "zh": f"不能重新评定：{zh}"}


def _difference(
    read: _Record, row: int | None, what: str, recorded: Any, found: Any
) -> dict[str, Any]:
    there = row is not None and 0 <= row < len(read.ids)
    name = read.ids[row] if there and row is not None else None
    return {"row": row, "id": name, "what": what, "recorded": recorded, "found": found}


def _again(read: _Record, packs: Mapping[str, Pack]) -> Judged:
    """The recorded inputs, judged by the recorded packs."""
    options, table = read.head["options"], _table(read)
    if read.head["kind"] == "major_hazards":
        standard = major_hazard_standard(packs[options["method"]])
        every = (
            options["exposed"] if options["exposed_by_unit"] == {} else options["exposed_by_unit"]
        )
        return as_judged(major_hazard_table(table, standard, exposed=every, beta=options["beta"]))
    one = options["method"]
    named = [(name, _core.compile_method(packs[i])) for name, i in options["methods"].items()]
    return as_judged(
        grade_table(
            table,
            None if one is None else packs[one],
            as_of=options["as_of"],
            direct=None if options["direct"] is None else packs[options["direct"]],
            colours=[packs[name] for name in options["colours"]],
            averaged=options["averaged"],
            named=named,
        )
    )


def _compare(read: _Record, again: Judged) -> list[dict[str, Any]]:
    out = []
    for row, (was, now) in enumerate(zip(read.results, again.rows(), strict=True)):
        if was == canonical(now):
            continue
        out += [_difference(read, row, *one) for one in _fields(json.loads(was), now)]
    units = dict(again.units())
    for unit in sorted(read.units.keys() | units.keys(), key=lambda u: (u is None, u or "")):
        recorded = json.loads(read.units.get(unit, "null"))
        found = units.get(unit)
        if recorded == found:
            continue
        for field_name, a, b in _fields(recorded, found):
            one = {"row": None, "id": unit, "what": field_name, "recorded": a, "found": b}
            out.append(one)
    return out


def _fields(recorded: Any, found: Any) -> list[tuple[str, Any, Any]]:
    if not isinstance(recorded, dict) or not isinstance(found, dict):
        return [("record", recorded, found)]
    names = sorted(recorded.keys() | found.keys())
    return [
        (name, recorded.get(name), found.get(name))
        for name in names
        if recorded.get(name) != found.get(name)
    ]
