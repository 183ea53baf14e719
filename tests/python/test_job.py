"""The main job on the bundled example, and on everything that can be wrong with its input."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import signal
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk.io.job import RunResult, run_job
from support_chromium import Chromium, find_chromium
from support_jobs import BOUNDARIES, JOB, OUTPUTS

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PLANTED = EXAMPLES / "data" / "yichun_planted.csv"
ROLLUPS = [f"rollup-{level}.csv" for level in ("enterprise", "town", "county", "city")]
REPORT = "run-report.json"
FILES = {*OUTPUTS, REPORT, *ROLLUPS}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def report(folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    return result


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every output but the report, which holds times."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != REPORT}


def shown(workbook: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(workbook, read_only=True)
    rows = list(book[sheet].iter_rows(values_only=True))
    book.close()
    return rows


def copy_example(folder: Path) -> Path:
    """The example's job and data under another root; the path of the job."""
    shutil.copytree(EXAMPLES / "data" / "yichun", folder / "data" / "yichun")
    shutil.copy(EXAMPLES / "job.toml", folder)
    return folder / "job.toml"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunResult]:
    """The example job, run once: the folder of its outputs, and what the run says."""
    job = copy_example(tmp_path_factory.mktemp("example"))
    result = run_job(job)
    return job.parent / "out", result


@pytest.fixture(scope="module")
def planted() -> list[dict[str, str]]:
    return read_csv(PLANTED)


# ---- the example ---------------------------------------------------------------------------------


def test_the_example_writes_exactly_the_promised_files(example: tuple[Path, RunResult]) -> None:
    out, result = example
    assert {path.name for path in out.iterdir()} == FILES
    assert {path.name for path in result.files} == FILES
    assert all(path.stat().st_size > 100 for path in out.iterdir())


def test_issues_of_the_register_are_exactly_those_planted_in_it(
    example: tuple[Path, RunResult], planted: list[dict[str, str]]
) -> None:
    ids = [row["风险点编号"] for row in read_csv(EXAMPLES / "data/yichun/risk_points.csv")]
    issues = [row for row in read_csv(example[0] / "issues.csv") if row["table"] == "risk_points"]
    found = Counter((ids[int(row["row"])], row["code"]) for row in issues if row["row"])
    assert found == Counter((row["id"], row["issue"]) for row in planted if row["issue"])
    # A person finds the row by its line: the header is line 1.
    assert all(int(row["line"]) == int(row["row"]) + 2 for row in issues if row["row"])


def test_every_row_of_the_register_has_the_fate_that_is_planned_for_it(
    example: tuple[Path, RunResult], planted: list[dict[str, str]]
) -> None:
    features = json.loads((example[0] / "points.geojson").read_text(encoding="utf-8"))["features"]
    statuses = [feature["properties"]["status"] for feature in features]
    planned = ["graded"] * 6000
    for row in planted:
        planned[int(row["row"])] = row["status"]
    assert statuses == planned
    assert all(
        (feature["properties"]["grade"] is not None) == (status == "graded")
        for feature, status in zip(features, statuses, strict=True)
    )


def test_grades_of_the_example_are_those_of_the_bands_as_printed(
    example: tuple[Path, RunResult],
) -> None:
    """Brute force over the file: D>320, >160, >70 and R 20-25, 15-16, 9-12 (risk-methods, T1, DB37)."""
    features = json.loads((example[0] / "points.geojson").read_text(encoding="utf-8"))["features"]
    seen = set()
    for feature in features:
        row = feature["properties"]
        if row["status"] != "graded":
            continue
        if row["method"] == "lec.t1":
            score = float(row["L"]) * float(row["E"]) * float(row["C"])
            edges = ((320, "red"), (160, "orange"), (70, "yellow"))
            grade = next((g for edge, g in edges if score > edge), "blue")
        else:
            score = float(row["L"]) * float(row["S"])
            edges = ((20, "red"), (15, "orange"), (9, "yellow"))
            grade = next((g for edge, g in edges if score >= edge), "blue")
        assert (row["score"], row["grade"]) == (pytest.approx(score, rel=1e-15), grade)
        seen.add((row["method"], grade))
    assert len(seen) == 8


def test_the_report_accounts_for_every_row_and_every_file(
    example: tuple[Path, RunResult], planted: list[dict[str, str]]
) -> None:
    out, result = example
    said = report(out)
    rows = said["rows"]
    assert rows["rows_in"] == 6000
    assert rows["rows_in"] == rows["graded"] + rows["not_gradable"] + rows["rejected"]
    assert rows["graded"] == sum(rows[g] for g in ("red", "orange", "yellow", "blue"))
    fates = Counter(row["status"] for row in planted)
    assert (rows["not_gradable"], rows["rejected"]) == (fates["not_gradable"], fates["rejected"])
    assert said["outputs"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in contents(out).items()
    }
    register = (EXAMPLES / "data/yichun/risk_points.csv").read_bytes()
    assert said["inputs"]["risk_points.csv"] == hashlib.sha256(register).hexdigest()
    assert set(said["packs"]) == {"lec.t1", "ls.db37"}
    assert sum(said["issues"]["codes"].values()) == len(result.issues)
    assert len(read_csv(out / "issues.csv")) == len(result.issues)


def test_every_rollup_holds_every_row_of_the_register_once(
    example: tuple[Path, RunResult],
) -> None:
    for name in ROLLUPS:
        rows = read_csv(example[0] / name)
        assert sum(int(row["rows"]) for row in rows) == 6000, name
        for row in rows:
            colours = [int(row[g]) for g in ("red", "orange", "yellow", "blue")]
            worst = next(
                (g for g, n in zip(("red", "orange", "yellow", "blue"), colours, strict=True) if n),
                "",
            )
            assert row["grade"] == worst, name
            assert row["state"] == ("assessed" if worst else "unassessed"), name


def test_the_sheet_names_every_county_and_its_counts(example: tuple[Path, RunResult]) -> None:
    svg = (example[0] / "map.svg").read_text(encoding="utf-8")
    for row in read_csv(example[0] / "rollup-county.csv"):
        assert row["name"] in svg
    for text in ("宜春市安全风险四色分布图（示例）", "2026-06-30", "6,000", "取最高"):
        assert text in svg, text
    assert "审图号" not in svg
    width, height = struct.unpack(">II", (example[0] / "map.png").read_bytes()[16:24])
    assert (width, height) == (2480, 1754)  # A3 at 150 dpi


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_place_and_time_zone_change_no_byte(
    example: tuple[Path, RunResult],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: int,
) -> None:
    """The fixture took all cores; these runs are called from elsewhere, on other clocks."""
    job = copy_example(tmp_path)
    text = job.read_text(encoding="utf-8")
    assert "workers = 0" in text
    job.write_text(text.replace("workers = 0", f"workers = {workers}"), encoding="utf-8")
    monkeypatch.setenv("TZ", "America/St_Johns" if workers == 1 else "Asia/Shanghai")
    time.tzset()
    if workers == 1:
        monkeypatch.chdir(tmp_path / "data")
        job = Path("..") / job.name
    run_job(job)
    assert contents(tmp_path / "out") == contents(example[0])
    assert report(tmp_path / "out")["workers"] == workers


def shuffled(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """The same rows in an order that depends on nothing but the seed."""
    return [
        row
        for _, row in sorted(
            enumerate(rows), key=lambda item: hashlib.md5(f"{seed}:{item[0]}".encode()).digest()
        )
    ]


def test_the_order_of_rows_changes_no_grade_no_map_and_no_issue(
    example: tuple[Path, RunResult], tmp_path: Path
) -> None:
    job = copy_example(tmp_path)
    data = job.parent / "data" / "yichun"
    ids = {"example": [row["风险点编号"] for row in read_csv(data / "risk_points.csv")]}
    for seed, name in enumerate(("risk_points", "enterprises", "divisions")):
        write_csv(data / f"{name}.csv", shuffled(read_csv(data / f"{name}.csv"), seed))
    ids["shuffled"] = [row["风险点编号"] for row in read_csv(data / "risk_points.csv")]
    assert ids["shuffled"] != ids["example"]
    run_job(job)

    out = tmp_path / "out"
    was, now = contents(example[0]), contents(out)
    for name in ("map.svg", "map.png", *ROLLUPS):
        assert now[name] == was[name], name
    assert shown(out / "grades.xlsx", "汇总") == shown(example[0] / "grades.xlsx", "汇总")
    assert shown(out / "grades.xlsx", "图例") == shown(example[0] / "grades.xlsx", "图例")

    def issues(folder: Path, rows: list[str]) -> Counter[tuple[str, ...]]:
        found = Counter()
        for issue in read_csv(folder / "issues.csv"):
            at = rows[int(issue["row"])] if issue["row"] and issue["table"] == "risk_points" else ""
            found[(issue["severity"], issue["code"], issue["table"], at, issue["column"])] += 1
        return found

    assert issues(out, ids["shuffled"]) == issues(example[0], ids["example"])

    def grades(folder: Path) -> Counter[tuple[Any, ...]]:
        text = (folder / "points.geojson").read_text(encoding="utf-8")
        return Counter(
            tuple(f["properties"][key] for key in ("id", "name", "status", "grade", "score"))
            for f in json.loads(text)["features"]
        )

    assert grades(out) == grades(example[0])
    assert report(out)["rows"] == report(example[0])["rows"]


def test_no_cell_of_the_example_is_a_formula(
    example: tuple[Path, RunResult], planted: list[dict[str, str]]
) -> None:
    names = {row["id"] for row in planted if row["what"] == "名称是表格公式"}
    assert names
    book = openpyxl.load_workbook(example[0] / "grades.xlsx")
    assert book.sheetnames == ["汇总", "图例", "问题", "重大与较大风险", "全部风险点"]
    texts = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None, (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    texts.add(cell.value)
    assert texts  # they are there, as text


def test_the_workbook_lists_every_grave_row_and_every_row(
    example: tuple[Path, RunResult],
) -> None:
    rows = report(example[0])["rows"]
    workbook = example[0] / "grades.xlsx"
    assert len(shown(workbook, "全部风险点")) == 1 + rows["rows_in"]
    grave = shown(workbook, "重大与较大风险")
    assert len(grave) == 1 + rows["red"] + rows["orange"]
    column = grave[0].index("风险等级")
    assert {row[column] for row in grave[1:]} == {"重大风险", "较大风险"}
    assert len(shown(workbook, "问题")) == 1 + sum(report(example[0])["issues"]["codes"].values())


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium: apt-get install chromium")
def test_the_page_of_the_example_works_without_a_network(
    example: tuple[Path, RunResult],
) -> None:
    """In a real browser: no request, nothing to complain of, a click explains the point."""
    page = example[0] / "map.html"
    text = (example[0] / "points.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    point = next(f for f in features if f["properties"]["grade"] == "red")
    row, (lon, lat) = point["properties"], point["geometry"]["coordinates"]
    at_rest = "window.safetyriskMap && !safetyriskMap.state().busy"
    panel = "document.getElementById('panel').innerText"
    with Chromium(1280, 800) as browser:
        browser.open(page)
        browser.wait_for(at_rest)
        # Zoom in on the point until its neighbours no longer cover it, then click on it.
        at = f"safetyriskMap.project({lon}, {lat})"
        zoom = "safetyriskMap.state().scale / safetyriskMap.state().fit"
        while (before := browser.run(zoom)) < 400:
            browser.mouse("mouseWheel", *browser.run(at), deltaX=0, deltaY=-300)
            browser.wait_for(f"{zoom} > 1.1 * {before}")
        browser.wait_for(at_rest)
        browser.click(*browser.run(at))
        said = browser.run(panel)
        assert row["id"] in said
        assert row["name"] in said
        assert "重大风险" in said
        score = f"{row['score']:g}"
        assert re.search(rf"[DR] = .* = {score}，落入", said), said
        assert browser.requests == [page.resolve().as_uri()]
        assert browser.complaints == []


# ---- calls that are wrong ------------------------------------------------------------------------

SMALL_JOB = JOB + '[run]\nfail_on = "never"\n'
POINTS = """\
编号,名称,L,E,C,经度,纬度,区划代码
P1,氨机房,3,6,40,114.5,28.5,990101
P2,锅炉,1,6,15,115.5,28.5,990102
P3,配电室,1,1,7,115.2,28.2,
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A job of three points in two counties; the path of the job."""
    root = tmp_path / "small"
    data = root / "data"
    data.mkdir(parents=True)
    (root / "job.toml").write_text(SMALL_JOB, encoding="utf-8")
    (data / "dataset.toml").write_text('format = 1\nid = "small"\ncrs = "wgs84"\n')
    (data / "divisions.csv").write_text(
        "code,name\n9901,示例市\n990101,西山县\n990102,东河区\n", encoding="utf-8"
    )
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "risk_points.csv").write_text(POINTS, encoding="utf-8")
    return root / "job.toml"


def put(job: Path, register: str | bytes, name: str = "risk_points.csv") -> Path:
    """Replaces the register of a small job."""
    data = register.encode() if isinstance(register, str) else register
    (job.parent / "data" / name).write_bytes(data)
    return job


def statuses(job: Path) -> list[tuple[str, str, str]]:
    """(id, status, grade) of each row, from the CSV that the job wrote."""
    return [
        (row["id"], row["status"], row["grade"])
        for row in read_csv(job.parent / "out" / "grades.csv")
    ]


def test_a_small_job_grades_by_hand_calculation(small: Path) -> None:
    result = run_job(small)
    assert statuses(small) == [
        ("P1", "graded", "red"),  # 720 > 320
        ("P2", "graded", "yellow"),  # 70 < 90 <= 160
        ("P3", "graded", "blue"),  # 7, located in the east
    ]
    rows = read_csv(small.parent / "out" / "rollup-county.csv")
    assert [(r["code"], r["grade"], r["rows"]) for r in rows] == [
        ("990101", "red", "1"),
        ("990102", "yellow", "2"),
    ]
    assert {issue.severity for issue in result.issues} <= {"info"}
    assert not result.failed


def test_a_job_overwrites_its_own_result_with_the_same_bytes(small: Path) -> None:
    run_job(small)
    before = contents(small.parent / "out")
    run_job(small)
    assert contents(small.parent / "out") == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("format = 1", "format = 2", r"job\.toml.*format.*1"),
        ("format = 1", "", r"job\.toml.*format.*1"),
        ("[run]", "[rum]", r"job\.toml.*'rum'"),
        ('path = "data"', 'pfad = "data"', r"job\.toml \[data\].*'pfad'.*path"),
        ('path = "data"', "path = 7", r"job\.toml \[data\].*path.*str"),
        ('path = "data"', 'path = "gone"', r"gone: there is no such folder"),
        ('path = "data"', 'path = "."', r"no dataset\.toml"),
        ('[data]\npath = "data"', "", r"job\.toml \[data\].*path is missing"),
        ('title = "小图"', "", r"job\.toml \[\[map\]\] 1.*title is missing"),
        ('title = "小图"', "title = true", r"job\.toml \[\[map\]\] 1.*title.*str"),
        ('level = "county"', 'level = "shire"', r"\[\[rollup\]\] 1.*'shire'.*county"),
        ('formats = ["svg"]', 'formats = ["gif"]', r"\[\[map\]\] 1.*'gif'.*svg"),
        ('formats = ["svg"]', 'formats = "svg"', r"\[\[map\]\] 1.*formats.*list"),
        ("[[map]]", "[map]", r"map must be written \[\[map\]\]"),
        ("[output]", "[[output]]", r"output must be a table"),
        ('dir = "out"', "", r"\[output\].*dir is missing"),
        ('method = "lec"', 'method = "lek"', r"lek"),
        ('method = "lec"', 'as_of = "yesterday"', r"yesterday"),
        ('fail_on = "never"', 'fail_on = "sometimes"', r"\[run\].*'sometimes'.*never"),
        ('fail_on = "never"', "workers = -1", r"\[run\].*workers.*-1"),
        ('fail_on = "never"', "workers = true", r"\[run\].*workers.*int"),
        ('fail_on = "never"', 'workers = "two"', r"\[run\].*workers.*int"),
        ('level = "county"\n[[map]]', 'level = "county"\nrule = "best"\n[[map]]', r"'best'.*worst"),
        ('level = "county"\n[[map]]', 'level = "city"\n[[map]]', r"map of level county needs"),
        ("[[map]]", '[[rollup]]\nlevel = "county"\n[[map]]', r"two \[\[rollup\]\]"),
        ("format = 1", "format = ", r"job\.toml: cannot be read.*line 1"),
    ],
)
def test_a_wrong_job_file_is_refused_with_the_place(
    small: Path, old: str, new: str, message: str
) -> None:
    text = small.read_text(encoding="utf-8")
    assert old in text
    small.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises((sr.InputError, sr.NotFoundError), match=message):
        run_job(small)
    assert not (small.parent / "out").exists() or not any((small.parent / "out").iterdir())


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("risk_points.csv", "no table 'risk_points'"),
        ("divisions.csv", "no table 'divisions'"),
        ("boundaries.geojson", "no boundaries"),
    ],
)
def test_a_table_that_is_missing_is_named(small: Path, missing: str, message: str) -> None:
    (small.parent / "data" / missing).unlink()
    with pytest.raises(sr.InputError, match=message):
        run_job(small)


def test_a_job_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sr.InputError, match=r"cannot read .*gone\.toml"):
        run_job(tmp_path / "gone.toml")
    (tmp_path / "job.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(sr.InputError, match=r"job\.toml: cannot be read"):
        run_job(tmp_path / "job.toml")


def test_the_result_of_another_job_is_kept_unless_forced(small: Path) -> None:
    run_job(small)
    out = small.parent / "out"
    before = contents(out)
    other = small.with_name("other.toml")
    other.write_text(SMALL_JOB.replace("小图", "别的图"), encoding="utf-8")
    with pytest.raises(sr.InputError, match=r"small/job.*small/other.*--force"):
        run_job(other)
    assert contents(out) == before
    run_job(other, force=True)
    assert "别的图" in (out / "map.svg").read_text(encoding="utf-8")


def test_a_folder_with_something_else_in_it_is_left_alone(small: Path) -> None:
    out = small.parent / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(sr.InputError, match="something else"):
        run_job(small)
    assert [path.name for path in out.iterdir()] == ["thesis.docx"]


# ---- data that is wrong --------------------------------------------------------------------------


def test_names_and_ids_in_the_data_never_become_names_of_files(small: Path) -> None:
    evil = "../../evil"
    put(
        small,
        f"编号,名称,L,E,C,经度,纬度,区划代码,所属企业\n{evil},/etc/passwd,3,6,40,114.5,28.5,990101,{evil}\n"
        f"a\x01b,con.txt,3,6,40,114.5,28.5,{evil},..\\..\\evil\n",
    )
    put(small, f"code,name\n9901,示例市\n990101,{evil}\n990102,/tmp\n", "divisions.csv")
    text = SMALL_JOB.replace("[[map]]", '[[rollup]]\nlevel = "enterprise"\n[[map]]', 1)
    small.write_text(text.replace("小图", evil), encoding="utf-8")
    root = small.parent.parent
    before = {path for path in root.rglob("*") if "out" not in path.parts[len(root.parts) :]}
    run_job(small)
    after = {path for path in root.rglob("*") if "out" not in path.parts[len(root.parts) :]}
    assert after == before
    assert {path.name for path in (small.parent / "out").iterdir()} == {
        "map.svg",
        "grades.xlsx",
        "grades.csv",
        "points.geojson",
        "issues.csv",
        "rollup-county.csv",
        "rollup-enterprise.csv",
        REPORT,
    }


def test_markup_in_names_is_text_on_the_sheet_and_in_the_page(small: Path) -> None:
    evil = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"
    quoted = evil.replace('"', '""')
    put(
        small,
        f'编号,名称,L,E,C,经度,纬度,区划代码\n"{quoted}","{quoted}",3,6,40,114.5,28.5,990101\n',
    )
    put(small, f'code,name\n9901,示例市\n990101,"{quoted}"\n990102,东河区\n', "divisions.csv")
    text = SMALL_JOB.replace('["svg"]', '["svg", "html"]')
    small.write_text(text.replace('"小图"', json.dumps(evil)), encoding="utf-8")
    run_job(small)
    for name in ("map.svg", "map.html"):
        text = (small.parent / "out" / name).read_text(encoding="utf-8")
        assert "<script>alert" not in text, name
        assert "<img src=x" not in text, name
        assert "alert(1)" in text, name  # it is there, as text


def test_a_register_of_a_header_alone_leaves_every_region_unassessed(small: Path) -> None:
    run_job(put(small, POINTS.splitlines()[0] + "\n"))
    assert report(small.parent / "out")["rows"]["rows_in"] == 0
    rows = read_csv(small.parent / "out" / "rollup-county.csv")
    assert [(row["state"], row["grade"]) for row in rows] == [("unassessed", "")] * 2
    assert "未评估" in (small.parent / "out" / "map.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_register_is_refused_by_name(small: Path, content: str) -> None:
    with pytest.raises(sr.InputError, match=r"risk_points\.csv.*empty"):
        run_job(put(small, content))


def test_a_register_without_any_known_column_grades_nothing(small: Path) -> None:
    run_job(put(small, "甲,乙\n1,2\n"))
    rows = report(small.parent / "out")["rows"]
    assert (rows["rows_in"], rows["graded"]) == (1, 0)


def test_gb18030_is_read_and_reported(small: Path) -> None:
    run_job(small)
    utf8 = contents(small.parent / "out")
    result = run_job(put(small, POINTS.encode("gb18030")))
    assert [i.code for i in result.issues if i.code.startswith("io.")] == ["io.encoding"]
    for name in ("map.svg", "grades.csv", "rollup-county.csv", "points.geojson"):
        assert (small.parent / "out" / name).read_bytes() == utf8[name], name


@pytest.mark.parametrize("start", ["=cmd|' /C calc'!A0", "+1+cmd|x", "-2+3", "@SUM(A1)", "\t=1"])
def test_formulas_in_cells_stay_text_everywhere(small: Path, start: str) -> None:
    put(small, f"编号,名称,L,E,C,经度,纬度,区划代码\nP1,{start},{start},6,40,114.5,28.5,990101\n")
    run_job(small)
    out = small.parent / "out"
    for sheet in openpyxl.load_workbook(out / "grades.xlsx"):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    active = 0
    for name in ("grades.csv", "issues.csv", "rollup-county.csv"):
        with (out / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not re.match(r"[=+\-@\t]", cell), (name, cell)
                    active += cell.startswith("'")
    assert active >= 2  # the guard is there, not the cell gone
    # What was guarded is read back as it was.
    again = sr.grade(out / "grades.csv", method="lec")
    assert again.input.texts("name") == [start]


def test_a_geojson_cut_in_the_middle_is_refused_with_byte_and_line(small: Path) -> None:
    file = small.parent / "data" / "boundaries.geojson"
    text = json.dumps(BOUNDARIES, indent=1)
    file.write_text(text[: len(text) // 2], encoding="utf-8")
    with pytest.raises(sr.InputError, match=r"boundaries\.geojson.*") as caught:
        run_job(small)
    message = str(caught.value)
    line = text[: len(text) // 2].count("\n") + 1
    assert re.search(rf"\bline {line}\b", message), message
    assert re.search(r"\bbyte \d+", message), message


def test_codes_that_a_spreadsheet_turned_into_numbers_are_reported(small: Path) -> None:
    put(
        small,
        "编号,名称,L,E,C,区划代码\nP1,a,1,6,15,990101.0\nP2,b,1,6,15,9.90101E+11\n"
        "P3,c,1,6,15,99010\nP4,d,1,6,15,990101000000\n",
    )
    result = run_job(small)
    found = {(i.row, i.code) for i in result.issues if i.table == "risk_points"}
    # The first has all its digits and is used; the second has not, the third never had.
    assert found >= {
        (None, "region.code_from_float"),
        (1, "region.code_lost_digits"),
        (2, "region.malformed_code"),
    }
    assert not {0, 3} & {row for row, _ in found}
    assert [grade for _, _, grade in statuses(small)] == ["yellow"] * 4  # the grade needs no place
    (west, *_, last) = read_csv(small.parent / "out" / "rollup-county.csv")
    assert (west["code"], west["rows"], last["code"], last["rows"]) == ("990101", "2", "", "2")


def test_swapped_coordinates_are_reported_and_not_exchanged(small: Path) -> None:
    put(small, "编号,名称,L,E,C,经度,纬度\nP1,a,1,6,15,28.5,114.5\nP2,b,1,6,15,114.5,28.5\n")
    result = run_job(small)
    codes = {(i.row, i.code) for i in result.issues if i.row is not None}
    assert codes == {(0, "region.no_region"), (0, "region.swapped_coordinates")}
    (west, _, last) = read_csv(small.parent / "out" / "rollup-county.csv")
    assert (west["rows"], last["code"], last["rows"]) == ("1", "", "1")


def test_coordinates_of_another_system_are_suspected_and_not_converted(small: Path) -> None:
    """Points 200 m west of a border, as GCJ-02 gives them (500 m to the east), called WGS84."""
    lat = [28.1 + 0.02 * i for i in range(30)]
    lon, lat = (a.tolist() for a in sr.convert([114.998] * 30, lat, "wgs84", "gcj02"))
    assert all(115.002 < x < 115.01 for x in lon)
    rows = "".join(
        f"P{i},a,1,6,15,{x!r},{y!r},990101\n" for i, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    result = run_job(put(small, POINTS.splitlines()[0] + "\n" + rows))
    (suspected,) = (issue for issue in result.issues if issue.code == "region.crs_suspect")
    assert suspected.severity == "warning"
    assert "gcj02" in suspected.message
    assert "30/30" in suspected.message  # rows that fit the other system
    # The given county is what counts, and the places stay as they were declared.
    assert read_csv(small.parent / "out" / "rollup-county.csv")[0]["rows"] == "30"
    shown = json.loads((small.parent / "out" / "points.geojson").read_text(encoding="utf-8"))
    assert shown["features"][0]["geometry"]["coordinates"] == [lon[0], lat[0]]


@pytest.mark.parametrize(
    ("cells", "status", "code"),
    [
        ("nan,6,15", "not_gradable", "scoring.missing_input"),
        (",6,15", "not_gradable", "scoring.missing_input"),
        ("inf,6,15", "rejected", "scoring.infinite"),
        ("-1,6,15", "rejected", "scoring.negative"),
        ("1e300,6,15", "rejected", "scoring.off_scale"),
        ("1,4,15", "rejected", "scoring.off_scale"),
        ("三,6,15", "rejected", "scoring.not_a_number"),
        ("1；2,6,15", "rejected", "scoring.not_a_number"),
    ],
)
def test_values_that_cannot_be_have_no_grade_and_an_issue(
    small: Path, cells: str, status: str, code: str
) -> None:
    result = run_job(put(small, f"编号,名称,L,E,C,区划代码\nP1,a,{cells},990101\n"))
    assert statuses(small) == [("P1", status, "")]
    assert [(i.row, i.line, i.code) for i in result.issues if i.row is not None] == [(0, 2, code)]


_cell = st.sampled_from(
    ["", "nan", "inf", "-1", "0", "0.5", "1", "3", "4", "6", "10", "15", "40", "100", "1e9", "x"]
)
_register = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["a", "b", "c", "d", ""]),
            "method": st.sampled_from(["lec", "ls", "lec.t2", "lec.water", "?", ""]),
            "L": _cell,
            "E": _cell,
            "C": _cell,
            "S": _cell,
            "division": st.sampled_from(["990101", "990102", "9901", "99", "1", ""]),
        }
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def counties() -> sr.Divisions:
    return sr.Divisions.read({"code": ["9901", "990101", "990102"], "name": ["市", "县", "区"]})


@given(rows=_register)
@settings(max_examples=200, deadline=None)
def test_no_row_is_lost_whatever_it_holds(
    counties: sr.Divisions, rows: list[dict[str, str]]
) -> None:
    keys = ("id", "method", "L", "E", "C", "S", "division")
    graded = sr.grade({key: [row[key] for row in rows] for key in keys})
    counts = graded.counts()
    assert counts["rows_in"] == len(rows)
    assert counts["rows_in"] == counts["graded"] + counts["not_gradable"] + counts["rejected"]
    explained = {issue.row for issue in graded.issues}
    for row, status in enumerate(graded.to_columns()["status"].tolist()):
        assert status == "graded" or row in explained
    for level in ("county", "city"):
        table = counties.rollup(graded, level).to_columns()
        assert sum(table["rows"].tolist()) == len(rows)
        assert sum(table["graded"].tolist()) == counts["graded"]


# ---- stopping in the middle ----------------------------------------------------------------------


def interrupt(at: str) -> Callable[[str, int, int], None]:
    """A progress function that presses Ctrl-C at a step."""

    def step(name: str, done: int, total: int) -> None:
        assert 0 <= done < total
        if name == at:
            signal.raise_signal(signal.SIGINT)

    return step


@pytest.mark.parametrize("step", ["read", "grade", "map county", "write xlsx", "report"])
def test_an_interrupted_job_leaves_whole_files_only(small: Path, step: str) -> None:
    run_job(small)
    whole = contents(small.parent / "out")
    shutil.rmtree(small.parent / "out")
    with pytest.raises(KeyboardInterrupt):
        run_job(small, progress=interrupt(step))
    left = contents(small.parent / "out")
    assert left.items() <= whole.items()
    if left:  # the folder is this job's, which has not come to its end
        assert report(small.parent / "out")["state"] == "running"
    run_job(small)
    assert contents(small.parent / "out") == whole
    assert "state" not in report(small.parent / "out")


def test_progress_names_every_step_once_in_order(small: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    run_job(small, progress=lambda *step: steps.append(step))
    assert [name for name, _, _ in steps] == [
        "read",
        "grade",
        "rollup county",
        "map county",
        "write xlsx",
        "write csv",
        "write geojson",
        "write issues",
        "write rollups",
        "report",
    ]
    assert [done for _, done, _ in steps] == list(range(len(steps)))
    assert {total for *_, total in steps} == {len(steps)}
    assert [s["step"] for s in report(small.parent / "out")["steps"]] == [s[0] for s in steps]


@pytest.fixture(autouse=True)
def no_drafts(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list(tmp_path.rglob(".*.part"))


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ('path = "data"', 'path = "da\\u0000ta"', "job.path", "空字符"),
        ('dir = "out"', 'dir = ""', "job.path", "空的"),
        ("[run]\nfail_on = \"never\"", '[run]\nmemory = "lots"', "job.size", "4 GiB"),
        ("[run]\nfail_on = \"never\"", "[run]\nmemory = true", "job.size", "4 GiB"),
        ("[run]\nfail_on = \"never\"", '[run]\nfail_on = "x"', "job.value", "never"),
        ('method = "lec"', "", "job.no_method", "[grade] method"),
        ('method = "lec"', 'as_of = "x"', "date.malformed", "as_of"),
        ('level = "county"\n[[map]]', 'level = "county"\nrule = "count"\n[[map]]',
         "job.map_no_grades", "[[rollup]] 中写 thresholds"),
        ('level = "county"\n[[map]]',
         'level = "county"\nrule = "count"\nthresholds = ["x"]\n[[map]]', "job.type", "表的列表"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_job_is_said_in_chinese(
    small: Path, old: str, new: str, code: str, words: str
) -> None:
    text = small.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    small.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(sr.InputError) as refused:
        run_job(small)
    assert refused.value.code == code
    assert words in refused.value.in_language("zh")


def test_what_lies_in_the_output_folder_is_said_in_chinese(small: Path) -> None:
    out = small.parent / "out"
    out.mkdir()
    for content, zh in ((None, "别的内容"), ("{}", "别的内容"), ("{", "无法读取的内容")):
        (out / "x").write_text("x")
        if content is not None:
            (out / "run-report.json").write_text(content)
        with pytest.raises(sr.InputError) as refused:
            run_job(small)
        said = refused.value.in_language("zh")
        assert f"{out} 中是{zh}，" in said
        assert "some" not in said


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("format = 2", "dataset.format"),
        ("format = 1\nid = 3", "dataset.text"),
        ('format = 1\ndata_date = "x"', "dataset.date"),
        ("format = 1\ncolumns = 3", "dataset.columns"),
        ("format = 1\n[columns.x]\na = 'b'", "dataset.table_unknown"),
        ("format = 1\n[columns.risk_points]\na = 'b'", "dataset.column_unknown"),
    ],
)
def test_what_is_wrong_with_a_dataset_is_said_in_chinese(small: Path, toml: str, code: str) -> None:
    (small.parent / "data" / "dataset.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(sr.InputError) as refused:
        run_job(small)
    assert refused.value.code == code
    assert any("\u4e00" <= c <= "\u9fff" for c in refused.value.in_language("zh"))
