"""Audit records: what is written can be graded again from itself, and a change of it is told."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk import _core
from safetyrisk.scoring import method


def own_tests(pack: sr.Pack) -> list[dict[str, Any]]:
    return list(json.loads(pack.canonical)["tests"])


def rows_of(pack: sr.Pack) -> list[dict[str, Any]]:
    """Inputs of the pack's own cases: what its author thought worth a test."""
    return [case["inputs"] for case in own_tests(pack) if "inputs" in case]


def as_table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(itertools.chain.from_iterable(rows))
    table: dict[str, list[Any]] = {"id": [f"P{i}" for i in range(len(rows))]}
    return table | {name: [row.get(name) for row in rows] for name in names}


METHODS = [m.id for m in _core.methods()]


@pytest.mark.parametrize("name", METHODS)
def test_the_record_of_each_method_is_graded_again_to_the_same(name: str, tmp_path: Path) -> None:
    rows = rows_of(method(name).pack)
    assert rows, f"{name} has no cases"
    graded = sr.grade(as_table(rows), name)
    path = sr.audit(graded, tmp_path / "a.jsonl")
    found = sr.verify(path)
    assert found.same, found.text
    assert found.rows == len(rows)
    assert len(found) == 0
    assert found.text.startswith("一致")


def mixed() -> dict[str, Any]:
    return {
        "id": ["a", "b", "c", "d", "d", "e", None, "f"],
        "method": ["lec", "风险矩阵分析法", "lec.t2", "nonsense", "lec", None, "ls", "lec"],
        "L": [3, 5, 1, 1, 1, 3, 1, 0.1], "E": [6, None, 10, 1, 1, 6, None, float("inf")],
        "C": [15, None, 7, 1, 1, 7, None, -1], "S": [None, 5, None, 1, 1, 1, 2, 1],
        "name": ["罐区", "x\n=1+1", "", None, None, "\"", "…", "\u2028"],
    }  # fmt: skip


def test_mixed_methods_faults_rules_and_colours_are_graded_again_to_the_same(
    tmp_path: Path,
) -> None:
    graded = sr.grade(mixed(), direct="direct.shandong", as_of="2026-01-01")
    assert sr.verify(graded.audit()).same
    text = graded.audit().text()
    lines = [json.loads(line) for line in text.split("\n") if line]
    assert lines[0]["options"]["methods"] == {
        "lec": "lec.t1", "lec.t2": "lec.t2", "ls": "ls.db37", "风险矩阵分析法": "ls.db37",
    }  # fmt: skip
    assert {line["pack"]["pack"] for line in lines if "pack" in line} == {
        "lec.t1", "lec.t2", "ls.db37", "direct.shandong",
    }  # fmt: skip
    levels = sr.grade(
        {"id": ["x"], "score": [59.9]}
        | {one["id"]: [None] for one in method("park.2023").inputs if one["id"] != "score"},
        "park.2023",
        colours="park_colours.usual",
    )
    assert sr.verify(sr.audit(levels, tmp_path / "park.jsonl")).same


def test_every_line_is_canonical_and_numbers_are_shortest() -> None:
    table = {"id": [1, 2], "L": [0.1, 3.0], "E": [6.0, 1e-7], "C": [np.nan, 15]}
    lines = sr.grade(table, "lec").audit().text().splitlines()
    for line in lines:
        one = json.loads(line)
        assert line == json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    rows = [json.loads(line) for line in lines if '"row":' in line]
    assert rows[0]["inputs"] == {"id": 1, "L": 0.1, "E": 6, "C": None}
    assert '"L":3,' in lines[-2]
    assert '"E":1e-07,' in lines[-2]


def test_types_of_columns_come_back(tmp_path: Path) -> None:
    import datetime as dt

    table = {
        "id": ["1", "2"], "L": ["3", "６"], "E": [6, 6], "C": [15.0, 7.0], "open": [True, None],
        "day": [dt.date(2026, 1, 2), None], "n": [2**53 + 1, 5], "empty": [None, None],
    }  # fmt: skip
    graded = sr.grade(table, "lec")
    assert graded.counts()["graded"] == 2
    assert sr.verify(sr.audit(graded, tmp_path / "a.jsonl")).same


@pytest.fixture
def record(tmp_path: Path) -> Path:
    table = {"id": ["a", "b", "c"], "L": [3, 1, 6], "E": [6, 10, 6], "C": [15, 7, 40]}
    return sr.audit(sr.grade(table, "lec"), tmp_path / "a.jsonl")


def edit(path: Path, mark: str, old: str, new: str, seal: bool = False) -> None:
    """Change a line of a record; with `seal` its hash is made to fit, as a careful hand would."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if mark in line)
    assert old in lines[at]
    lines[at] = lines[at].replace(old, new)
    if seal:
        one = json.loads(lines[at])
        one.pop("sha256")
        rest = json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        one["sha256"] = hashlib.sha256(rest.encode()).hexdigest()
        lines[at] = json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def test_a_changed_input_is_told_by_its_hash_and_by_grading_again(record: Path) -> None:
    edit(record, '"row":1', '"L":1', '"L":10')
    found = sr.verify(record)
    assert found.status == "tampered"
    rows = found.to_columns()
    assert set(rows["what"][rows["row"] == 1]) == {
        "hash", "score", "grade", "band", "level", "status",
    } - {"status"}  # fmt: skip
    assert "第 2 行（b）" in found.text


def test_a_changed_result_is_told_even_when_its_hash_was_made_anew(record: Path) -> None:
    edit(record, '"row":2', '"grade":"red"', '"grade":"blue"', seal=True)
    found = sr.verify(record)
    assert found.status == "tampered"  # the end has a hash over all lines
    pairs = list(zip(*(found.to_columns()[n] for n in ("what", "recorded", "found")), strict=True))
    assert ("grade", "blue", "red") in pairs
    assert ("record", "end", "≠") in pairs


def test_a_changed_pack_is_told(record: Path) -> None:
    edit(record, '"pack":', "(320, inf)", "(300, inf)")
    found = sr.verify(record)
    assert found.status == "tampered"
    assert "pack" in found.to_columns()["what"].tolist()


def test_lines_after_the_end_are_told(record: Path) -> None:
    whole = record.read_text(encoding="utf-8").splitlines(keepends=True)
    row = next(line for line in whole if '"row":1' in line)
    for extra in (row, '{"note":"经复核无误"}\n', "{}\n", "\n", "text\n", whole[-1]):
        record.write_text("".join([*whole, extra]), encoding="utf-8")
        found = sr.verify(record)
        assert found.status == "tampered", extra
        assert f"第 {len(whole) + 1} 行在记录结尾之后" in found.text


def test_the_end_line_is_held_to_the_rows(record: Path) -> None:
    before = record.read_text(encoding="utf-8")
    # lec.t1: 3×6×15 = 270 orange, 1×10×7 = 70 blue, 6×6×40 = 1440 red
    for old, new in (('"red":1', '"red":0'), ('{"counts"', '{"note":"x","counts"')):
        record.write_text(before, encoding="utf-8")
        edit(record, '"end":', old, new)
        assert sr.verify(record).status == "tampered"


def test_a_line_that_is_missing_or_broken_is_told(record: Path) -> None:
    whole = record.read_text(encoding="utf-8").splitlines(keepends=True)
    for lines in (whole[:-1], whole[:3] + whole[4:], [*whole[:3], "{,\n", *whole[4:]]):
        record.write_text("".join(lines), encoding="utf-8")
        assert sr.verify(record).status == "tampered"
    record.write_text("{}\n", encoding="utf-8")
    with pytest.raises(sr.InputError, match="no audit record"):
        sr.verify(record)
    record.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(sr.InputError, match="no audit record"):
        sr.verify(record)
    with pytest.raises(sr.InputError):
        sr.verify(record.with_name("nowhere.jsonl"))


def own_pack(edge: int) -> sr.Pack:
    text = (
        method("lec.t2").pack.canonical.replace('"lec.t2"', '"mine.t9"').replace("320", str(edge))
    )
    document = json.loads(text) | {"tests": [], "default": False}
    return _core.parse_pack(json.dumps(document), "mine.json")


def test_packs_beside_are_found_by_their_hash_and_missing_ones_are_named(tmp_path: Path) -> None:
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15]}
    graded = sr.grade(table, own_pack(250))
    path = sr.audit(graded, tmp_path / "a.jsonl", packs="beside")
    assert '"pack":' not in path.read_text(encoding="utf-8")
    assert sr.verify(path).same
    (file,) = (tmp_path / "a.packs").iterdir()
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "a.packs").rename(elsewhere)
    found = sr.verify(path)
    assert (found.status, found.missing_packs) == ("pack_missing", ["mine.t9"])
    assert "缺少规则包：mine.t9" in found.text
    assert sr.verify(path, packs=elsewhere).same
    (elsewhere / file.name).write_text(own_pack(260).canonical, encoding="utf-8")
    assert sr.verify(path, packs=elsewhere).status == "tampered"
    # A pack of the library needs no file as long as the library has it.
    plain = sr.audit(sr.grade(table, "lec"), tmp_path / "b.jsonl", packs="beside")
    for file in (tmp_path / "b.packs").iterdir():
        file.unlink()
    assert sr.verify(plain).same


def test_the_recorded_pack_judges_even_where_the_library_has_another_of_its_name() -> None:
    document = json.loads(method("lec.t1").pack.canonical)
    document["version"] = "0"
    for band in document["content"]["bands"]:
        band["range"] = band["range"].replace("320", "250")
    document["tests"] = []
    old = _core.parse_pack(json.dumps(document), "old.json")
    graded = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, old)
    assert graded.to_columns()["grade"][0] == "red"
    found = sr.verify(graded.audit())
    assert found.same
    assert found.other_packs == ["lec.t1"]
    assert "提示" in found.text


def test_major_hazards_are_judged_again_to_the_same(tmp_path: Path) -> None:
    table = {
        "unit": ["A", "A", "B", "B", "C"],
        "name": ["液氯", "氨", "甲醇", "谁也不认识", "硝酸铵"],
        "symbol": ["", "", "W5.3", "", ""],
        "quantity_t": [5, 5, 100, 1, 60],
    }
    for exposed in (60, {"A": 100, "B": 0}, None):
        judged = sr.major_hazard(table, exposed=exposed, beta="max")
        path = sr.audit(judged, tmp_path / "m.jsonl")
        found = sr.verify(path)
        assert found.same, found.text
        assert sr.verify(judged.audit(packs="beside")).same
    edit(path, '"row":0', '"quantity_t":5', '"quantity_t":50', seal=True)
    found = sr.verify(path)
    assert found.status == "tampered"
    rows = found.to_columns()
    assert ("A", "S") in set(zip(rows["id"], rows["what"], strict=True))


def test_what_is_no_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sr.InputError):
        sr.audit({"id": [1]}, tmp_path / "a.jsonl")  # type: ignore[arg-type]
    with pytest.raises(sr.InputError):
        sr.grade({"id": [1]}, "lec").audit(packs="nowhere")  # type: ignore[arg-type]


def test_a_notebook_shows_the_verdict_and_escapes_what_comes_from_data() -> None:
    table = {"id": ["<b>"], "L": [3], "E": [6], "C": [15]}
    audit = sr.grade(table, "lec").audit()
    assert repr(audit) == "<safetyrisk audit record: graded, 1 rows, lec.t1>"
    shown = sr.verify(audit)
    assert "一致" in shown._repr_html_()
    text = audit.text().replace('"score":270', '"score":271')
    lines = text.splitlines()
    from safetyrisk._verify import _read, _replay

    found = _replay(_read(iter(lines), "x"), [])
    assert found.status == "tampered"
    assert "&lt;b&gt;" in found._repr_html_()
    assert "<b>" not in found._repr_html_()


def test_a_pack_made_unusable_is_named_with_its_place_in_the_reader_s_language(
    tmp_path: Path,
) -> None:
    graded = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, "lec")
    path = sr.audit(graded, tmp_path / "a.jsonl")
    # The first C of 15 is that of the pack's own self-test, L 3, E 10: 3 x 10 x 40 = 1200.
    path.write_text(
        path.read_text(encoding="utf-8").replace('"C":15', '"C":40', 1), encoding="utf-8"
    )
    found = sr.verify(path)
    assert found.status == "tampered"
    said = "规则包：lec.t1 → 不能使用：lec.t1.tests[0].score：自检不符：分值是 1200"
    assert said in found.text
    assert "the score is" not in found.text + found._repr_html_()
    assert "lec.t1.tests[0].score: the score is 1200" in found.words("en")


def run(*arguments: str) -> int:
    from safetyrisk.cli import main

    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)


def test_the_command_verify_says_same_changed_and_pack_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("编号,L,E,C\na,3,6,15\nb,1,10,7\n", encoding="utf-8")
    assert run("grade", "in.csv", "-m", "lec", "-o", "out.csv", "--audit", "a.jsonl") == 0
    assert run("verify", "a.jsonl") == 0
    assert "一致" in capsys.readouterr().out
    edit(tmp_path / "a.jsonl", '"row":1', '"L":"1"', '"L":"10"')
    assert run("verify", "a.jsonl", "--lang", "en", "-o", "diff.csv") == 1
    assert "tampered" in capsys.readouterr().out
    assert "score" in Path("diff.csv").read_text(encoding="utf-8-sig")
    graded = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, own_pack(250))
    sr.audit(graded, "b.jsonl", packs="beside")
    Path("b.packs").rename("c.packs")
    assert run("verify", "b.jsonl") == 2
    assert run("verify", "b.jsonl", "--packs", "c.packs") == 0
    assert run("verify", "in.csv") == 2
    Path("s.csv").write_text("单元,物质名称,数量（t）\n罐区,液氯,62.5\n", encoding="utf-8")
    assert run("major-hazard", "s.csv", "-o", "m.csv", "--audit", "m.jsonl", "--exposed", "9") == 0
    assert run("verify", "m.jsonl") == 0
