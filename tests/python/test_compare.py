"""Two registers compared: against a plain join of dicts, and through every kind of file."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import safetyrisk as sr
from safetyrisk import cli
from safetyrisk.io.joined import CHANGES

STEPS = {"L": [0.5, 1, 3, 6, 10], "E": [1, 3, 6], "C": [1, 7, 15, 40]}
DIVISIONS = ["360902", "360921000000", "360924101", "", None]
ORDER = ["blue", "yellow", "orange", "red"]


def random_rows(seed: int, n: int = 300) -> list[dict[str, Any]]:
    """Rows with missing, repeated and impossible cells; ids of two seeds overlap."""
    r = random.Random(seed)
    rows = []
    for number in r.sample(range(n * 4 // 3), n):
        row: dict[str, Any] = {"id": f"P{number}", "name": f"点{number}", "post": r.choice("甲乙")}
        row["division"] = DIVISIONS[number % len(DIVISIONS)]
        if r.random() < 0.1:
            row["division"] = r.choice(DIVISIONS)
        stable = random.Random(number)
        for name, steps in STEPS.items():
            row[name] = stable.choice(steps) if r.random() < 0.8 else r.choice(steps)
        if r.random() < 0.05:
            row[r.choice("LEC")] = r.choice([None, -1.0, 4.0])
        rows.append(row)
    for _ in range(6):
        again = dict(r.choice(rows))
        if r.random() < 0.5:
            again["L"] = 10.0
        rows.append(again)
    for _ in range(3):
        rows.append(dict(r.choice(rows)) | {"id": None})
    r.shuffle(rows)
    return rows


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def state(grade: str | None, status: str) -> str:
    return grade if grade is not None else status


def reference(before: sr.Graded, after: sr.Graded) -> tuple[dict[str, tuple[str, str]], list[int]]:
    """The same by dicts: states before and after by id, and the rows of either side left out."""
    sides = []
    left_out = []
    for graded in (before, after):
        table = graded.to_columns()
        given = graded.input.texts("id")
        by_id: dict[str, list[str]] = {}
        for own, grade, status in zip(given, table["grade"], table["status"], strict=True):
            if own is not None:
                by_id.setdefault(own, []).append(state(grade, status))
        sides.append(by_id)
    alone = []
    for by_id in sides:
        kept = {}
        for own, states in by_id.items():
            alive = states if len(states) == 1 else [s for s in states if s != "rejected"]
            kept[own] = alive[0] if len(alive) == 1 else None
        alone.append(kept)
    bad = {own for kept in alone for own, one in kept.items() if one is None}
    good = [{own: one for own, one in kept.items() if own not in bad} for kept in alone]
    for graded, kept in zip((before, after), good, strict=True):
        left_out.append(len(graded) - len(kept))
    found = {
        own: (good[0].get(own) or "absent", good[1].get(own) or "absent")
        for own in good[0].keys() | good[1].keys()
    }
    return found, left_out


def change_of(was: str, now: str) -> str:
    if was == "absent":
        return "new"
    if now == "absent":
        return "gone"
    if was in ORDER and now in ORDER:
        steps = ORDER.index(now) - ORDER.index(was)
        return "worse" if steps > 0 else "better" if steps < 0 else "unchanged"
    if now in ORDER:
        return "became_graded"
    return f"became_{now}" if was in ORDER else "not_graded"


@pytest.mark.parametrize("seed", range(5))
def test_every_key_has_the_change_that_a_join_of_dicts_gives(seed: int) -> None:
    before = sr.grade(columns(random_rows(2 * seed)), method="lec")
    after = sr.grade(columns(random_rows(2 * seed + 1)), method="lec")
    states, left_out = reference(before, after)
    result = sr.compare(before, after)
    made = result.to_columns()
    found = dict(zip(made["id"], zip(made["before"], made["after"], strict=True), strict=True))
    assert found == states
    assert made["change"].tolist() == [change_of(*states[key]) for key in made["id"]]
    counts = result.counts()
    assert [counts["not_compared_before"], counts["not_compared_after"]] == left_out
    assert all(counts[name] == n for name, n in Counter(made["change"]).items())

    both = {k: v for k, v in states.items() if "absent" not in v}
    rows = [
        {x: v for x, v in zip(g.input.texts("id"), range(len(g)), strict=True) if x in both}
        for g in (before, after)
    ]
    inputs = [
        {k: [g.input.texts(name)[rows[i][k]] for name in "LEC"] for k in both}
        for i, g in enumerate((before, after))
    ]
    differs = {k for k in both if inputs[0][k] != inputs[1][k]}
    said = {k for k, c in zip(made["id"], made["causes"], strict=True) if "input" in (c or "")}
    assert said == differs
    key = next(iter(sorted(differs)))
    row = made["id"].tolist().index(key)
    expected = [
        f"{name} {old or 'null'}→{new or 'null'}"
        for name, old, new in zip("LEC", inputs[0][key], inputs[1][key], strict=True)
        if old != new
    ]
    assert [c for c in made["changes"][row].split("; ") if c[0] in "LEC"] == expected


def test_rows_and_regions_are_accounted_for() -> None:
    result = sr.compare(columns(random_rows(1)), columns(random_rows(2)), method="lec")
    c = result.counts()
    keys = sum(c[name] for name in CHANGES)
    assert keys == len(result)
    assert c["rows_before"] == keys - c["new"] + c["not_compared_before"] == 309
    assert c["rows_after"] == keys - c["gone"] + c["not_compared_after"] == 309
    grid = {row["before"]: row for row in json.loads(result.by_grade().to_json())["rows"]}
    assert sum(row["total"] for row in grid.values()) == keys
    assert grid["absent"]["total"] == c["new"]
    assert sum(row["absent"] for row in grid.values()) == c["gone"]
    assert c["worse_to_red"] == sum(grid[g]["red"] for g in ("orange", "yellow", "blue"))
    regions = json.loads(result.by_region().to_json())["rows"]
    assert [r["code"] for r in regions] == ["360902", "360921", "360924", None]
    assert any(r["moved_in"] for r in regions)
    for r in regions:
        assert r["after"] == r["before"] + r["new"] - r["gone"] + r["moved_in"] - r["moved_out"]
    for name in CHANGES:
        assert sum(r[name] for r in regions) == c[name]
    for grade in ORDER:
        assert sum(r[f"{grade}_after"] for r in regions) == sum(g[grade] for g in grid.values())


def test_the_order_of_rows_does_not_matter() -> None:
    a, b = random_rows(3), random_rows(4)
    one = sr.compare(columns(a), columns(b), method="lec")
    two = sr.compare(columns(a[::-1]), columns(sorted(b, key=str)), method="lec")
    assert one.counts() == two.counts()
    assert one.by_region().to_json() == two.by_region().to_json()
    rows = [sorted(json.loads(c.to_json())["rows"], key=lambda r: r["id"]) for c in (one, two)]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".parquet"])
def test_saved_results_compare_like_the_results_themselves(tmp_path: Path, suffix: str) -> None:
    tables = [columns(random_rows(seed)) for seed in (5, 6)]
    for table in tables:  # a register may have columns that are called like those of the grading
        table["风险等级"] = ["自评蓝"] * len(table["id"])
        table["status"] = ["在用"] * len(table["id"])
    graded = [sr.grade(table, method="lec") for table in tables]
    paths = [sr.save(g, tmp_path / f"{i}{suffix}") for i, g in enumerate(graded)]
    direct, saved = sr.compare(*graded), sr.compare(*paths)
    assert json.loads(saved.to_json())["rows"] == json.loads(direct.to_json())["rows"]
    assert saved.counts() == direct.counts()
    assert saved.causes() == direct.causes()
    unknown = "io.compare_edition_unknown" in saved.issues.counts()
    assert unknown == (suffix == ".csv")  # the others name the packs


def test_ids_that_are_running_numbers_are_matched_with_a_warning(tmp_path: Path) -> None:
    table = {"L": [3, 6, 1], "E": [6, 6, 6], "C": [15, 15, 15]}
    saved = [sr.save(sr.grade(table, method="lec"), tmp_path / f"{i}.csv") for i in (1, 2)]
    found = [i for i in sr.compare(*saved).issues if i.code == "io.compare_by_position"]
    assert [(i.severity, i.value) for i in found] == [("warning", "0…2")]
    numbered = {"序号": ["1", "2", "3"]} | table
    named = {"编号": ["1", "2", "7"]} | table
    for before, after, warned in ((numbered, numbered, 1), (numbered, named, 0)):
        counts = sr.compare(before, after, method="lec").issues.counts()
        assert counts.get("io.compare_by_position", 0) == warned


def test_a_refused_comparison_names_the_file(tmp_path: Path) -> None:
    good, bad, other = (tmp_path / name for name in ("good.csv", "bad.csv", "other.csv"))
    good.write_text("id,L,E,C,method\na,3,6,15,lec\n", encoding="utf-8")
    bad.write_text("id,L,E,C\na,3,6,15\n", encoding="utf-8")
    other.write_text("L,E,C,method\n3,6,15,lec\n", encoding="utf-8")
    for wrong, code in ((bad, "method.unnamed"), (other, "compare.no_key")):
        with pytest.raises(sr.InputError, match=r"after.*" + wrong.name) as refused:
            sr.compare(good, wrong)
        assert refused.value.code == code
        assert f"本期（{wrong}）" in refused.value.in_language("zh")


def test_a_json_result_and_a_data_frame_are_results_too(tmp_path: Path) -> None:
    graded = sr.grade({"id": ["a", "b"], "L": [3, 6], "E": [6, 6], "C": [15, 15]}, method="lec")
    later = sr.grade({"id": ["a", "b"], "L": [6, 6], "E": [6, 6], "C": [15, 15]}, method="lec")
    path = sr.save(graded, tmp_path / "old.json")
    for old in (path, graded.to_arrow()):
        result = sr.compare(old, later)
        assert result.counts()["worse"] == result.counts()["worse_to_red"] == 1
        assert result.causes()["unknown"] == 1  # the inputs are not in this file


def test_another_method_is_a_cause_and_its_scores_are_not_compared() -> None:
    table = {"id": ["a", "b"], "L": [3, 1], "E": [6, 6], "C": [15, 1], "S": [5, 1]}
    result = sr.compare(sr.grade(table, method="lec"), sr.grade(table, method="lec.t2"))
    made = result.to_columns()
    assert made["causes"].tolist() == ["method", "method"]
    assert all(value != value for value in made["score_change"])
    assert result.issues.counts() == {"io.compare_methods_differ": 1}
    same = sr.compare(sr.grade(table, method="lec"), sr.grade(table | {"L": [6, 1]}, method="lec"))
    assert same.to_columns()["score_change"].tolist() == [270.0, 0.0]


def test_another_edition_of_a_pack_is_a_cause(tmp_path: Path) -> None:
    (text,) = (p.canonical for p in sr.packs("method") if p.id == "lec.t1")
    pack = json.loads(text)
    pack["version"] = "2"
    for band in pack["content"]["bands"]:
        band["range"] = band["range"].replace("160", "200")
    pack["tests"] = []
    (tmp_path / "own.json").write_text(json.dumps(pack), encoding="utf-8")
    table = {"id": ["a"], "L": [6], "E": [2], "C": [15]}  # D = 180
    new = sr.grade(table, method=sr.load_pack(tmp_path / "own.json"))
    old = sr.grade(table, method="lec")
    saved = [sr.save(g, tmp_path / f"{i}.xlsx") for i, g in enumerate((old, new))]
    for pair in ((old, new), saved):
        made = sr.compare(*pair).to_columns()
        assert (made["change"][0], made["causes"][0]) == ("better", "pack")
        assert made["score_change"][0] != made["score_change"][0]


def test_a_direct_determination_is_a_cause() -> None:
    table = {"id": ["a"], "L": [1], "E": [6], "C": [1], "breach_mandatory_clause": [False]}
    old = sr.grade(table, method="lec", direct="direct.shandong")
    new = sr.grade(
        table | {"breach_mandatory_clause": [True]}, method="lec", direct="direct.shandong"
    )
    made = sr.compare(old, new).to_columns()
    assert (made["change"][0], made["causes"][0]) == ("worse", "input;direct")
    assert made["score_change"][0] == 0


def test_repeated_and_missing_keys_are_issues_with_their_place() -> None:
    old = {"id": ["a", "a", "b", None], "L": [3, 6, 3, 3], "E": [6] * 4, "C": [15] * 4}
    new = {"id": ["a", "b", "b", "c"], "L": [3, 3, 3, 3], "E": [6] * 4, "C": [15] * 4}
    result = sr.compare(old, new, method="lec")
    assert result.counts()["not_compared_before"] == 3
    assert result.counts()["not_compared_after"] == 2  # a, and one of the equal rows of b
    assert dict(zip(*(result.to_columns()[k] for k in ("id", "change")), strict=True)) == {
        "b": "unchanged",
        "c": "new",
    }
    found = [i for i in result.issues if i.code.startswith("io.compare")]
    assert [(i.code, i.table, i.row, i.value) for i in found] == [
        ("io.compare_key_missing", "before", 3, ""),
        ("io.compare_key_repeated", "before", 0, "a"),
    ]


def test_other_keys_join_and_do_not_merge_equal_rows() -> None:
    old = {"enterprise": ["x", "x", "y"], "name": ["1", "2", "1"], "id": ["a", "b", "c"]}
    factors = {"L": [3, 3, 3], "E": [6, 6, 6], "C": [15, 15, 15]}
    new = old | {"id": ["k", "l", "m"], "name": ["2", "1", "1"]}
    result = sr.compare(old | factors, new | factors, key=["enterprise", "name"], method="lec")
    assert result.counts()["unchanged"] == 3
    assert result.to_columns()["changed"].tolist() == ["id", "id", "id"]
    by_name = sr.compare(old | factors, new | factors, key="name", method="lec")
    assert by_name.counts()["not_compared_before"] == 2
    assert by_name.counts()["unchanged"] == 1


def test_regions_have_names_and_points_their_place_when_divisions_are_given() -> None:
    factors = {"L": [3], "E": [6], "C": [15]}
    old = {"id": ["a"], "division": ["360924101"]} | factors
    new = {"id": ["a"], "division": ["360921"]} | factors
    names = {"code": ["36", "3609", "360921", "360924"], "name": ["省", "市", "甲县", "乙县"]}
    result = sr.compare(old, new, method="lec", divisions=names)
    regions = json.loads(result.by_region().to_json())["rows"]
    assert [(r["name"], r["moved_in"], r["moved_out"]) for r in regions] == [
        ("甲县", 1, 0),
        ("乙县", 0, 1),
    ]
    city = sr.compare(old, new, method="lec", level="city").by_region().to_columns()
    assert city["code"].tolist() == ["3609"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"key": "nr"}, "no column 'nr'"),
        ({"key": []}, "name of a column"),
        ({"key": 5}, "name of a column"),
        ({"level": "enterprise"}, "level"),
        ({"method": None}, "method="),
    ],
)
def test_a_wrong_call_says_what_is_wrong(options: dict[str, Any], words: str) -> None:
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15], "division": ["36"]}
    with pytest.raises(sr.InputError, match=words):
        sr.compare(table, table, **({"method": "lec"} | options))


def test_row_numbers_are_no_ids_to_compare_by() -> None:
    table = {"L": [3], "E": [6], "C": [15]}
    with pytest.raises(sr.InputError, match="no column 'id'"):
        sr.compare(table, table, method="lec")


def test_empty_registers_compare() -> None:
    empty = {"id": [], "L": [], "E": [], "C": [], "division": []}
    one = {"id": ["a"], "L": [3], "E": [6], "C": [15], "division": ["360924"]}
    assert len(sr.compare(empty, empty, method="lec")) == 0
    assert sr.compare(empty, one, method="lec").counts()["new"] == 1
    assert sr.compare(one, empty, method="lec").by_region().to_columns()["gone"].tolist() == [1]


def test_a_result_whose_grade_and_status_disagree_is_not_compared() -> None:
    odd = {"id": ["a", "b"], "grade": ["red", None], "status": ["graded", "graded"]}
    result = sr.compare(odd, odd)
    assert result.counts()["unchanged"] == result.counts()["not_compared_before"] == 1
    assert result.issues.counts()["io.compare_state_unknown"] == 2


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([str(argument) for argument in arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_the_command_writes_a_workbook_and_says_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text(
        "编号,名称,L,E,C,区划代码\nA,氨机房,3,6,15,360924\nB,=库,1,1,1,360924\n", "utf-8"
    )
    new.write_text("编号,名称,L,E,C,区划代码\nA,氨机房,6,6,15,360924\nC,新,1,1,1,360921\n", "utf-8")
    book = tmp_path / "对比.xlsx"
    assert command("compare", old, new, "-m", "lec", "-o", book) == 0
    said = capsys.readouterr().out
    assert "较上期：新增 1，消失 1，升级 1（其中升为重大 1），降级 0，等级不变 0。" in said
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["对比汇总", "等级变化", "分区域", "变化清单", "问题"]
    listed = list(sheets["变化清单"].values)
    assert [row[0] for row in listed[1:]] == ["A", "C", "B"]  # gravest first
    assert dict(zip(listed[0], listed[1], strict=True))["变化内容"] == "可能性 3→6"
    assert command("compare", old, new, "-m", "lec", "-o", tmp_path / "c.json", "--lang", "en") == 0
    document = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert document["counts"]["new"] == 1
    assert document["text"]["zh"][0] in said
    before = book.read_bytes()
    assert command("compare", old, new, "-m", "lec", "-o", book) == 0
    assert book.read_bytes() == before
    assert command("compare", old, new, "-m", "lec", "-o", new) == 2  # never over an input
    assert command("compare", old, tmp_path / "none.csv", "-o", book) == 2
