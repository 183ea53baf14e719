"""Colours that the caller names: in the legend of a workbook, and what happens without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

import safetyrisk as sr


def parks() -> dict[str, Any]:
    return {
        "id": ["a", "b", "c", "d"], "name": ["甲", "乙", "丙", "丁"],
        "total": [59.9, 60, 84.9, 85], "veto": [None, None, None, None],
        "division": ["360902", "360902", "360981", "360981"],
    }  # fmt: skip


def legend(path: Path) -> dict[str, str]:
    page = openpyxl.load_workbook(path)["图例"]
    rows = [[str(cell.value or "") for cell in row] for row in page.iter_rows()]
    return {row[0]: "".join(row[1:]) for row in rows if row[0]}


def test_the_legend_says_which_levels_a_colour_map_paints(tmp_path: Path) -> None:
    graded = sr.grade(parks(), "park.2023", colours="park_colours.usual")
    assert graded.to_columns()["grade"].tolist() == ["red", "orange", "yellow", "blue"]
    shown = legend(sr.save(graded, tmp_path / "x.xlsx"))
    red = next(text for head, text in shown.items() if "重大" in head)
    assert "park_colours.usual" in red
    assert "A" in red
    assert "60 以下" in red
    plain = legend(sr.save(sr.grade(parks(), "park.2023"), tmp_path / "y.xlsx"))
    assert not any("park" in text for text in plain.values())


def test_a_rollup_refuses_rows_without_colour_and_takes_them_with_one() -> None:
    divisions = sr.Divisions.read(
        {"code": ["3609", "360902", "360981"], "name": ["宜春市", "袁州区", "丰城市"]}
    )
    bare = sr.grade(parks(), "park.2023")
    assert bare.counts()["without_colour"] == 4
    with pytest.raises(sr.InputError, match="colours") as refused:
        divisions.rollup(bare)
    assert "4" in str(refused.value)
    painted = sr.grade(parks(), "park.2023", colours="park_colours.usual")
    rows = divisions.rollup(painted).to_columns()
    found = dict(zip(rows["code"], rows["grade"], strict=True))
    assert (found["360902"], found["360981"]) == ("red", "yellow")
    # One row without colour is enough: it is never left out in silence.
    mixed = {
        "id": ["a", "b"], "method": ["lec", "park.2023"], "L": [3, None], "E": [6, None],
        "C": [15, None], "total": [None, 90], "veto": [None, None], "division": ["360902"] * 2,
    }  # fmt: skip
    with pytest.raises(sr.InputError, match="colours"):
        divisions.rollup(sr.grade(mixed))
