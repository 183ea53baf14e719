"""How results look in a notebook: static HTML without scripts, everything from data escaped."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["ENGLISH", "chip", "counts_html", "details", "table_html"]

#: Colours of the palette ``safe``; notebooks always show this one.
_COLOURS = {
    "red": ("#B2001E", "#FFFFFF"),
    "orange": ("#F58518", "#000000"),
    "yellow": ("#FFEB5C", "#000000"),
    "blue": ("#1D5FC4", "#FFFFFF"),
    "unassessed": ("#D9D9D9", "#000000"),
}
_WORDS = {
    "red": "重大风险",
    "orange": "较大风险",
    "yellow": "一般风险",
    "blue": "低风险",
    "unassessed": "未评估",
}
#: Words of the grades in English.
ENGLISH = {
    "red": "major risk",
    "orange": "serious risk",
    "yellow": "general risk",
    "blue": "low risk",
    "unassessed": "no grade",
}
_CELL = "padding:2px 8px;border-bottom:1px solid rgba(128,128,128,.35);vertical-align:top"
_TEXT = f"{_CELL};text-align:left"
_NUMBER = f"{_CELL};text-align:right;font-variant-numeric:tabular-nums"


def chip(grade: str, text: str | None = None) -> str:
    """Coloured label of a grade; `text` defaults to the official word."""
    back, front = _COLOURS.get(grade, _COLOURS["unassessed"])
    shown = html.escape(_WORDS.get(grade, grade) if text is None else text)
    return (
        f'<span style="background:{back};color:{front};border-radius:3px;padding:1px 7px;'
        f'white-space:nowrap">{shown}</span>'
    )


def counts_html(counts: Mapping[str, int], grades: Iterable[str] = tuple(_WORDS)) -> str:
    """Chips with the number of each grade."""
    return " ".join(chip(g, f"{_WORDS[g]} {counts[g]}") for g in grades if g in counts)


def table_html(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    chips: Collection[str] = (),
    words: Mapping[str, str] = _WORDS,
) -> str:
    """Table of the given columns (name to header); the columns ``grade`` and ``worst`` as chips.

    A row without a grade that has a ``level`` (of a method without colours) shows that instead.
    Further columns of grades are named by `chips`; `words` are those on the chips. Columns of
    numbers stand to the right; a table that is too wide scrolls by itself.
    """
    styles = {name: _style(rows, name) for name in columns}
    head = "".join(
        f'<th style="{styles[name]}">{html.escape(title)}</th>' for name, title in columns.items()
    )
    body = []
    for row in rows:
        cells = []
        for name in columns:
            value = row.get(name)
            if name in ("grade", "worst"):
                grade = value or "unassessed"
                shown = chip(grade, (None if value else row.get("level")) or words.get(grade))
            elif value is not None and name in chips:
                shown = chip(value, words.get(value))
            else:
                shown = "" if value is None else html.escape(str(value))
            cells.append(f'<td style="{styles[name]}">{shown}</td>')
        body.append("<tr>" + "".join(cells) + "</tr>")
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:90%">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _style(rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """Numbers stand to the right; short texts stay in one line."""
    cells = [row.get(name) for row in rows]
    filled = [cell for cell in cells if cell not in (None, "")]
    if filled and all(isinstance(c, int | float) and not isinstance(c, bool) for c in filled):
        return _NUMBER
    short = all(len(str(cell)) <= 14 for cell in filled)
    return f"{_TEXT};white-space:nowrap" if short else f"{_TEXT};min-width:9em"


def details(title: str, *parts: str) -> str:
    """A block with a bold title line."""
    inner = "".join(f'<div style="margin:4px 0">{part}</div>' for part in parts if part)
    return f'<div class="safetyrisk"><strong>{html.escape(title)}</strong>{inner}</div>'
