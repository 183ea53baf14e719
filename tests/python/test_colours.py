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


def test_levels_without_colours_are_written_in_every_table(tmp_path: Path) -> None:
    bare = sr.grade(parks() | {"total": [59.9, 60, None, 85]}, "park.2023")
    assert bare.to_columns()["level"].tolist() == ["A", "B", None, "D"]
    page = openpyxl.load_workbook(sr.save(bare, tmp_path / "x.xlsx"))
    head, *rows = page["全部风险点"].iter_rows(values_only=True)
    at = {name: k for k, name in enumerate(head)}
    assert [row[at["级别"]] for row in rows] == ["A 高安全风险", "B 较高安全风险", None,
                                               "D 较低安全风险"]  # fmt: skip
    # A graded row is never called not graded because its method has no colours.
    assert [row[at["风险等级"]] for row in rows] == ["—", "—", "未评定", "—"]
    counted = dict(page["汇总"].iter_rows(values_only=True))
    assert counted["已评定，方法不规定颜色"] == 3
    classes = sr.grade(
        {"id": [1], "deaths": [3], "serious_injuries": [0], "direct_loss": [0]},
        "accident_class.493",
    )
    page = openpyxl.load_workbook(sr.save(classes, tmp_path / "c.xlsx"))["全部风险点"]
    assert "较大事故" in [cell.value for cell in page[2]]
    # Read again, its own columns are no columns of the register.
    again = sr.grade(tmp_path / "x.xlsx", "park.2023", colours="park_colours.usual")
    assert again.to_columns()["grade"].tolist() == ["red", "orange", None, "blue"]
    assert not again.input.has("level")


def test_a_comparison_refuses_rows_without_colour(tmp_path: Path) -> None:
    bare = sr.grade(parks(), "park.2023")
    files = [sr.save(bare, tmp_path / f"x{suffix}") for suffix in (".xlsx", ".csv", ".parquet")]
    for one in (bare, *files):
        with pytest.raises(sr.InputError, match="colours"):
            sr.compare(one, one)
    painted = sr.grade(parks(), "park.2023", colours="park_colours.usual")
    assert sr.compare(painted, painted).counts()["unchanged"] == 4
