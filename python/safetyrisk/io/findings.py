"""Findings and answers as files: workbook, page, JSON."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from .. import _core
from .._display import chip, table_html
from .._faults import fault
from .._files import atomic_path
from .._findings import SEVERITY_WORDS, STATE_WORDS, Findings
from .save import save_table
from .xlsx import Sheet, write_workbook

__all__ = ["save_findings", "save_shown", "write_page"]

_HEADERS = {
    "rule": "规则",
    "severity": "级别",
    "nodes": "涉及主体",
    "edges": "涉及关系",
    "message": "发现",
    "cure": "怎样改正",
    "status": "结果",
    "group": "分组",
    "reason": "说明",
    "examined": "检查对象",
    "errors": "错误",
    "warnings": "警告",
    "infos": "提示",
    "statement": "要求",
    "source": "依据",
    "confidence": "可信度",
}
_CHIPS = {"error": "red", "warning": "orange", "info": "blue"}
_STYLE = (
    "body{font:14px/1.6 'Microsoft YaHei','Noto Sans CJK SC','PingFang SC',sans-serif;"
    "margin:24px;color:#1f2933;max-width:1400px}h1{font-size:20px}h2{font-size:16px;"
    "margin-top:28px}td{vertical-align:top}td:first-child{white-space:nowrap}table{width:100%}"
)


class _Shown(Protocol):
    def _repr_html_(self) -> str: ...

    def to_json(self) -> str: ...


def save_findings(findings: Findings, path: str | os.PathLike[str], *, lang: str = "zh") -> Path:
    """Write findings as ``.xlsx`` (a sheet for each severity, one for the rules), ``.html``, ``.json``.

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
        _workbook(spoken, target, zh=lang == "zh")
    elif suffix == ".html":
        write_page(target, *_page(spoken, zh=lang == "zh"))
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


def save_shown(result: _Shown, path: str | os.PathLike[str], title: str) -> Path:
    """Write what a notebook shows as ``.html``, everything as ``.json``, tables as :func:`save_table`."""
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix == ".html":
        write_page(target, title, result._repr_html_())
    elif suffix == ".json":
        _write(target, result.to_json())
    else:
        save_table(result, target)  # type: ignore[arg-type]  # tables all of them but for whatif
    return target


def write_page(path: Path, title: str, *parts: str) -> None:
    """Write one page without scripts that opens from a file; the parts are HTML."""
    head = (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>"
    )
    body = "".join(parts)
    _write(path, f"{head}<h1>{html.escape(title)}</h1>{body}</body></html>\n")


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def _workbook(findings: Findings, target: Path, *, zh: bool) -> None:
    columns = findings.to_columns()
    labels = _HEADERS if zh else {}
    words = {"status": STATE_WORDS, "severity": SEVERITY_WORDS} if zh else {}
    names = SEVERITY_WORDS if zh else {key: f"{key}s" for key in SEVERITY_WORDS}
    sheets = []
    for severity, name in names.items():
        keep = (columns["severity"] == severity) & (columns["status"] == "fails")
        part = {key: cells[keep] for key, cells in columns.items() if key != "status"}
        if keep.any():
            sheets.append(Sheet(name, part, labels, words, wrap=True, frozen=1))
        else:
            sheets.append(Sheet(name, note="没有发现" if zh else "Nothing was found"))
    rules = findings.rules.to_columns()
    sheets.append(Sheet("规则" if zh else "rules", rules, labels, words, wrap=True, frozen=1))
    about: list[tuple[str, Any]] = [
        ("日期" if zh else "day", findings.on),
        ("口径" if zh else "profile", findings.profile),
        ("safetyrisk", _core.__version__),
    ]
    sheets.append(
        Sheet(
            "说明" if zh else "about",
            {
                "项目" if zh else "item": [key for key, _ in about],
                "内容" if zh else "value": [str(value) for _, value in about],
            },
        )
    )
    write_workbook(
        target,
        sheets,
        created=dt.date.fromisoformat(findings.on),
        title="责任检查结果" if zh else "Findings",
    )


def _page(findings: Findings, *, zh: bool) -> tuple[str, ...]:
    title = "责任检查结果" if zh else "Findings"
    counts = findings.counts()
    severities: Mapping[str, str] = SEVERITY_WORDS if zh else {k: k for k in SEVERITY_WORDS}
    states: Mapping[str, str] = STATE_WORDS if zh else {k: k for k in STATE_WORDS}
    chips = " ".join(chip(_CHIPS[key], f"{severities[key]} {counts[key]}") for key in counts)
    day = (
        f"日期 {findings.on}，口径 {findings.profile}"
        if zh
        else f"{findings.on}, {findings.profile}"
    )
    parts = [f"<p>{chips}　{html.escape(day)}</p>"]
    rows = findings._rows()
    header = _HEADERS if zh else {key: key for key in _HEADERS}
    for severity, word in severities.items():
        here = [row for row in rows if row["severity"] == severity and row["status"] == "fails"]
        if here:
            names = ("rule", "message", "cure", "nodes")
            table = table_html(here, {name: header[name] for name in names})
            parts.append(f"<h2>{word} {len(here)}</h2>{table}")
    parts.append(f"<h2>{'规则' if zh else 'Rules'}</h2>")
    asks = (
        "rule",
        "statement",
        "status",
        "examined",
        "errors",
        "warnings",
        "infos",
        "reason",
        "source",
    )
    asked = [row | {"status": states[row["status"]]} for row in findings.rules._rows()]
    parts.append(table_html(asked, {name: header[name] for name in asks}))
    return (title, *parts)
