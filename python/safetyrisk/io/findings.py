"""Findings and answers as files: workbook, page, JSON."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections import Counter
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .. import _core
from .._display import table_html
from .._faults import fault
from .._files import atomic_path
from .._findings import Findings
from .._result import Result
from .._words import SEVERITY_WORDS, Speaker
from ..core import Issues
from .save import save_table
from .xlsx import Sheet, issues_sheet, write_csv, write_workbook

__all__ = ["Shown", "issues_html", "save_findings", "save_shown", "write_page"]

# Findings of one rule and severity on a page; a browser does not open 70 MB.
_MOST_ON_A_PAGE = 500
_STYLE = (
    ":root{color-scheme:light}"
    "body{font:14px/1.6 'Microsoft YaHei','Noto Sans CJK SC','PingFang SC',sans-serif;"
    "margin:24px;color:#1f2933;background:#fff;max-width:1400px}h1{font-size:20px}"
    "h2{font-size:16px;margin-top:28px}td{overflow-wrap:break-word}"
    "th{white-space:nowrap}"
    ".safetyrisk .safetyrisk{margin-top:18px}"
    "@media(max-width:900px){body{margin:12px}}"
    "@media print{thead{display:table-header-group}tr{break-inside:avoid}}"
)


@runtime_checkable
class Shown(Protocol):
    """A result of the graph: pages and workbooks in words."""

    _speaker: Speaker

    def _page_html(self) -> str: ...

    def _sheets(self) -> dict[str, dict[str, Any]]: ...

    def to_json(self) -> str:
        """JSON of everything."""
        ...


def save_findings(findings: Findings, path: str | os.PathLike[str], *, lang: str = "zh") -> Path:
    """Write findings as ``.xlsx``, ``.html`` or ``.json``.

    The workbook has a sheet for each severity, one for the rules and one for the issues of the
    data that the graph was built of; the page the same one below the other.

    Raises
    ------
    InputError
        The ending is another, or XlsxWriter is not installed.
    OSError
        The file cannot be written.
    """
    target = Path(path)
    spoken = findings.in_language(lang)
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        _workbook(spoken, target)
    elif suffix == ".html":
        title, *parts = _page(spoken)
        write_page(target, title, *parts, lang=lang)
    elif suffix == ".json":
        _write(target, spoken.to_json())
    else:
        raise fault(
            "output.suffix",
            what=("findings", "检查结果"),
            known=".xlsx .html .json",
            suffix=target.suffix,
        )
    return target


def save_shown(
    result: Shown,
    path: str | os.PathLike[str],
    title: str = "",
    *,
    lang: str = "zh",
    codes: bool = False,
) -> Path:
    """Write a result of the graph: a page or a workbook for a reader, or a table for a program.

    ``.html`` and ``.xlsx`` have everything, in words; ``.csv`` has the first table of these, in
    words as well unless `codes`; ``.parquet`` and ``.json`` have codes.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".html":
        write_page(target, title, result._page_html(), lang=lang)
    elif suffix == ".json":
        _write(target, result.to_json())
    elif suffix == ".xlsx":
        sheets = [
            Sheet(name, columns, wrap=True) if columns and any(map(len, columns.values()))
            else Sheet(name, note="没有" if lang == "zh" else "None")
            for name, columns in result._sheets().items()
        ]  # fmt: skip
        write_workbook(target, sheets, title=title)
    elif suffix == ".csv" and isinstance(result, Result) and not codes:
        write_csv(next(iter(result._sheets().values())), target)
    elif not isinstance(result, Result):
        raise fault(
            "output.suffix",
            what=("a what-if or a diff", "推演和对比"),
            known=".html .xlsx .json",
            suffix=target.suffix,
        )
    else:
        save_table(result, target)
    return target


def write_page(path: Path, title: str, *parts: str, lang: str = "zh") -> None:
    """Write one page without scripts that opens from a file; the parts are HTML."""
    head = (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>"
    )
    first = f"<h1>{html.escape(title)}</h1>" if title else ""
    _write(path, f"{head}{first}{''.join(parts)}</body></html>\n")


def issues_html(issues: Issues, lang: str) -> str:
    """Issues as a table of a page, places called as people call them."""
    sheet = issues_sheet("", issues.in_language(lang).to_columns(), lang)
    listed = [
        "severity", "code", "table", "source", "row", "line", "column", "value", "message", "hint",
    ]  # fmt: skip
    heads = {name: sheet.labels.get(name, name) for name in listed if name in sheet.columns}
    cells = {name: list(sheet.columns[name]) for name in heads}
    words = sheet.words.get("severity", {})
    rows: list[dict[str, Any]] = [
        dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)
    ]
    for row in rows:
        row["severity"] = words.get(row["severity"], row["severity"])
        row |= {name: int(row[name]) for name in ("row", "line") if row.get(name) is not None}
    return table_html(rows, heads)


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def _workbook(findings: Findings, target: Path) -> None:
    s = findings._speaker
    columns = findings.to_columns()
    columns["edges"] = [
        s.say("；", "; ").join(map(s.edge, filter(None, (cell or "").split(";"))))
        for cell in columns["edges"].tolist()
    ]
    columns = {name: np.asarray(cells, dtype=object) for name, cells in columns.items()}
    sheets = []
    for severity in SEVERITY_WORDS:
        name = SEVERITY_WORDS[severity] if s.zh else f"{severity}s"
        keep = (columns["severity"] == severity) & (columns["status"] == "fails")
        if keep.any():
            part = {key: cells[keep] for key, cells in columns.items() if key != "status"}
            sheets.append(Sheet(name, s.columns(part), wrap=True, frozen=1))
        else:
            sheets.append(Sheet(name, note=s.say("没有发现", "Nothing was found")))
    rules = s.columns(findings.rules.to_columns())
    sheets.append(Sheet(s.say("规则", "rules"), rules, wrap=True, frozen=1))
    issues = findings.issues.in_language(s.lang)
    name = s.say("数据问题", "issues")
    if len(issues):
        sheets.append(issues_sheet(name, issues.to_columns(), s.lang))
    else:
        sheets.append(Sheet(name, note=s.say("数据没有问题", "Nothing is wrong with the data")))
    about: list[tuple[str, Any]] = [
        (s.say("日期", "day"), findings.on),
        (s.say("口径", "profile"), findings.profile_word),
        *((s.say("提示", "note"), note) for note in findings.notes),
    ]
    if findings._data is not None:
        for row in findings._data.rows._rows():
            table = s.cell("table", row["table"])
            given, used, rejected = row["rows_in"], row["used"], row["rejected"]
            about.append(
                (
                    s.say(f"{table}表", f"table {table}"),
                    s.say(
                        f"{given} 行 = 采用 {used} + 未采用 {rejected}",
                        f"{given} rows = {used} used + {rejected} rejected",
                    ),
                )
            )
    about.append(("safetyrisk", _core.__version__))
    sheets.append(
        Sheet(
            s.say("说明", "about"),
            {
                s.say("项目", "item"): [key for key, _ in about],
                s.say("内容", "value"): [str(value) for _, value in about],
            },
        )
    )
    write_workbook(
        target,
        sheets,
        created=dt.date.fromisoformat(findings.on),
        title=s.say("责任检查结果", "Findings"),
    )


def _first_of_each(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Rows of a page, and how many of each rule are left out of it."""
    seen = Counter[str]()
    kept = []
    for row in rows:
        seen[row["rule"]] += 1
        if seen[row["rule"]] <= _MOST_ON_A_PAGE:
            kept.append(row)
    return kept, {
        rule: count - _MOST_ON_A_PAGE for rule, count in seen.items() if count > _MOST_ON_A_PAGE
    }


def _page(findings: Findings) -> tuple[str, ...]:
    s = findings._speaker
    parts = [
        f"<p>{findings._head()}</p>",
        f"<p>{findings._data_line()}</p>",
        findings._notes_html(),
    ]
    rows = [row for row in findings._rows() if row["status"] == "fails"]
    for severity in SEVERITY_WORDS:
        here = [row for row in rows if row["severity"] == severity]
        if here:
            kept, more = _first_of_each(here)
            for row in kept:
                row["nodes"] = row["nodes"].replace(";", " ")
            table = s.table(kept, s.heads(["rule", "message", "cure", "nodes"]))
            word = SEVERITY_WORDS[severity] if s.zh else f"{severity}s"
            parts.append(f"<h2>{word} {len(here)}</h2>{table}")
            parts += [
                "<p>"
                + s.say(
                    f"{rule} 另有 {count} 条未在此页列出，全部见 .xlsx 或 .json",
                    f"{rule}: {count} more are not on this page; .xlsx and .json have all",
                )
                + "</p>"
                for rule, count in more.items()
            ]
    if not rows:
        parts.append(f"<p>{s.say('没有发现', 'Nothing was found')}</p>")
    issues = findings.issues.in_language(s.lang)
    if len(issues):
        parts.append(f"<h2>{s.say('数据问题', 'Issues of the data')} {len(issues)}</h2>")
        parts.append(issues_html(issues, s.lang))
    parts.append(f"<h2>{s.say('规则', 'Rules')}</h2>")
    asks = [
        "rule", "statement", "status", "examined", "unjudged", "errors", "warnings", "infos", "reason",
        "source",
    ]  # fmt: skip
    parts.append(s.table(findings.rules._rows(), s.heads(asks)))
    return (s.say("责任检查结果", "Findings"), *parts)
