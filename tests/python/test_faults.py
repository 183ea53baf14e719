"""Errors that end a call: their codes, their two languages, and short words for wrong types."""

from __future__ import annotations

import ast
import json
import os
import re
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import cli
from safetyrisk._core_faults import CORE, recognise
from safetyrisk._faults import FAULTS, fault

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
TABLE = {"id": ["a"], "L": [3], "E": [6], "C": [15], "division": ["36"], "lon": [114], "lat": [27]}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_readme_lists_every_error_code_with_its_sentence() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## Error codes") : readme.index("## Data and licence")]
    listed = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.*) \|$", section, re.MULTILINE)
    assert listed == [(code, zh) for code, (_, zh) in FAULTS.items()]
    assert list(FAULTS) == sorted(FAULTS)


def test_every_code_is_used_and_given_all_that_its_sentences_name() -> None:
    used = set()
    for path in sorted((ROOT / "python/safetyrisk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "fault"):
                continue
            code = node.args[0]
            assert isinstance(code, ast.Constant), f"{path}:{node.lineno}"
            english, chinese = FAULTS[code.value]
            given = {keyword.arg for keyword in node.keywords}
            assert places(english) | places(chinese) <= given, f"{path}:{node.lineno}"
            used.add(code.value)
    assert not used & CORE
    assert used | CORE == set(FAULTS)


@pytest.mark.parametrize("code", FAULTS)
def test_a_sentence_is_there_in_both_languages(code: str) -> None:
    english, chinese = FAULTS[code]
    assert not CHINESE.search(english.replace("风险点", ""))
    assert CHINESE.search(chinese)
    error = fault(code, **dict.fromkeys(places(english) | places(chinese), "x"))
    assert error.code == code
    assert str(error) == error.in_language("en")
    assert isinstance(error, sr.InputError | sr.NotFoundError)


@pytest.mark.parametrize("code", sorted(CORE))
def test_sentences_of_the_core_are_known_by_their_words(code: str) -> None:
    english, _ = FAULTS[code]
    said = english.format(**dict.fromkeys(places(english), "7"))
    assert recognise(said)[0] == code
    error = sr.InputError(said)
    assert CHINESE.search(error.in_language("zh"))
    assert error.in_language("en") == said


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('no page size is named "A9"; there are A3, A4', "option.value"),
        ("lec.t1: is a pack of kind 'method', not direct rules", "pack.kind"),
        ("'lec' has no default profile; name one in full", "pack.no_default"),
        ("as_of is '2'; write YYYY-MM-DD", "date.malformed"),
    ],
)
def test_other_sentences_of_the_core_have_codes_too(said: str, code: str) -> None:
    assert recognise(said)[0] == code
    assert CHINESE.search(sr.InputError(said).in_language("zh"))


# ---- the command line ----------------------------------------------------------------------------


@pytest.fixture
def run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Calls the command line in a folder with a register; gives status and what it says."""
    (tmp_path / "in.csv").write_text("id,L,E,C,division\na,3,6,15,36\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "page.xlsx").write_text("<html>", encoding="utf-8")
    (tmp_path / "div.csv").write_text("code,name\n36,省\n", encoding="utf-8")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    (tmp_path / "geo.json").write_text('{"type":"FeatureCollection","features":[]}')
    ring = [[113, 26], [116, 26], [116, 29], [113, 29], [113, 26]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "36"}, "geometry": shape}
    square = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "square.json").write_text(json.dumps(square))
    (tmp_path / "toml").write_text("a = = 1")
    (tmp_path / "key").write_text('format = 1\n[data]\npath = "."\ncolour = "red"\n')
    (tmp_path / "job").write_text('format = 1\n[data]\npath = "none"\n[output]\ndir = "out"\n')
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main(list(arguments))
        printed = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, printed.err + printed.out

    return call


INDEX_WEIGHTS = "--weight orange=1 --weight yellow=1 --weight blue=0"
MAP = "map in.csv -m lec --divisions div.csv --boundaries geo.json -o x.svg"
TWO = MAP.replace("geo.json", "square.json")
INDEX = f"{TWO} --rule index {INDEX_WEIGHTS}"


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        ("grade none.csv -m lec -o x.csv", "file.unreadable", "没有这个文件"),
        ("grade empty.csv -m lec -o x.csv", "file.empty", "空文件"),
        ("grade page.xlsx -m lec -o x.csv", "file.kind", "网页"),
        ("grade div.doc -m lec -o x.csv", "file.unreadable", "div.doc"),
        ("grade in.csv -o x.csv", "method.unnamed", "-m"),
        ("grade in.csv -m lecc -o x.csv", "method.unknown", "lec.t1"),
        ("grade in.csv -m bad.json -o x.csv", "pack.invalid", "bad.json"),
        ("grade in.csv -m lec -o x.doc", "output.suffix", ".doc"),
        ("grade in.csv -m lec -o in.csv", "output.is_input", "in.csv"),
        ("grade in.csv -m lec -o x.csv --errors in.csv", "output.is_input", "in.csv"),
        ("grade in.csv -m lec -o x.csv --as-of 2020", "date.malformed", "YYYY-MM-DD"),
        ("grade in.csv -m lec -o x.csv --column L", "option.column", "--column"),
        ("grade in.csv -m lec -o x.csv --column L=甲", "column.no_header", "甲"),
        ("grade in.csv -m lec -o x.csv --column X=L", "column.unknown", "X"),
        ("grade in.csv -m lec -o x.csv --fail-on x", "option.value", "never"),
        ("grade in.csv -m lec -o none/x.csv", "output.folder", "没有文件夹 none；请先新建"),
        ("grade in.csv -m lec -o in.csv/x.csv", "os.error", "路径中有一段不是文件夹"),
        (f"{MAP} --level x", "option.value", "county"),
        (f"{MAP} --crs x", "option.value", "gcj02"),
        (f"{MAP} --threshold x", "option.threshold", "--threshold"),
        (f"{MAP} --data-date x", "date.malformed", "--data-date"),
        (
            "map in.csv -m lec --divisions in.csv --boundaries geo.json -o x.svg",
            "table.no_column",
            "行政区划表没有“code”列",
        ),
        (
            "grade in.csv -m lec -o x.csv --direct direct.shandon",
            "pack.unknown",
            "相近的有 direct.shandong",
        ),
        ("grade in.csv -m lec -o x.csv --direct lec.t1", "pack.kind", "直接判定规则"),
        ("major-hazard in.csv -o x.csv --pack lec", "pack.kind", "重大危险源"),
        ("major-hazard in.csv -o x.csv --as-of 1900-01-01", "pack.no_default", "1900-01-01"),
        (f"{TWO} --level province --palette x", "option.value", "safe、office"),
        (f"{TWO} --level province --page A9", "option.value", "A4 portrait"),
        (f"{TWO} --rule worst --threshold red:red=1", "rule.thresholds_of_worst", "worst"),
        (f"{TWO} --rule worst --weight red=1", "rule.weights_only_index", "index"),
        (f"{TWO} --rule count --threshold x:red=1", "rule.threshold_grade", "等级"),
        (f"{TWO} --rule count --threshold red:x=1", "rule.threshold_key", "“x”"),
        (f"{TWO} --rule count --threshold red:red=0", "rule.no_points", "第 1 个"),
        (
            f"{TWO} --rule count --threshold blue:red=1 --threshold red:red=1",
            "rule.threshold_order",
            "第 2 个",
        ),
        (f"{TWO} --rule index", "rule.weights_missing", "没有法定"),
        (f"{TWO} --rule index --weight x=1", "rule.weight_key", "“x”"),
        (f"{INDEX} --weight red=-1", "rule.weight", "-1"),
        (f"{INDEX} --weight red=0.5", "rule.weight_order", "orange"),
        (f"{INDEX} --weight red=9 --per x", "option.value", "point"),
        (f"{INDEX} --weight red=9 --threshold red=-2", "rule.index_value", "第 1 个"),
        (
            f"{INDEX} --weight red=9 --threshold red=2 --threshold blue=3",
            "rule.index_order",
            "第 2 个",
        ),
        (MAP, "boundaries.unusable", "边界"),
        ("compare in.csv none.csv -m lec -o x.csv", "file.unreadable", "none.csv"),
        ("compare in.csv in.csv -o x.csv", "method.unnamed", "-m"),
        ("compare in.csv in.csv -m lec --key nr -o x.csv", "compare.no_key", "上期"),
        ("template boundaries -o x.xlsx", "template.unknown", "risk_points"),
        ("template risk_points -o bad.json", "output.suffix", "模板"),
        ("run none.toml", "file.unreadable", "none.toml"),
        ("run toml", "job.toml", "TOML"),
        ("run key", "job.key", "colour"),
        ("run job", "dataset.no_folder", "none"),
        ("methods x", "method.unknown", "methods"),
        ("grad", "usage", "没有命令 grad"),
        ("grade", "usage", "缺少参数 IN"),
        ("grade in.csv", "usage", "缺少选项 -o / --out"),
        ("grade in.csv -o x.csv --foo", "usage", "没有选项 --foo"),
        ("grade in.csv -o x.csv y", "usage", "多余的参数：y"),
        ("grade in.csv -o", "usage", "需要一个值"),
        ("demo x --seed y", "usage", "--seed 的值无效：应为整数"),
    ],
)
def test_an_error_has_a_code_and_a_sentence_in_the_language_asked_for(
    run: Callable[..., tuple[int, str]], call: str, code: str, words: str
) -> None:
    status, said = run(*call.split())
    assert status == (3 if code == "os.error" else 2)
    assert said.startswith(f"错误 [{code}]：")
    assert words in said
    if code != "usage":
        assert len(said.splitlines()) == 1
    if code == "usage":
        return  # usage errors come before the language is understood
    status, english = run(*call.split(), "--lang", "en")
    assert english.startswith(f"Error [{code}]: ")
    assert not CHINESE.search(english.replace("甲", "").replace("风险点", ""))


def test_help_is_whole_in_a_narrow_window() -> None:
    said = {}
    for width in ("80", "400"):
        ran = subprocess.run(
            [sys.executable, "-m", "safetyrisk", "grade", "--help"],
            capture_output=True,
            env=os.environ | {"COLUMNS": width, "TERMINAL_WIDTH": width},
            text=True,
            encoding="utf-8",
            check=True,
        )
        said[width] = "".join(ran.stdout.split())
    assert said["80"] == said["400"]
    assert "用法：" in said["80"]
    assert "…" not in said["80"]
    assert "原有列加上问题和建议，改后可再读取。" in said["80"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_no_locale_stops_the_command_line(environment: dict[str, str], tmp_path: Path) -> None:
    for call, status in (("methods", 0), ("grade --help", 0), ("grade 无.csv -o x.csv", 2)):
        ran = subprocess.run(
            [sys.executable, "-m", "safetyrisk", *call.split()],
            capture_output=True,
            cwd=tmp_path,
            env=os.environ | environment,
            check=False,
        )
        assert ran.returncode == status
        assert b"Traceback" not in ran.stderr
        assert CHINESE.search((ran.stdout + ran.stderr).decode("utf-8"))


def test_map_grades_like_grade_and_counts_by_thresholds(
    run: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    ring = [[113, 26], [116, 26], [116, 29], [113, 29], [113, 26]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "36", "name": "省"}, "geometry": shape}
    (tmp_path / "geo.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    call = f"{MAP} --level province --direct direct.shandong --rule count --threshold red:orange=1"
    status, said = run(*call.split(), "--errors", "e.xlsx", "--fail-on", "never")
    assert status == 0, said
    assert "重大 0，较大 1" in said
    assert "direct.shandong.a" in said
    assert "e.xlsx" in said
    assert (tmp_path / "x.svg").is_file()
    status, said = run(*f"{MAP} --sheet x".split())
    assert status in (0, 1, 2)
    assert run(*f"{MAP} --as-of 1990-13-01".split())[0] == 2


def test_direct_rules_are_listed_and_described(run: Callable[..., tuple[int, str]]) -> None:
    assert "direct.shandong" in run("methods")[1]
    status, said = run("methods", "direct.shandong")
    assert status == 0
    assert "强制性条款" in said


# ---- wrong types ---------------------------------------------------------------------------------


def divisions() -> sr.Divisions:
    return sr.Divisions.read({"code": ["36"], "name": ["省"]})


def graded() -> sr.Graded:
    return sr.grade(TABLE, method="lec")


def rolled() -> sr.RollUp:
    return divisions().rollup(graded(), level="province")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sr.grade(TABLE, method="lec", threads=-1), "threads is -1"),
        (lambda: sr.grade(TABLE, method="lec", threads="two"), "threads is 'two'"),
        (lambda: sr.grade(TABLE, method="lec", threads=True), "threads is True"),
        (lambda: sr.grade(TABLE, method="lec", direct=5), "direct is 5"),
        (lambda: sr.grade(TABLE, method="lec", averaged="x"), "averaged is 'x'"),
        (lambda: sr.grade(TABLE, method="lec", columns=5), "columns is 5"),
        (lambda: sr.grade(TABLE, method="lec", progress=5), "progress is a int"),
        (lambda: sr.grade(TABLE, method=5), "method is a int"),
        (lambda: sr.grade(5, method="lec"), "a int is no table"),
        (lambda: graded().explain(b"a"), "row is b'a'"),
        (lambda: graded().explain(1.0), "row is 1.0"),
        (lambda: graded().explain(0, lang=5), "lang is 5"),
        (lambda: divisions().rollup(5), "graded is 5"),
        (lambda: divisions().rollup(graded(), level=5), "level is 5"),
        (lambda: divisions().rollup(graded(), rule=None), "rule is None"),
        (lambda: divisions().rollup(graded(), threads=-1), "threads is -1"),
        (lambda: sr.map(5, "t"), "a map is drawn from a roll-up"),
        (lambda: sr.map(rolled(), 5), "title is 5"),
        (lambda: sr.save(5, "x.csv"), "result is 5"),
        (lambda: sr.save(graded(), 5), "path is 5"),
        (lambda: sr.save_errors(5, "x.xlsx"), "graded is 5"),
        (lambda: sr.save_errors(graded(), None), "path is None"),
        (lambda: sr.template(5, "x.xlsx"), "table is 5"),
        (lambda: sr.template("risk_points", 5), "path is 5"),
        (lambda: sr.compare(graded(), graded(), level=5), "level is 5"),
        (lambda: sr.compare(graded(), rolled()), "is no graded register"),
        (lambda: sr.load_pack(5), "path is 5"),
        (lambda: sr.convert([1], [1], "wgs84", 5), "target is 5"),
        (lambda: sr.scoring.lec([1], [1], [1], threads=-1), "threads is -1"),
        (lambda: sr.scoring.ls([1], [1], threads="x"), "threads is 'x'"),
        (lambda: sr.scoring.lec([1], [1], [1], 5), "method is a int"),
        (lambda: sr.grade({"id": ["x" * 999]}, method="lec", direct=["x" * 999]), "direct is "),
    ],
)
def test_a_wrong_type_is_named_in_one_short_sentence(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(sr.InputError) as raised:
        call()
    assert str(raised.value).startswith(words) or words in str(raised.value)
    assert len(str(raised.value)) < 120
