"""Answers beyond the grade as a workbook or a page: results, prose, further tables, issues."""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import Any

from .. import _core
from .._beyond import VALUES, BeyondAnswer, BeyondTable, RowAnswer, is_share, lines_html
from .._display import table_html
from .._faults import fault
from .findings import issues_html, write_page
from .save import save_table
from .xlsx import Sheet, grade_colours, is_number, issues_sheet, write_workbook

__all__ = ["save_answer"]

# Rows of a table, and rows told in words, that a page has; a workbook has all.
_SHOWN = 2000
_TOLD = 200


def save_answer(
    result: BeyondTable, path: str | os.PathLike[str], *, lang: str | None = None
) -> Path:
    """Write an answer as ``.xlsx .html .csv .parquet .json``; `safetyrisk.save` documents it."""
    target = Path(path)
    suffix = target.suffix.lower()
    spoken = result if lang is None else result.in_language(lang)
    if suffix == ".xlsx":
        sheets = _sheets(spoken) if isinstance(spoken, BeyondAnswer) else [_sheet(spoken)]
        write_workbook(target, sheets, title=spoken.title)
    elif suffix == ".html":
        parts = _page(spoken) if isinstance(spoken, BeyondAnswer) else [spoken._shown(_SHOWN)]
        write_page(target, spoken.title, *parts, lang=spoken._lang)
    elif suffix in (".csv", ".parquet", ".json"):
        save_table(result, target)
    else:
        raise fault(
            "output.suffix",
            what=("this result", "这种结果"),
            known=".xlsx .html .csv .parquet .json",
            suffix=target.suffix,
        )
    return target


def _sheet(table: BeyondTable, title: str = "") -> Sheet:
    """A table in words: grades in their colours, shares as per cent."""
    name = title or table.title
    if not len(table):
        return Sheet(name, note=table._say("没有", "None"))
    heads, rows = table._worded()
    columns = {column: [row[column] for row in rows] for column in heads}
    for column in VALUES & columns.keys():
        columns[column] = list(map(_cell, columns[column]))
    grades = [column for column in table._grades_in() if column in columns]
    colours = {grade: colour for grade, colour in grade_colours().items() if grade}
    return Sheet(
        name,
        columns,
        heads,
        dict.fromkeys(grades, table._grade_words()),
        dict.fromkeys(grades, colours),
        styles={column: {"num_format": "0.0%"} for column in columns if is_share(column)},
        frozen=1,
    )


def _cell(value: Any) -> Any:
    """A value of an input as a spreadsheet counts it."""
    return float(value) if isinstance(value, str) and is_number(value) else value


def _about(answer: BeyondAnswer) -> list[tuple[str, str]]:
    return [*answer._about(), ("safetyrisk", _core.__version__)]


def _sheets(answer: BeyondAnswer) -> list[Sheet]:
    say = answer._say
    told: dict[str, Any] = {say("说明", "text"): answer._told()}
    if isinstance(answer, RowAnswer):
        told = {say("编号", "id"): answer._told_ids()} | told
    about = _about(answer)
    issues = answer.issues.in_language(answer._lang)
    name = say("问题", "Issues")
    return [
        _sheet(answer, say("结果", "Results")),
        Sheet(say("说明", "In words"), told, wrap=True),
        *map(_sheet, answer._all_parts()),
        issues_sheet(name, issues.to_columns(), answer._lang)
        if len(issues)
        else Sheet(name, note=say("数据没有问题", "Nothing is wrong with the data")),
        Sheet(
            say("方法", "Methods"),
            {
                say("项目", "item"): [item for item, _ in about],
                say("内容", "value"): [value for _, value in about],
            },
            wrap=True,
        ),
    ]


def _page(answer: BeyondAnswer) -> list[str]:
    say = answer._say
    out = [f"<p>{lines_html(text)}</p>" for text in answer._told(_TOLD)]
    more = len(answer._told_ids()) - _TOLD if isinstance(answer, RowAnswer) else 0
    if more > 0:
        text = say(f"另有 {more} 行的说明见 .xlsx", f"{more} more rows are told in .xlsx")
        out.append(f"<p>{text}</p>")
    sections = [(say("结果", "Results"), answer._shown(_SHOWN))]
    sections += [(part.title, part._shown(_SHOWN)) for part in answer._all_parts() if len(part)]
    if len(answer.issues):
        sections.append((say("问题", "Issues"), issues_html(answer.issues, answer._lang)))
    columns = {"item": say("项目", "item"), "value": say("内容", "value")}
    about = [dict(zip(columns, pair, strict=True)) for pair in _about(answer)]
    sections.append((say("方法", "Methods"), table_html(about, columns)))
    return [*out, *(f"<h2>{html.escape(title)}</h2>{body}" for title, body in sections)]
