"""The same rows under other rules: who changed is what the printed bands say, and why is told."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import _core
from safetyrisk.scoring import method

# Lowest R of red, orange, yellow by the printed tables of the 5×5 profiles.
MATRICES = {
    "ls.db37": (20, 15, 9), "ls.mine_wall": (20, 9, 4), "ls.ahp_spa": (20, 10, 4),
    "ls.form4": (17, 11, 5),
}  # fmt: skip
ORDER = ["blue", "yellow", "orange", "red"]


def cells() -> dict[str, Any]:
    pairs = list(itertools.product(range(1, 6), range(1, 6)))
    return {"id": list(range(25)), "L": [a for a, _ in pairs], "S": [b for _, b in pairs]}


@pytest.mark.parametrize(("old", "new"), list(itertools.permutations(MATRICES, 2)))
def test_each_cell_of_the_matrix_changes_as_the_printed_tables_do(old: str, new: str) -> None:
    again = sr.regrade(cells(), new, before=old)
    rows = again.to_columns()

    def colour(name: str, r: int) -> str:
        edges = MATRICES[name]
        return ORDER[3 - sum(r < edge for edge in edges)]

    worse = better = 0
    for row, (a, b) in enumerate(itertools.product(range(1, 6), range(1, 6))):
        was, now = colour(old, a * b), colour(new, a * b)
        step = ORDER.index(now) - ORDER.index(was)
        worse, better = worse + (step > 0), better + (step < 0)
        assert (rows["before"][row], rows["after"][row]) == (was, now)
        assert rows["change"][row] == ("worse" if step > 0 else "better" if step else "unchanged")
        assert rows["cause"][row] == ("edge" if step else None)
        assert (again.why(row) is None) == (step == 0)
    counts = again.counts()
    assert (counts["worse"], counts["better"]) == (worse, better)
    assert sum(counts.values()) == 2 * counts["rows"]
    matrix = again.matrix().to_columns()
    assert matrix["total"][-1] == 25


def test_the_side_of_an_edge_is_told() -> None:
    # D = 70, 160, 320 exactly: T1 excludes the edge from the graver band, T2 includes it.
    table = {"id": ["a", "b", "c"], "L": [1, 1, 0.5], "E": [10, 10, 10], "C": [7, 40, 40]}
    again = sr.regrade(table, "lec.t2", before="lec.t1")
    assert again.counts()["worse"] == 1
    assert again.why(0) == (
        "分值同为 70，原属 20<D≤70，现属 70≤D<160；原等级的上界由 70（含）改为 70（不含）"
    )
    back = sr.regrade(table, "lec.t1", before="lec.t2")
    assert back.counts()["better"] == 1
    assert "the lower edge was 70 (inclusive) and is 70 (exclusive)" in str(back.why(0, "en"))


def test_a_row_that_another_scale_does_not_have_says_which_value() -> None:
    again = sr.regrade(
        {"id": ["a"], "L": [3], "E": [6], "C": [2]}, "lec.t1", before="lec.shandong_a"
    )
    assert again.to_columns()["change"][0] == "became_rejected"
    assert again.causes() == {"status": 1}
    assert "C" in str(again.why(0))
    assert "2" in str(again.why(0))
    back = sr.regrade(again.after, "lec.shandong_a")
    assert back.to_columns()["change"][0] == "became_graded"
    assert str(back.why(0)).startswith("数据无效 → 已评定：原来")


def test_a_direct_rule_that_comes_and_goes_is_the_cause() -> None:
    rules = next(p for p in sr.packs("direct_rules") if p.id == "direct.shandong")
    content = json.loads(rules.canonical)["content"]
    table: dict[str, Any] = {"id": ["a", "b"], "L": [1, 1], "E": [1, 1], "C": [15, 15]}
    for column in content["columns"]:
        table[column["id"]] = [None, None]
    name, operator, value = content["rules"][0]["when"][0]
    assert operator == "="
    table[name] = [value, None]
    for other, _, wanted in content["rules"][0]["when"][1:]:
        table[other] = [wanted, None]
    plain = sr.grade(table, "lec")
    ruled = sr.regrade(plain, direct="direct.shandong")
    assert ruled.to_columns()["change"].tolist() == ["worse", "unchanged"]
    assert ruled.causes() == {"override": 1}
    assert "仅按分值为 blue" in str(ruled.why(0))
    again = sr.regrade(ruled.after, direct=None)
    assert again.to_columns()["change"].tolist() == ["better", "unchanged"]
    assert again.causes() == {"override": 1}
    # Rules stay as they were unless named.
    assert sr.regrade(ruled.after, "lec.t2").counts()["unchanged"] == 2


def changed_pack(name: str, identity: str, old: str, new: str) -> sr.Pack:
    text = method(name).pack.canonical.replace(f'"{name}"', f'"{identity}"')
    assert old in text
    document = json.loads(text.replace(old, new)) | {"tests": [], "default": False}
    return _core.parse_pack(json.dumps(document), "mine.json")


def test_a_step_of_a_chain_that_gives_another_value_is_named() -> None:
    case = {"id": ["r"], "phase": ["gas"], "volume": [300], "temperature": [20]}
    cases = json.loads(method("unit_hazard.usual").pack.canonical)["tests"]
    rows = [one["inputs"] for one in cases if "score" in one]
    names = dict.fromkeys(name for row in rows for name in row)
    case = {"id": list(range(len(rows)))} | {n: [r.get(n) for r in rows] for n in names}
    again = sr.regrade(case, "unit_hazard.over", before="unit_hazard.usual")
    old = [one["score"] for one in cases if "score" in one]
    shown = again.to_columns()
    assert [float(x) for x in shown["score_before"]] == [float(x) for x in old]
    for row in again.changed_rows().tolist():
        assert shown["cause"][row] in ("step", "edge")
        if shown["cause"][row] == "step":
            assert str(again.why(row)).startswith("步骤 ")


def test_levels_without_colours_are_compared_on_their_scale_only() -> None:
    parks = {"id": ["a", "b", "c"], "total": [59.9, 65, 90], "veto": [None, None, True]}
    mine = changed_pack("park.2023", "mine.park", "[60, 70)", "[60, 72)")
    text = mine.canonical.replace("[70, 85)", "[72, 85)")
    mine = _core.parse_pack(text, "mine.json")
    same = sr.regrade(parks, mine, before="park.2023")
    assert same.counts()["unchanged"] == 3
    coloured = sr.regrade(same.before, colours="park_colours.usual")
    assert coloured.counts()["other"] == 3
    assert coloured.causes() == {"colours": 3}
    other = sr.regrade({"id": ["a"], "total": [71], "veto": [None]}, mine, before="park.2023")
    assert other.to_columns()["change"].tolist() == ["worse"]
    assert other.to_columns()["before"].tolist() == ["C"]
    assert other.causes() == {"edge": 1}


def test_another_formula_is_another_method() -> None:
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15], "S": [5]}
    again = sr.regrade(table, "ls", before="lec")
    assert again.to_columns()["change"].tolist() == ["unchanged"]
    table = {"id": ["a"], "L": [1], "E": [6], "C": [15], "S": [5]}
    again = sr.regrade(table, "ls", before="lec")
    assert (again.to_columns()["before"][0], again.to_columns()["after"][0]) == ("yellow", "blue")
    assert again.causes() == {"method": 1}
    assert "lec.t1 分值 90" in str(again.why(0))


def test_regions_pages_and_workbooks(tmp_path: Path) -> None:
    table = cells() | {"division": ["360902" if k % 2 else "360981" for k in range(25)]}
    table["name"] = ["<script>"] * 25
    table["id"] = [f"<b>{k}" for k in range(25)]
    again = sr.regrade(table, "ls.form4", before="ls.db37")
    regions = again.by_region().to_columns()
    assert regions["code"].tolist() == ["360902", "360981"]
    assert sum(regions["worse"]) == again.counts()["worse"]
    assert sum(regions["rows"]) == 25
    for name in ("x.html", "x.xlsx", "x.csv", "x.json"):
        assert sr.save(again, tmp_path / name).stat().st_size > 0
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<b>1" not in page
    assert "重新评定" in page
    assert "<b>" not in again._repr_html_().replace("<br>", "")
    bare = sr.regrade(cells(), "ls.form4", before="ls.db37")
    with pytest.raises(sr.InputError, match="no regions"):
        bare.by_region()


def test_threads_and_order_change_nothing_and_wrong_calls_are_refused() -> None:
    graded = sr.grade(cells(), "ls.db37")
    one = sr.regrade(graded, "ls.form4", threads=1).to_json()
    assert sr.regrade(graded, "ls.form4", threads=2).to_json() == one
    with pytest.raises(sr.InputError, match="nothing changes"):
        sr.regrade(graded)
    with pytest.raises(sr.InputError, match="graded already"):
        sr.regrade(graded, "ls.form4", before="ls.db37")
    with pytest.raises(sr.InputError):
        sr.regrade(sr.methods(), "ls")
    assert sr.regrade(graded, as_of="2026-01-01").counts()["unchanged"] == 25


def test_the_command_regrade_writes_who_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetyrisk.cli import main

    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("编号,L,S\na,3,4\nb,1,1\n", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["regrade", "in.csv", "--before", "ls", "-m", "ls.form4", "-o", "out.csv"])
    assert end.value.code == 0
    assert "升级 1" in capsys.readouterr().out
    assert "edge" in Path("out.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(SystemExit) as end:
        main(["regrade", "in.csv", "--before", "ls", "-o", "out.csv"])
    assert end.value.code == 2
    assert "没有任何改变" in capsys.readouterr().err
