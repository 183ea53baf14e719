"""The command line of the responsibility graph: what it writes, says and returns."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

import safetyrisk as sr
from safetyrisk import cli
from support_cli import Run


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


def test_a_page_has_the_first_findings_of_a_rule_and_says_how_many_are_left(
    run: Run, folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetyrisk.io import findings

    monkeypatch.setattr(findings, "_MOST_ON_A_PAGE", 1)
    for name in ("a.html", "a.json"):
        run("check", folders / "planted", "-o", tmp_path / name)
    told = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["findings"]
    sorts = [(one["rule"], one["severity"]) for one in told]
    left = sum(sorts.count(sort) - 1 for sort in set(sorts))
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    said = re.findall("另有 ([0-9]+) 条未在此页列出", page)
    assert left > 0
    assert sum(map(int, said)) == left


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
        ["--merge", "a,b"], ["--split", "a"], ["--move", "lithium=b"],
    ):  # fmt: skip
        status, _, err = run("whatif", folders / "clean", *wrong)
        assert status == 2
        assert "[option.value]" in err
    status, _, err = run("whatif", folders / "clean")
    assert status == 2
    assert "[whatif.no_change]：没有写明怎样调整" in err


def test_a_name_that_one_node_has_stands_for_its_id(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    place = folders / "clean"

    def rows(table: str) -> list[dict[str, str]]:
        return list(csv.DictReader((place / table).read_text(encoding="utf-8-sig").splitlines()))

    nodes = rows("nodes.csv")
    (name,) = [row["name"] for row in nodes if row["id"] == "360924-emergency"]
    by_id = run("whatif", place, "--dissolve", "360924-emergency")
    assert run("whatif", place, "--dissolve", name) == by_id
    first = rows("enterprises.csv")[0]
    assert run("who", place, first["name"]) == run("who", place, first["id"])
    # Two nodes of one name: which one is meant is asked, not guessed.
    twice = tmp_path / "twice"
    twice.mkdir()
    for file in place.iterdir():
        (twice / file.name).write_bytes(file.read_bytes())
    with (twice / "nodes.csv").open("a", encoding="utf-8") as out:
        out.write("x-second,dept," + name + ",,,360924" + "," * (len(nodes[0]) - 6) + "\n")
    status, _, err = run("whatif", twice, "--dissolve", name)
    assert status == 2
    assert "[name.several]" in err
    assert "360924-emergency" in err
    assert "x-second" in err
    # Options in Chinese are those in English.
    for option, zh, en in (("--by", "环节", "link"), ("--by", "场景", "scene")):
        files = [tmp_path / f"{word}.json" for word in (zh, en)]
        for word, file in zip((zh, en), files, strict=True):
            run("coverage", place, option, word, "-o", file, "--fail-on", "never")
        assert files[0].read_bytes() == files[1].read_bytes()
    _, out, _ = run("check", place, "--profile", "山东", "-o", tmp_path / "a.json")
    assert "口径 山东" in out


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


def test_a_planted_county_is_not_written_over_a_list_that_somebody_changed(
    run: Run, tmp_path: Path
) -> None:
    for _ in range(2):
        assert run("demo-county", tmp_path / "x", "--defects")[0] == 0
    listed = tmp_path / "x-planted.csv"
    listed.write_bytes(listed.read_bytes() + b"MINE\n")
    before = listed.read_bytes()
    status, _, err = run("demo-county", tmp_path / "x", "--defects")
    assert status == 2
    assert "[demo.exists]" in err
    assert listed.read_bytes() == before


def test_the_list_of_defects_names_what_was_planted_and_what_the_finding_names(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    with (folders / "planted-planted.csv").open(encoding="utf-8-sig", newline="") as file:
        planted = list(csv.DictReader(file))
    found: set[tuple[str, str]] = set()
    for profile in ("national", "shandong"):
        run("check", folders / "planted", "-o", tmp_path / "x.json", "--profile", profile)
        rows = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["findings"]
        found |= {(row["rule"], ";".join(node["id"] for node in row["nodes"])) for row in rows}
    for row in planted:
        assert set(row["埋设对象"].split(";")) <= set(row["发现所列主体"].split(";"))
        assert (row["规则"], row["发现所列主体"]) in found


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of somebody's own, with Chinese headers and a few wrong rows."""
    root = tmp_path_factory.mktemp("own")
    texts = {
        "dataset.toml": 'format = 1\nid = "my"\ntitle = "我的县"\ndata_date = "2026-06-30"\n',
        "divisions.csv": "行政区划代码,行政区划名称\n360924,宜丰县\n",
        "nodes.csv": "编号,类型,名称,岗位类别,所属单位,行政区划代码\n"
        "yj,部门,县应急局,,,360924\ncz,岗位,厂长,主要负责人,E1,\nzs,人员,张三,,,\nxx,怪物,某某,,,\n",
        "edges.csv": "责任主体,责任对象,关系类型,行业领域,是否牵头\n"
        "yj,360924,行业监管,机械,是\nzs,cz,任职,,\ncz,E1,主要负责人,,\ncz,E9,主要负责人,,\n",
        "enterprises.csv": "企业编号,企业名称,行政区划代码,行业领域\nE1,某某机械厂,360924,机械\n",
    }
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_every_command_says_what_became_of_the_rows(run: Run, faulty: Path, tmp_path: Path) -> None:
    told = "数据 10 行 = 采用 8 + 未采用 2"
    for command in (
        ["check", faulty, "-o", tmp_path / "c.html"],
        ["who", faulty, "E1"],
        ["coverage", faulty, "-o", tmp_path / "v.html"],
        ["whatif", faulty, "--vacate", "cz", "-o", tmp_path / "w.html"],
    ):
        status, _, err = run(*command)
        assert status == 1
        assert told in err
        assert "nodes.csv 第 5 行 没有名为「怪物」的主体类型" in err
        assert "edges.csv 第 5 行 " in err
    for page in ("c.html", "v.html", "w.html"):
        assert told in (tmp_path / page).read_text(encoding="utf-8")
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    issues = page[page.index("<h2>数据问题 ") : page.index("<h2>规则</h2>")]
    for text in ("nodes.csv", "graph.kind_unknown", "怪物", ">5<", "graph.end_unknown"):
        assert text in issues
    run("check", faulty, "-o", tmp_path / "c.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "c.xlsx"))
    rows = book.get_sheet_by_name("数据问题").to_python()
    assert [row[1] for row in rows[1:]].count("graph.kind_unknown") == 1
    assert ["主体表", "4 行 = 采用 3 + 未采用 1"] in book.get_sheet_by_name("说明").to_python()


def test_who_is_short_unless_all_paths_are_asked_for(run: Run, folders: Path) -> None:
    status, short, _ = run("who", folders / "clean", "YF0001")
    assert status == 0
    assert len(short.splitlines()) < 60
    _, whole, _ = run("who", folders / "clean", "YF0001", "--all-paths")
    assert len(whole.splitlines()) > 200
    for line in whole.splitlines():
        if line.startswith("C"):  # every capacity, and everybody who has it
            capacity = line
            (told,) = [one for one in short.splitlines() if one.startswith(f"{capacity}：")]
        elif line.startswith("  ") and not line.startswith("    "):
            assert line.strip().partition("［")[0] in told
    left = sum(line.startswith("    依据：") for line in whole.splitlines())
    left -= sum(line.startswith("    依据：") for line in short.splitlines())
    assert f"另有 {left} 条路径未在此显示" in short


def test_exit_statuses_of_who_and_coverage(run: Run, folders: Path, tmp_path: Path) -> None:
    with (folders / "planted-planted.csv").open(encoding="utf-8-sig", newline="") as file:
        (lacking,) = [r["埋设对象"] for r in csv.DictReader(file) if r["规则"] == "RE-01"]
    status, _, err = run("who", folders / "planted", lacking)
    assert status == 1
    assert "缺少必须有的责任主体：C1 企业主要负责人" in err
    assert run("who", folders / "planted", lacking, "--fail-on", "never")[0] == 0
    for command, known in (
        (["who", folders / "clean", "YF0001"], ".html .svg .xlsx .csv .parquet .json"),
        (["coverage", folders / "clean"], ".xlsx .html .csv .parquet .json"),
        (["check", folders / "clean"], ".xlsx .html .json"),
        (["whatif", folders / "clean", "--vacate", "360924-science-head"], ".html .xlsx .json"),
    ):
        status, _, err = run(*command, "-o", tmp_path / "x.png")
        assert (status, known in err) == (2, True)
        status, _, err = run(*command, "-o", tmp_path / "nowhere" / "x.html")
        assert status == 2
        assert "[output.folder]" in err
    status, out, _ = run("coverage", folders / "planted", "-o", tmp_path / "c.html")
    assert status == 1
    assert "监管盲区 3、一家监管 2、多家监管，牵头明确 23" in out
    assert out.startswith("行业×地区 ")
    by_link = ("coverage", folders / "planted", "-o", tmp_path / "c.html", "--by", "环节")
    assert run(*by_link)[1].startswith("行业环节×地区 ")
    assert (
        run("coverage", folders / "planted", "-o", tmp_path / "c.html", "--fail-on", "never")[0]
        == 0
    )


def test_a_day_after_the_data_is_asked_with_a_hint(run: Run, folders: Path, tmp_path: Path) -> None:
    check = ["check", folders / "clean", "-o", tmp_path / "x.json", "--fail-on", "never"]
    assert "晚于数据日期 2026-06-30" in run(*check, "--on", "2027-01-01")[2]
    assert "晚于" not in run(*check, "--on", "2026-06-30")[2]
    assert "after the day of the data" in run(*check, "--on", "2027-01-01", "--lang", "en")[2]


def test_a_day_before_the_first_records_is_asked_with_a_hint(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    # The county's first drill is registered on 2026-03-15, and is not missing before.
    check = ["check", folders / "clean", "-o", tmp_path / "x.json", "--fail-on", "never"]
    told = run(*check, "--on", "2026-03-14")[2]
    assert "所问日期 2026-03-14 早于这些数据最早的一天：" in told
    assert "“演练”记录（2026-03-15）" in told
    assert "早于" not in run(*check, "--on", "2026-06-30")[2]
    run(*check, "--on", "2026-03-14")
    assert "“演练”记录" in json.loads((tmp_path / "x.json").read_text("utf-8"))["notes"][0]
    page = tmp_path / "x.html"
    run("check", folders / "clean", "-o", page, "--fail-on", "never", "--on", "2026-03-14")
    assert "“演练”记录（2026-03-15）" in page.read_text("utf-8")


def test_templates_of_the_graph_are_written(run: Run, tmp_path: Path) -> None:
    status, _, _ = run("template", "edges", "-o", tmp_path / "关系.xlsx")
    assert status == 0
    assert run("template", "edges", "-o", tmp_path / "关系.xlsx")[0] == 2
    status, _, err = run("template", "boundaries", "-o", tmp_path / "x.xlsx")
    assert status == 2
    assert "duties" in err


def test_enterprises_without_a_sector_are_told_by_coverage(run: Run, tmp_path: Path) -> None:
    county = tmp_path / "县"
    county.mkdir()
    (county / "dataset.toml").write_text(
        'format = 1\nid = "c"\ntitle = "县"\ndata_date = 2026-06-30\n', encoding="utf-8"
    )
    (county / "enterprises.csv").write_text("id,name,division\ne1,甲,360924\n", encoding="utf-8")
    status, _, err = run("coverage", county, "-o", tmp_path / "c.xlsx")
    assert status == 1
    assert "没有行业领域的 1 家" in err
    status, _, err = run("coverage", county, "-o", tmp_path / "d.xlsx", "--fail-on", "never")
    assert (status, "没有行业领域的 1 家" in err) == (0, True)


def test_a_csv_is_in_words_unless_codes_are_asked_for(
    run: Run, folders: Path, tmp_path: Path
) -> None:
    def rows(file: Path) -> list[list[str]]:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.reader(opened))

    asked = {
        "coverage": ["coverage", folders / "clean"],
        "who": ["who", folders / "clean", "YF0001"],
    }
    for name, call in asked.items():
        words, codes = tmp_path / f"{name}.csv", tmp_path / f"{name}-codes.csv"
        run(*call, "-o", words)
        run(*call, "-o", codes, "--codes")
        told, coded = rows(words), rows(codes)
        assert len(told) == len(coded) > 3
        assert all(re.search("[\u4e00-\u9fff]", head) for head in told[0])
        assert {"coverage": "status", "who": "capacity"}[name] in coded[0]
    assert "牵头明确" in "".join(rows(tmp_path / "coverage.csv")[1])


def test_a_unit_that_is_not_there_is_looked_for_among_units(run: Run, folders: Path) -> None:
    status, _, told = run("whatif", folders / "clean", "--dissolve", "消防")
    assert status == 2
    assert "宜丰县消防救援大队" in told
    assert "T-360924" not in told  # tasks are never dissolved


def test_changes_that_change_nothing_are_refused(run: Run, folders: Path) -> None:
    status, _, told = run(
        "whatif", folders / "clean", "--move", "hazchem:360924-fire=360924-emergency"
    )
    assert status == 2
    assert "没有“hazchem”的监管关系" in told
    with pytest.raises(sr.InputError, match="itself"):
        sr.ResponsibilityGraph.read(folders / "clean").what_if(
            sr.Merge(["360924-fire"], into="360924-fire")
        )


def test_a_gap_is_told_once_with_all_paths_that_were_tried() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924"], "name": ["宜丰县"]},
        enterprises={"id": ["e"], "name": ["甲厂"], "division": ["360924"], "sectors": ["mall"]},
        nodes={"id": ["gov"], "kind": ["government"], "name": ["县政府"], "division": ["360924"]},
        data_date="2026-06-30",
    )
    lines = [line for line in graph.who("e").text.splitlines() if line.startswith("  C4")]
    reasons = [line.split("；所试路径：")[0] for line in lines]
    assert len(reasons) == len(set(reasons))
    assert any("；或 " in line for line in lines)
    told = graph.accountability("e", deaths=3).text
    nobody = [line for line in told.splitlines() if line.startswith("无人承担：")]
    assert nobody
    assert len(nobody) == len(set(nobody))
