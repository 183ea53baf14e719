"""Templates: what they ask for is what the readers know, and the example is never data."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import safetyrisk as sr
from safetyrisk.io.headers import map_headers, table_spec
from safetyrisk.io.steps import step_label
from safetyrisk.io.tables import read_raw

#: Products of steps; chains and factors given by range have no lists.
METHODS = [
    pack.id
    for pack in sr.packs("method")
    if (factors := sr.scoring.method(pack.id).factors)
    and all(len(f["steps"]) <= 14 for f in factors)
]


def lists(book: openpyxl.Workbook) -> dict[str, list[str]]:
    """What each column's drop-down list offers, through the ranges that its check names."""
    page = book.worksheets[0]
    found = {}
    for check in page.data_validations.dataValidation:
        if check.type != "list":
            continue
        sheet, _, cells = check.formula1.rpartition("!")
        rows = book[sheet.strip("'")][cells.replace("$", "")]
        letter = str(check.sqref).rstrip("0123456789").partition("2")[0]
        found[page[f"{letter}1"].value] = [row[0].value for row in rows]
    return found


def factor_columns(method: str) -> list[str]:
    factors = sr.scoring.method(method).factors
    return [p["id"] for f in factors for p in f["parts"] or [f]]


@pytest.mark.parametrize("method", METHODS)
def test_every_step_that_a_list_offers_is_read_as_its_value(tmp_path: Path, method: str) -> None:
    path = sr.template("risk_points", tmp_path / "模板.xlsx", method=method)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    headers = [cell.value for cell in page[1]]
    mapped = map_headers(headers, "risk_points")
    assert not mapped.issues
    assert not [h for h in headers if h not in mapped.mapping]
    ids = dict(zip(mapped.names, range(1, 99), strict=False))
    offered = {mapped.mapping[header]: texts for header, texts in lists(book).items()}
    assert sorted(offered) == sorted(factor_columns(method))

    chosen = sr.scoring.method(method)
    longest = max(map(len, offered.values()))
    expected = []
    for row in range(longest):
        page.cell(row + 3, ids["id"], f"00{row}")
        score = 1.0
        for factor in chosen.factors:
            for part in factor["parts"] or [factor]:
                texts = offered[part["id"]]
                page.cell(row + 3, ids[part["id"]], texts[row % len(texts)])
            score *= factor["steps"][row % len(factor["steps"])]["value"]
        expected.append(score)
    book.save(path)
    graded = sr.grade(path, method=method)
    assert graded.to_columns()["score"].tolist() == pytest.approx(expected, rel=1e-12)
    assert graded.to_columns()["id"].tolist() == [f"00{row}" for row in range(longest)]
    assert not graded.issues.count("error")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("table", ["risk_points", "enterprises", "divisions", "substances"])
def test_an_unfilled_template_has_no_rows_and_names_its_example(
    tmp_path: Path, table: str, lang: str
) -> None:
    path = sr.template(table, tmp_path / "t.xlsx", lang=lang)
    raw = read_raw(path, table)
    assert raw.rows == 0
    assert set(raw.columns) <= set(table_spec(table).types)
    assert set(table_spec(table).required) <= set(raw.columns)
    examples = [issue for issue in raw.issues if issue.code == "io.example_row"]
    assert [(issue.line, issue.value[:4]) for issue in examples] == [(2, "【示例】")]


def test_the_example_is_skipped_in_csv_of_any_size(tmp_path: Path) -> None:
    rows = [["编号", "L", "E", "C"], ["【示例】R1", "3", "6", "15"]]
    rows += [[f"R{i}", "3", "6", "15"] for i in range(100_000)]
    for size in (4, len(rows)):
        with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows[:size])
        graded = sr.grade(tmp_path / "t.csv", method="lec")
        assert graded.counts()["red"] + graded.counts()["orange"] == size - 2
        assert graded.issues.counts()["io.example_row"] == 1


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("6　相当可能", "graded"),
        (" 6 相当可能 ", "graded"),
        ("6  quite possible", "graded"),
        ("3　相当可能", "rejected"),  # number and meaning of two steps
        ("6　可能", "rejected"),
        ("6　", "graded"),
        ("6 或 10", "rejected"),
        ("相当可能", "rejected"),
    ],
)
def test_a_label_counts_only_when_number_and_meaning_agree(
    tmp_path: Path, cell: str, status: str
) -> None:
    table = {"id": ["a"], "L": [cell], "E": ["6"], "C": ["15"]}
    in_memory = sr.grade(table, method="lec")
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([table.keys(), [v[0] for v in table.values()]])
    for graded in (in_memory, sr.grade(tmp_path / "t.csv", method="lec")):
        assert graded.to_columns()["status"].tolist() == [status]
        assert ("io.step_label" in graded.issues.counts()) == (status == "graded" and cell != "6　")


def test_labels_of_a_pack_of_ones_own_are_read(tmp_path: Path) -> None:
    (text,) = (p.canonical for p in sr.packs("method") if p.id == "lec.t1")
    document = json.loads(text)
    document["pack"] = "lec.own"
    for step in document["content"]["factors"][0]["steps"]:
        step["zh"] = f"本单位的说法{step['value']}" + "很长" * 30
    (tmp_path / "own.json").write_text(json.dumps(document), encoding="utf-8")
    own = sr.load_pack(tmp_path / "own.json")
    path = sr.template("risk_points", tmp_path / "t.xlsx", method=own)
    book = openpyxl.load_workbook(path)
    label = lists(book)["*可能性（L）"][0]
    assert label == step_label(10, document["content"]["factors"][0]["steps"][0]["zh"])
    table = {"id": ["a"], "L": [label], "E": [6], "C": [15]}
    assert sr.grade(table, method=own).to_columns()["score"].tolist() == [900.0]
    assert sr.grade(table, method="lec").counts()["rejected"] == 1


def test_codes_are_texts_and_rows_are_checked(tmp_path: Path) -> None:
    path = sr.template("enterprises", tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    names = map_headers([cell.value for cell in page[1]], "enterprises").names
    letters = {name: page.cell(1, i).column_letter for i, name in enumerate(names, 1)}
    columns: Any = page.column_dimensions
    for name in ("id", "credit_code", "division", "industry"):
        assert columns[letters[name]].number_format == "@"  # of the whole column
        assert page[f"{letters[name]}2"].number_format == "@"
    checks = {str(c.sqref)[0]: c.type for c in page.data_validations.dataValidation}
    assert checks[letters["lon"]] == checks[letters["lat"]] == "decimal"
    assert checks[letters["division"]] == checks[letters["credit_code"]] == "custom"
    assert lists(book)["是否高危"] == ["是", "否"]
    assert page.freeze_panes == "B2"
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden"]


def test_the_guide_has_every_step_band_and_source(tmp_path: Path) -> None:
    for method in ("lec.shandong_a", "lec.water"):
        path = sr.template("risk_points", tmp_path / f"{method}.xlsx", method=method)
        cells = openpyxl.load_workbook(path)["填写说明"].iter_rows(values_only=True)
        text = "\n".join(str(cell) for row in cells for cell in row if cell)
        chosen = sr.scoring.method(method)
        wanted = [step["zh"] for factor in chosen.factors for step in factor["steps"]]
        wanted += [band["printed"] for band in chosen.bands] + chosen.pack.sources
        wanted += [chosen.pack.sha256, f"-m {method}"]
        assert not [words for words in wanted if words not in text]
        assert ("[M]" in text) == (chosen.pack.confidence == "M")


def test_direct_rules_add_their_columns(tmp_path: Path) -> None:
    path = sr.template("risk_points", tmp_path / "t.xlsx", method="lec", direct="direct.shandong")
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    names = map_headers([cell.value for cell in page[1]], "risk_points").names
    for column, value in zip(names, page[2], strict=True):
        page.cell(3, value.column, value.value)
        if column == "id":
            page.cell(3, value.column, "R1")
        if column == "breach_mandatory_clause":
            page.cell(3, value.column, "是")
    book.save(path)
    graded = sr.grade(path, method="lec", direct="direct.shandong")
    assert graded.to_columns()["override"].tolist() == ["direct.shandong.a"]


def test_templates_are_the_same_bytes_and_never_overwrite(tmp_path: Path) -> None:
    one = sr.template("risk_points", tmp_path / "a.xlsx", method="ls").read_bytes()
    with pytest.raises(sr.InputError, match="there already"):
        sr.template("risk_points", tmp_path / "a.xlsx", method="ls")
    assert sr.template("risk_points", tmp_path / "a.xlsx", method="ls", force=True) is not None
    assert (tmp_path / "a.xlsx").read_bytes() == one


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        (("boundaries", "t.xlsx"), {}, sr.NotFoundError),
        (("risk_points", "t.csv"), {}, sr.InputError),
        (("enterprises", "t.xlsx"), {"method": "lec"}, sr.InputError),
        (("risk_points", "t.xlsx"), {"method": "lecc"}, sr.NotFoundError),
        (("risk_points", "t.xlsx"), {"direct": "direct.x"}, sr.NotFoundError),
        (("risk_points", "t.xlsx"), {"lang": "fr"}, sr.InputError),
    ],
)
def test_a_wrong_call_leaves_no_file(
    tmp_path: Path, arguments: tuple[str, str], options: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        sr.template(arguments[0], tmp_path / arguments[1], **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("method", "factor"), [("lec.shandong_a", "C"), ("ls.db37", "S"), ("lec", "")]
)
def test_the_guide_says_what_an_empty_part_means(method: str, factor: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sr.template("risk_points", tmp_path / "t.xlsx", method=method))
    line = next(
        str(row[0].value) for row in book["填写说明"].iter_rows() if str(row[0].value)[:2] == "4."
    )
    assert (f"{factor} 的分项列除外" in line) == bool(factor)


def written(one: dict[str, Any], value: Any, offered: list[str], lang: str) -> Any:
    """What a person puts into a cell for a value of a case: from the list where there is one."""
    if value is None:
        return None
    if one["kind"] == "flag":
        cell = "是" if value else "否"
    elif one["kind"] == "choice":
        cell = next(
            c[lang] for c in one["choices"] if value in (c["id"], c["zh"], c["en"], *c["also"])
        )
    elif offered:
        cell = next(t for t in offered if float(t.split(maxsplit=1)[0]) == value)
    else:
        return value
    assert cell in offered, (one["id"], cell, offered)
    return cell


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("method", [pack.id for pack in sr.packs("method")])
def test_cases_of_every_pack_filled_into_its_template_come_out_as_the_pack_says(
    tmp_path: Path, method: str, lang: str
) -> None:
    chosen = sr.scoring.method(method)
    cases = json.loads(chosen.pack.canonical)["tests"]
    assert cases
    path = sr.template("risk_points", tmp_path / "t.xlsx", method=method, lang=lang)
    assert sr.grade(path, method).counts()["rows_in"] == 0  # the example is no data
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    headers = [cell.value for cell in page[1]]
    mapped = map_headers(headers, "risk_points", extra=sr.scoring.input_headers(chosen))
    assert not mapped.issues
    assert not [h for h in headers if h not in mapped.mapping]
    place = {name: k for k, name in enumerate(mapped.names, 1)}
    offered = {mapped.mapping[header]: texts for header, texts in lists(book).items()}
    inputs = {one["id"]: one for one in chosen.inputs}
    inputs |= {p["id"]: f | {"kind": "steps"} for f in chosen.factors for p in f["parts"]}
    kept = []
    for case in cases:
        known = [name for name in case["inputs"] if name in inputs]
        if case.get("status") == "rejected" or any(name not in place for name in known):
            continue  # what no list offers; a factor as a whole, where parts are asked for
        if chosen.form == "product" and case.get("status"):
            continue
        kept.append(case)
        line = len(kept) + 2
        page.cell(line, place["id"], f"P{line}")
        for name in known:
            cell = written(inputs[name], case["inputs"][name], offered.get(name, []), lang)
            page.cell(line, place[name], cell)
    book.save(path)
    if not kept:  # all cases give factors as a whole
        assert any(f["parts"] for f in chosen.factors)
        return
    graded = sr.grade(path, method)
    rows = graded.to_columns()
    for row, case in enumerate(kept):
        assert rows["status"][row] == case.get("status", "graded"), (case, graded.explain(row).text)
        if case.get("score") is not None:
            assert rows["score"][row] == pytest.approx(case["score"], rel=1e-12), case
        if "grade" in case:
            assert rows["grade"][row] == case["grade"], case
        if "label" in case:
            level = graded.level(row)
            assert level is not None
            assert level.label == case["label"], case


def test_choices_flags_and_ranges_of_a_chain_are_checked_in_the_workbook(tmp_path: Path) -> None:
    path = sr.template("risk_points", tmp_path / "t.xlsx", method="unit_hazard")
    book = openpyxl.load_workbook(path)
    offered = lists(book)
    assert {"是", "否"} in [set(texts) for texts in offered.values()]
    material = sr.scoring.method("unit_hazard").inputs[0]
    assert [c["zh"] for c in material["choices"]] in list(offered.values())
    guide = [str(cell.value) for row in book["填写说明"].iter_rows() for cell in row]
    assert any(material["zh"] in text for text in guide)
    checks = {check.type for check in book.worksheets[0].data_validations.dataValidation}
    assert {"list", "decimal"} <= checks


def test_chinese_headers_of_a_chain_are_read_from_a_register(tmp_path: Path) -> None:
    path = tmp_path / "伤害.csv"
    path.write_text("编号,损失工作日（日）\na,105\nb,104\n", encoding="utf-8")
    assert [sr.grade(path, "injury").level(k).label for k in (0, 1)] == ["3", "2"]
    frame = {
        "编号": ["a"],
        "死亡人数": [3],
        "重伤人数（包括急性工业中毒）": [0],
        "直接经济损失": [1],
    }
    graded = sr.grade(frame, "accident_class")
    assert graded.level(0).label == "larger"
