"""Results as files: workbooks, CSV, Parquet, JSON and GeoJSON."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._faults import fault
from .._files import atomic_path
from .._major_hazard import MajorHazards
from .._method_words import MethodWords, pack_text
from .._result import Result
from ..core import Issues
from ..region import LEVEL_WORDS, RollUp
from ..scoring import Graded, Method
from .columnar import write_parquet
from .compare import STATE_WORDS, Comparison
from .headers import label, table_spec
from .joined import CAUSES, CHANGES
from .xlsx import Sheet, grade_colours, issues_sheet, write_csv, write_workbook, write_xlsx

__all__ = [
    "graded_workbook",
    "level_undetermined",
    "save_comparison",
    "save_graded",
    "save_major_hazards",
    "save_points",
    "save_table",
]


def save_graded(
    graded: Graded, path: str | os.PathLike[str], *, crs: str = "wgs84", lang: str = "zh"
) -> Path:
    """Write a graded register as ``.xlsx .csv .parquet …``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        graded_workbook(target, graded, graded.issues, lang=lang)
    elif suffix == ".csv":
        write_csv(_columns(graded.full_table()), target)
    elif suffix == ".parquet":
        packs = {m.id: (m.pack.version, m.pack.sha256) for m in graded.methods}
        write_parquet(_typed(graded.full_table()), target, packs)
    elif suffix == ".geojson":
        save_points(graded, target, crs=crs)
    elif suffix == ".json":
        _write_json(graded, target)
    else:
        raise fault(
            "output.suffix",
            what=("a graded register", "分级结果"),
            known=".xlsx .csv .parquet .json .geojson",
            suffix=target.suffix,
        )
    return target


def save_table(result: Result, path: str | os.PathLike[str]) -> Path:
    """Write any result as ``.xlsx .csv .parquet .json``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        write_workbook(target, [Sheet(result.kind, result.to_columns())])
    elif suffix == ".csv":
        write_csv(result.to_columns(), target)
    elif suffix == ".parquet":
        write_parquet(result._table(), target)
    elif suffix == ".json":
        _write_json(result, target)
    else:
        raise fault(
            "output.suffix",
            what=("this result", "这种结果"),
            known=".xlsx .csv .parquet .json",
            suffix=target.suffix,
        )
    return target


def save_comparison(
    result: Comparison, path: str | os.PathLike[str], *, lang: str = "zh", limit: int = 200_000
) -> Path:
    """Write a comparison as ``.xlsx .csv .json``; `safetyrisk.save` documents it.

    The workbook has a summary, the matrix of grades, the table by region, the keys with a change
    up to `limit`, gravest first, and the issues.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        return save_table(result, path)
    zh = lang == "zh"
    moved = result.moved()
    rows = result.rows_table(moved[:limit], lang)
    listed = _columns(rows)
    if zh:
        heads = {**table_spec("risk_points").labels, "method": "评价方法", "override": "直接判定"}
        for name, parts in (("causes", CAUSES), ("changed", heads)):
            texts = rows.texts(name)
            known = {text: _each(text, parts) for text in set(texts)}
            listed[name] = [known[text] for text in texts]
    states = STATE_WORDS if zh else {}
    words = {"change": CHANGES if zh else {}, "before": states, "after": states}
    colours = grade_colours()
    fill = {"before": colours, "after": colours}
    sentences = result.sentences(lang)
    if len(moved) > limit:
        sentences.append(
            f"有变化的共 {len(moved)} 个，本表只列前 {limit} 个；全部见 CSV。"
            if zh
            else f"{len(moved)} keys changed; the first {limit} are listed, the CSV file has all."
        )
    counts = result.counts()
    order = [name for name in counts if name != "worse_to_red"]
    order.insert(order.index("worse") + 1, "worse_to_red")
    summary: list[tuple[str, Any]] = [("说明" if zh else "text", text) for text in sentences]
    summary += [(_count_word(name) if zh else name, counts[name]) for name in order]
    summary += [
        (f"原因：{CAUSES.get(k, '不明')}" if zh else k, n) for k, n in result.causes().items()
    ]
    grades = result.by_grade().to_columns()
    across = {"before": "上期＼本期", "total": "合计"} | STATE_WORDS if zh else {}
    write_workbook(
        target,
        [
            Sheet(
                "对比汇总" if zh else "Summary",
                {"item": [k for k, _ in summary], "value": [v for _, v in summary]},
                {"item": "项目", "value": "内容"} if zh else {"item": "Item", "value": "Value"},
                wrap=True,
            ),
            Sheet(
                "等级变化" if zh else "Transitions",
                grades,
                across,
                {"before": states},
                {"before": colours},
            ),
            Sheet(
                "分区域" if zh else "Regions",
                result.by_region().to_columns(),
                {name: _region_word(name) for name in result.by_region().to_columns()}
                if zh
                else {},
            ),
            Sheet(
                "变化清单" if zh else "Changes",
                listed,
                {name: _compared_word(name) for name in listed} if zh else {},
                words,
                fill,
            ),
            issues_sheet(
                "问题" if zh else "Issues", result.issues.in_language(lang).to_columns(), lang
            ),
        ],
        title="两期对比" if zh else "comparison",
    )
    return target


def _each(text: str | None, words: Mapping[str, str]) -> str | None:
    """Words for the parts of a list in a cell."""
    return text and "；".join(words.get(part, part) for part in text.split(";"))


_SIDE_WORDS = {"before": "上期", "after": "本期"}


def _count_word(name: str) -> str:
    head, _, side = name.rpartition("_")
    if head in ("rows", "not_compared"):
        return f"{_SIDE_WORDS[side]}{'行数' if head == 'rows' else '未比较的行'}"
    return "其中升为重大" if name == "worse_to_red" else CHANGES[name]


def _region_word(name: str) -> str:
    known = {"code": "行政区划代码", "name": "名称", "before": "上期", "after": "本期"}
    known |= {"moved_in": "由他区转入", "moved_out": "转往他区"} | CHANGES
    head, _, side = name.rpartition("_")
    return known.get(name) or f"{_SIDE_WORDS[side]}{STATE_WORDS[head]}"


def _compared_word(name: str) -> str:
    known = {"change": "变化", "before": "上期等级", "after": "本期等级", "causes": "原因"}
    known |= {"changed": "变化的列", "changes": "变化内容", "score_change": "风险值变化"}
    if name in known:
        return known[name]
    head, _, side = name.rpartition("_")
    if side in _SIDE_WORDS:
        return f"{_SIDE_WORDS[side]}{label('graded', head)}"
    return label("risk_points", name)


def save_major_hazards(
    judged: MajorHazards, path: str | os.PathLike[str], *, lang: str = "zh"
) -> Path:
    """Write judged units as ``.xlsx .csv .parquet .json``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        _hazard_workbook(target, judged, lang)
    elif suffix == ".json":
        document = {
            "format": 1,
            "kind": judged.kind,
            "units": [judged.explain(unit, lang).to_dict() for unit in range(len(judged))],
        }
        with atomic_path(target) as draft:
            draft.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    else:
        save_table(judged, target)
    return target


def _hazard_workbook(target: Path, judged: MajorHazards, lang: str) -> None:
    """Units with the reasons in words, rows, issues and the standard's tables."""
    zh = lang == "zh"
    units = judged.to_columns()
    rows = judged.rows.to_columns()
    if zh:
        units |= _unit_words(units)
        rows |= _row_words(rows, judged.issues.in_language(lang))
    units = _headed(units, "major_hazards", lang)
    units["判定说明" if zh else "explanation"] = [
        judged.explain(unit, lang).text for unit in range(len(judged))
    ]
    counts = judged.counts()
    counts["level_undetermined"] = level_undetermined(judged)
    pack = judged.standard.pack
    about: list[tuple[str, Any]] = [
        ("方法" if zh else "method", f"{pack.id} {pack.title(lang)}"),
        ("版本" if zh else "version", pack.version),
        ("可信度" if zh else "confidence", pack.confidence),
        ("SHA-256", pack.sha256),
        *(("依据" if zh else "source", source) for source in pack.sources),
        *((_HAZARD_COUNTS.get(key, key) if zh else key, n) for key, n in counts.items()),
        ("safetyrisk", _core.__version__),
    ]
    words = ("单元", "物质明细", "问题", "说明") if zh else ("units", "rows", "issues", "about")
    issues = judged.issues.in_language(lang)
    write_workbook(
        target,
        [
            Sheet(words[0], units),
            Sheet(words[1], _headed(rows, "major_hazard_rows", lang)),
            issues_sheet(words[2], issues.to_columns(), lang),
            Sheet(
                words[3],
                {
                    "项目" if zh else "item": [key for key, _ in about],
                    "内容" if zh else "value": [str(value) for _, value in about],
                },
            ),
        ],
    )


_HAZARD_COUNTS = {
    "units": "单元数",
    "yes": "构成重大危险源",
    "no": "不构成重大危险源",
    "undetermined": "是否构成待定",
    "incomplete": "有行不能计算的单元",
    "level_undetermined": "构成而级别待定",
    "rows_in": "物质行数",
    "graded": "已计算行数",
    "not_gradable": "无法计算行数",
    "rejected": "数据无效行数",
}
_MAJOR_WORDS = {"yes": "是", "no": "否", "undetermined": "待定"}
_ROW_STATES = {"graded": "已计算", "not_gradable": "无法计算", "rejected": "数据无效"}


def level_undetermined(judged: MajorHazards) -> int:
    """How many units are major hazard installations whose level cannot be told yet."""
    counts = judged.counts()
    return counts["yes"] - sum(counts[level["zh"]] for level in judged.standard.levels)


def _unit_words(units: Mapping[str, Any]) -> dict[str, Any]:
    """Chinese words for what the columns of units say in codes."""
    known = table_spec("substances").labels
    major = units["major"].tolist()

    def missing(text: str | None) -> str | None:
        if text is None:
            return None
        parts = [part.rpartition(": ") for part in text.split("; ")]
        return "；".join(f"{n}{'：' if n else ''}{known.get(what, what)}" for n, _, what in parts)

    return {
        "major": [_MAJOR_WORDS.get(word, word) for word in major],
        "complete": ["是" if whole else "否" for whole in units["complete"].tolist()],
        "level": [
            "待定" if word == "yes" and not level else level
            for word, level in zip(major, units["level"].tolist(), strict=True)
        ],
        "missing": [missing(text) for text in units["missing"].tolist()],
    }


def _row_words(rows: Mapping[str, Any], issues: Issues) -> dict[str, Any]:
    """Chinese words for the state of a row, and why it is so."""
    said: dict[tuple[int, str], str] = {}
    found = issues.to_columns()
    for at, code, message in zip(found["row"], found["code"], found["message"], strict=True):
        if at is not None and at == at:
            said.setdefault((int(at), code), message)
    reasons = zip(rows["row"].tolist(), rows["reason"].tolist(), strict=True)
    return {
        "status": [_ROW_STATES.get(state, state) for state in rows["status"].tolist()],
        "reason": [said.get((int(row), code or ""), code) for row, code in reasons],
    }


def _headed(columns: dict[str, Any], table: str, lang: str) -> dict[str, Any]:
    """Columns under the headers of a language."""
    return {label(table, name, lang): values for name, values in columns.items()}


def _number_columns(table: _core.Table) -> list[str]:
    """Columns that hold numbers by their meaning but came as text, from a CSV file say."""
    types = table_spec("risk_points").types
    return [
        name
        for name in table.names
        if types.get(name) in ("number", "integer") and table.type(name) == "text"
    ]


def _mixed_cells(table: _core.Table, name: str) -> list[Any]:
    """Cells of a text column, those that are numbers as numbers and the others as they stand."""
    numbers = table.numbers(name).tolist()
    return [
        text if math.isnan(number) else number
        for number, text in zip(numbers, table.texts(name), strict=True)
    ]


def _typed(table: _core.Table) -> _core.Table:
    """The table with columns of numbers that came as text as numbers, if every cell is one."""
    as_text = _number_columns(table)
    if not as_text:
        return table
    out = _core.Table(table.table, table.source)
    for name in table.names:
        cells = _mixed_cells(table, name) if name in as_text else [""]
        if any(isinstance(cell, str) for cell in cells):
            out.add_from(name, table, name)
        else:
            out.add(name, np.array([np.nan if c is None else c for c in cells], dtype=np.float64))
    return out


def save_points(graded: Graded, path: str | os.PathLike[str], *, crs: str = "wgs84") -> Path:
    """Write the risk points as GeoJSON (WGS84); rows without a position have a null geometry."""
    table = _typed(graded.full_table())
    for name in ("lon", "lat"):
        if not table.has(name):
            table.add(name, np.full(table.rows, np.nan))
    with atomic_path(path) as draft:
        draft.write_bytes(_core.write_points(table, crs))
    return Path(path)


def _write_json(result: Result, path: Path) -> None:
    with atomic_path(path) as draft:
        draft.write_text(result.to_json() + "\n", encoding="utf-8")


def _columns(table: _core.Table) -> dict[str, Any]:
    return {name: table.column(name) for name in table.names}


def _mapped_colours(graded: Graded, method: Method) -> tuple[dict[str, str | None], str]:
    """Colours of a method's levels by the map that the caller named, and its id; else nothing."""
    if method.has_grades:
        return {}, ""
    for pack in reversed(graded.options.colours):
        content = json.loads(pack.canonical)["content"]
        if content["scale"] == method.scale["id"]:
            return {one["label"]: one["grade"] for one in content["levels"]}, pack.id
    return {}, ""


def _level_words(graded: Graded, lang: str) -> list[str | None]:
    """What a reader calls the level of each row: "A 高安全风险", "重大事故"."""
    words = MethodWords(graded.methods, lang)
    table = graded.to_columns()
    keys = zip(table["method"].tolist(), table["level"].tolist(), strict=True)
    return [label if label is None else words.level(label, method) for method, label in keys]


def _input_headers(graded: Graded, lang: str) -> dict[str, str]:
    """What inputs are called that no table of ours has, where all methods used call them so."""
    named: dict[str, set[str]] = {}
    for method in graded.methods:
        for one in method.inputs:
            if label("risk_points", one["id"], lang) == one["id"]:
                named.setdefault(one["id"], set()).add(one[lang])
    return {one: words.pop() for one, words in named.items() if len(words) == 1}


def graded_workbook(
    path: str | os.PathLike[str],
    graded: Graded,
    issues: Issues,
    *,
    rollups: Iterable[RollUp] = (),
    title: str = "",
    data_date: dt.date | None = None,
    lang: str = "zh",
) -> Issues:
    """Write a graded register as a workbook: summary, legend, issues, grave rows, all rows.

    Returns
    -------
    Issues
        What did not fit into the workbook.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    zh = lang == "zh"
    counts = graded.counts()
    words: tuple[tuple[str, str], ...] = (
        ("登记风险点", "rows_in"),
        ("已评定", "graded"),
        ("无法评定", "not_gradable"),
        ("数据无效", "rejected"),
        ("重大风险（红）", "red"),
        ("较大风险（橙）", "orange"),
        ("一般风险（黄）", "yellow"),
        ("低风险（蓝）", "blue"),
    )
    if counts["without_colour"]:
        words += (("已评定，方法不规定颜色", "without_colour"),)
    summary: list[tuple[str, Any]] = [("数据集" if zh else "dataset", title)] if title else []
    if data_date is not None:
        summary.append(("数据日期" if zh else "data date", data_date))
    summary += [(word if zh else key, counts[key]) for word, key in words]
    summary.append(("问题" if zh else "issues", len(issues)))
    summary += [
        (
            f"汇总规则（{LEVEL_WORDS[rollup.level]}）" if zh else f"roll-up rule {rollup.level}",
            rollup.rule_text(lang),
        )
        for rollup in rollups
    ]
    summary += [
        (f"{'方法' if zh else 'method'} {method.id}", pack_text(method.pack, lang))
        for method in graded.methods
    ]
    summary.append(("safetyrisk", _core.__version__))
    legend: dict[str, str] = {}
    for method in graded.methods:
        mapped, by_map = _mapped_colours(graded, method)
        by = "" if not by_map else f"（颜色按 {by_map}）" if zh else f" (colours by {by_map})"
        for band in method.bands:
            grade = mapped.get(band["label"], band["grade"])
            if grade is None:
                continue  # levels without colours
            shown = band["printed"]
            if by_map:
                shown = f"{band['label']} {band['word'][lang]} {band['printed']}"
            head, held = f"{method.id}{by}：", legend.get(grade, "")
            if head in held:
                legend[grade] = f"{held}、{shown}"
            else:
                legend[grade] = f"{held}；{head}{shown}".removeprefix("；")
    legend[""] = "缺少条件（无法评定）或数据无效" if zh else "not gradable or rejected"
    table = graded.full_table()
    points = _columns(table)
    points |= {name: _mixed_cells(table, name) for name in _number_columns(table)}
    if counts["without_colour"]:
        plain = (graded.statuses == 0) & (graded.grades == 0)
        name = "graded_grade" if graded.input.has("grade") else "grade"
        points[name] = ["—" if bare else one for bare, one in zip(plain, points[name], strict=True)]
    points["graded_level" if graded.input.has("level") else "level"] = _level_words(graded, lang)
    cut = write_xlsx(
        path,
        points,
        summary=summary,
        legend=legend,
        issues=issues.in_language(lang).to_columns(),
        data_date=data_date,
        title=title,
        lang=lang,
        headers=_input_headers(graded, lang),
    )
    found = _core.IssueTable()
    for issue in cut:
        found.add(
            issue.code,
            table="graded",
            source=Path(path).name,
            row=issue.row,
            column=issue.column,
            value=issue.value,
            args=list(issue.args),
        )
    return Issues(found)
