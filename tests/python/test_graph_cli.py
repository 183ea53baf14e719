"""The command line of the responsibility graph: what it writes, says and returns."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from safetyrisk import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls the command line; gives status and what it said on both streams."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clean county and the planted one."""
    root = tmp_path_factory.mktemp("counties")
    for name, options in (("clean", []), ("planted", ["--defects"])):
        with pytest.raises(SystemExit) as left:
            cli.main(["demo-county", str(root / name), *options])
        assert not left.value.code
    return root


def test_check_of_a_clean_county_is_0_and_of_a_planted_one_1(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    status, out, _ = run("check", folders / "clean", "-o", tmp_path / "a.json")
    assert status == 0
    assert "错误 0，警告 0，提示 0" in out
    status, out, _ = run("check", folders / "planted", "-o", tmp_path / "b.xlsx")
    assert status == 1
    status, _, _ = run(
        "check", folders / "planted", "-o", tmp_path / "c.json", "--fail-on", "never"
    )
    assert status == 0
    status, _, _ = run(
        "check", folders / "planted", "-o", tmp_path / "d.json", "--rule", "RG-03", "--on",
        "2026-06-30",
    )  # fmt: skip
    assert status == 0  # a warning only
    found = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["findings"]
    assert [row["rule"] for row in found] == ["RG-03"]


def test_the_workbook_has_a_sheet_for_each_severity(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    run("check", folders / "planted", "-o", tmp_path / "x.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
    assert book.sheet_names == ["错误", "警告", "提示", "规则", "数据问题", "说明"]
    rows = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert rows["错误"][0] == ["规则", "级别", "涉及主体", "涉及关系", "发现", "怎样改正"]
    assert {row[1] for row in rows["错误"][1:]} == {"错误"}
    assert len(rows["规则"]) == 80
    with (folders / "planted-planted.csv").open(encoding="utf-8-sig", newline="") as file:
        planted = {row["规则"] for row in csv.DictReader(file)}
    found = {row[0] for name in ("错误", "警告", "提示") for row in rows[name][1:]}
    assert found == planted - {"RE-09"}  # asked for by provinces only
    first = (tmp_path / "x.xlsx").read_bytes()
    run("check", folders / "planted", "-o", tmp_path / "x.xlsx")
    assert (tmp_path / "x.xlsx").read_bytes() == first


def test_the_page_stands_alone(run: Run, folders: Path, tmp_path: Path) -> None:
    run("check", folders / "planted", "-o", tmp_path / "x.html")
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<h2>错误 36</h2>" in page
    run("check", folders / "planted", "-o", tmp_path / "y.html", "--lang", "en")
    assert "<h2>errors 36</h2>" in (tmp_path / "y.html").read_text(encoding="utf-8")


def test_who_prints_the_answer_and_fails_where_somebody_is_missing(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    status, out, _ = run("who", folders / "clean", "YF0001", "-o", tmp_path / "w.svg")
    assert status == 0
    assert "C1 企业主要负责人" in out
    assert ElementTree.parse(tmp_path / "w.svg").getroot().tag.endswith("svg")
    with (folders / "planted-planted.csv").open(encoding="utf-8-sig", newline="") as file:
        (lacking,) = [r["埋设对象"] for r in csv.DictReader(file) if r["规则"] == "RE-01"]
    status, out, _ = run("who", folders / "planted", lacking)
    assert status == 1
    assert "没有主体以“主要负责人”关系指向" in out
    status, _, err = run("who", folders / "clean", "YF")
    assert status == 2
    assert "[node.unknown]" in err
    assert "没有编号为“YF”的主体；相近的有 " in err


def test_coverage_and_whatif_say_what_they_found(run: Run, folders: Path, tmp_path: Path) -> None:
    status, out, _ = run("coverage", folders / "clean", "-o", tmp_path / "c.csv")
    assert status == 0
    assert "25 格" in out
    status, _, _ = run("coverage", folders / "planted", "-o", tmp_path / "c.html")
    assert status == 1
    status, out, _ = run(
        "whatif", folders / "clean", "--vacate", "360924-science-head", "-o", tmp_path / "v.json"
    )
    assert json.loads((tmp_path / "v.json").read_text(encoding="utf-8"))["changes"]
    status, out, _ = run("whatif", folders / "clean", "--dissolve", "360924-emergency")
    assert status == 1
    assert "+ " in out
    for wrong in (
        ["--merge", "a,b"], ["--split", "a"], ["--move", "lithium=b"], [],
    ):  # fmt: skip
        status, _, err = run("whatif", folders / "clean", *wrong)
        assert status == 2
        assert "[option.value]" in err


def test_a_day_is_needed_and_said(run: Run, folders: Path, tmp_path: Path) -> None:
    status, _, err = run("check", folders / "clean", "-o", tmp_path / "x.json", "--on", "2026-2-30")
    assert status == 2
    assert "[date.malformed]" in err
    text = (folders / "clean" / "dataset.toml").read_text(encoding="utf-8")
    copy = tmp_path / "dateless"
    copy.mkdir()
    for file in (folders / "clean").iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("data_date"))
    (copy / "dataset.toml").write_text(bare, encoding="utf-8")
    _, out, _ = run("check", copy, "-o", tmp_path / "x.json", "--fail-on", "never")
    assert "数据没有日期，按今天" in out
    status, _, err = run("check", tmp_path, "-o", tmp_path / "x.json")
    assert status == 2
    assert "[dataset.no_toml]" in err


def test_a_county_is_not_written_over_something_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine.txt").write_text("mine", encoding="utf-8")
    status, _, err = run("demo-county", tmp_path / "x")
    assert status == 2
    assert "[demo.exists]" in err


def test_a_county_somebody_worked_on_is_not_written_over(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("demo-county", tmp_path / "x")[0] == 0
    table = tmp_path / "x" / "enterprises.csv"
    table.write_bytes(table.read_bytes() + b"MY-OWN\n")
    before = table.read_bytes()
    status, _, err = run("demo-county", tmp_path / "x")
    assert status == 2
    assert "[demo.exists]" in err
    assert table.read_bytes() == before
