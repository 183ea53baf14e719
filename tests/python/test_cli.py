"""The command line: what it prints, what it writes and with which status it ends."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

import safetyrisk as sr
from safetyrisk import cli
from safetyrisk.io.demo import write_demo
from support_jobs import BOUNDARIES, JOB, OUTPUTS
from test_interrupted import write_job

REGISTER = """\
编号,名称,L,E,C,经度,纬度,区划代码
P1,氨机房,3,6,40,114.5,28.5,990101
P2,锅炉,1,6,15,115.5,28.5,990102
P3,配电室,1,1,7,115.2,28.2,990102
"""
FLAWED = REGISTER + "P4,储罐,1,4,15,115.2,28.2,990102\n"  # E = 4 is no step
DIVISIONS = "code,name\n99,示例省\n9901,示例市\n990101,西山县\n990102,东河区\n"
PAGE_JOB = JOB.replace('["svg"]', '["svg", "html"]')


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Calls the command line in this process."""

    def call(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        status = left.value.code
        assert isinstance(status, int)
        return Ran(status, printed.out, printed.err)

    return call


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a register, divisions, boundaries and a job."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "risk_points.csv").write_text(REGISTER, encoding="utf-8")
    (data / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "dataset.toml").write_text('format = 1\nid = "small"\ncrs = "wgs84"\n')
    (tmp_path / "job.toml").write_text(PAGE_JOB, encoding="utf-8")
    (tmp_path / "flawed.csv").write_text(FLAWED, encoding="utf-8")
    return tmp_path


def in_process(code: str, *, cwd: Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs Python code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        **options,  # type: ignore[call-overload]
    )


# ---- grade ---------------------------------------------------------------------------------------


def test_grade_writes_csv_and_counts_every_row(run: Callable[..., Ran], files: Path) -> None:
    out = files / "grades.csv"
    ran = run("grade", files / "data/risk_points.csv", "-m", "lec", "-o", out)
    assert (ran.status, ran.err) == (0, "")
    assert "共 3 行" in ran.out
    assert "重大 1" in ran.out
    assert str(out) in ran.out
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = [(r["id"], r["method"], r["score"], r["grade"]) for r in csv.DictReader(file)]
    assert rows == [
        ("P1", "lec.t1", "720", "red"),
        ("P2", "lec.t1", "90", "yellow"),
        ("P3", "lec.t1", "7", "blue"),
    ]


def test_grade_writes_a_workbook_and_json(run: Callable[..., Ran], files: Path) -> None:
    source = files / "data/risk_points.csv"
    assert run("grade", source, "-m", "lec", "-o", files / "g.xlsx").status == 0
    sheet = openpyxl.load_workbook(files / "g.xlsx")["全部风险点"]
    assert sheet.max_row == 4
    assert run("grade", source, "-m", "lec", "-o", files / "g.json").status == 0
    rows = json.loads((files / "g.json").read_text(encoding="utf-8"))["rows"]
    assert [row["grade"] for row in rows] == ["red", "yellow", "blue"]


def test_grade_in_english_writes_an_english_workbook(run: Callable[..., Ran], files: Path) -> None:
    out = files / "g.xlsx"
    ran = run("grade", files / "flawed.csv", "-m", "lec", "-o", out, "--lang", "en")
    assert ran.status == 1
    assert not re.search("[\u4e00-\u9fff]", ran.out + ran.err)
    book = openpyxl.load_workbook(out)
    assert book.sheetnames[0] == "Summary"
    words = {cell.value for row in book["Summary"].iter_rows() for cell in row}
    assert not any(isinstance(w, str) and "行" in w for w in words)


def test_columns_are_named_by_the_caller(run: Callable[..., Ran], files: Path) -> None:
    source, out = files / "odd.csv", files / "g.json"
    source.write_text("no,p,q,r\nA,3,6,40\n")
    pairs = [x for pair in ("id=no", "L=p", "E=q", "C=r") for x in ("--column", pair)]
    assert run("grade", source, "-m", "lec", *pairs, "-o", out).status == 0
    assert json.loads(out.read_text())["rows"][0]["grade"] == "red"
    ran = run("grade", source, "-m", "lec", "--column", "id", "-o", out)
    assert ran.status == 2
    assert "“id”" in ran.err


def test_a_method_of_the_users_own_is_a_file(run: Callable[..., Ran], files: Path) -> None:
    out = files / "g.json"
    ran = run("methods", "lec.t2", "--json")
    pack = json.loads(ran.out)
    pack["pack"] = "lec.ours"
    (files / "ours.json").write_text(json.dumps(pack), encoding="utf-8")
    source = files / "edge.csv"
    source.write_text("id,L,E,C\nA,1,10,7\n")
    assert run("grade", source, "-m", files / "ours.json", "-o", out).status == 0
    (row,) = json.loads(out.read_text(encoding="utf-8"))["rows"]
    assert (row["method"], row["score"], row["grade"]) == ("lec.ours", 70, "yellow")
    assert run("grade", source, "-m", "lec", "-o", out).status == 0
    assert json.loads(out.read_text(encoding="utf-8"))["rows"][0]["grade"] == "blue"
    (files / "bad.json").write_text("{")
    ran = run("grade", source, "-m", files / "bad.json", "-o", out)
    assert ran.status == 2
    assert "bad.json" in ran.err


def test_a_register_is_never_overwritten_by_its_own_grades(
    run: Callable[..., Ran], files: Path
) -> None:
    source = files / "data" / "risk_points.csv"
    (files / "link.csv").symlink_to(source)
    for out in (source, files / "data" / ".." / "data" / "risk_points.csv", files / "link.csv"):
        ran = run("grade", source, "-m", "lec", "-o", out)
        assert ran.status == 2
        assert "output.is_input" in ran.err
    assert source.read_text(encoding="utf-8") == REGISTER


# ---- exit status ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fail_on", "status"), [(None, 1), ("error", 1), ("info", 1), ("warning", 1), ("never", 0)]
)
def test_issues_decide_the_status(
    run: Callable[..., Ran], files: Path, fail_on: str | None, status: int
) -> None:
    out = files / "g.csv"
    more = [] if fail_on is None else ["--fail-on", fail_on]
    ran = run("grade", files / "flawed.csv", "-m", "lec", "-o", out, *more)
    assert ran.status == status
    assert "scoring.off_scale  1" in ran.err
    assert out.exists()  # the issues are in the result; the result is there


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("info", 1)])
def test_a_warning_counts_from_its_level_on(
    run: Callable[..., Ran], files: Path, fail_on: str, status: int
) -> None:
    source = files / "twice.csv"
    source.write_text(REGISTER + REGISTER.splitlines()[-1] + "\n", encoding="utf-8")
    ran = run("grade", source, "-m", "lec", "-o", files / "g.csv", "--fail-on", fail_on)
    assert "scoring.duplicate_row  1" in ran.err
    assert ran.status == status


def test_without_issues_the_status_is_0_at_any_level(run: Callable[..., Ran], files: Path) -> None:
    source = files / "data/risk_points.csv"
    ran = run("grade", source, "-m", "lec", "-o", files / "g.csv", "--fail-on", "info")
    assert (ran.status, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "用法"),
        (["bogus"], "bogus"),
        (["grade"], "IN"),
        (["grade", "data/risk_points.csv"], "-o"),
        (["grade", "gone.csv", "-m", "lec", "-o", "g.csv"], "gone.csv"),
        (["grade", "data/risk_points.csv", "-m", "lek", "-o", "g.csv"], "lek"),
        (["grade", "data/risk_points.csv", "-o", "g.csv"], "method"),
        (["grade", "data/risk_points.csv", "-m", "lec", "-o", "g.doc"], ".doc"),
        (["grade", "data/risk_points.csv", "-m", "lec", "-o", "g.csv", "--fail-on", "x"], "“x”"),
        (["grade", "data/risk_points.csv", "-m", "lec", "-o", "g.csv", "--as-of", "x"], "'x'"),
        (["grade", "data/risk_points.csv", "-m", "lec", "-o", "g.xlsx", "--lang", "fr"], "fr"),
        (["run", "gone.toml"], "gone.toml"),
        (["run", "job.toml", "--fail-on", "x"], "“x”"),
        (["methods", "nope"], "nope"),
        (["methods", "--lang", "fr"], "fr"),
        (["map", "data/risk_points.csv", "-m", "lec", "-o", "m.svg"], "--divisions"),
    ],
)
def test_a_wrong_call_is_2_says_why_and_writes_nothing(
    run: Callable[..., Ran],
    files: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(files)
    before = sorted(files.rglob("*"))
    ran = run(*arguments)
    assert ran.status == 2
    assert message in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert sorted(files.rglob("*")) == before


def test_input_that_cannot_be_read_is_2(run: Callable[..., Ran], files: Path) -> None:
    (files / "data/boundaries.geojson").write_text(json.dumps(BOUNDARIES)[:300])
    ran = run("run", files / "job.toml")
    assert ran.status == 2
    assert re.search(r"boundaries\.geojson.*line 1\b.*byte 30\d", ran.err.replace("\n", " "))


@pytest.mark.parametrize("name", ["g.csv", "g.json", "g.xlsx"])
def test_an_output_that_cannot_be_written_is_3(
    run: Callable[..., Ran], files: Path, name: str
) -> None:
    (files / "file").write_text("no folder")
    out = files / "file" / name
    ran = run("grade", files / "data/risk_points.csv", "-m", "lec", "-o", out)
    assert ran.status == 3
    assert str(out) in ran.err
    assert (files / "file").read_text() == "no folder"


def test_an_output_folder_that_is_a_file_is_3(run: Callable[..., Ran], files: Path) -> None:
    (files / "out").write_text("no folder")
    ran = run("run", files / "job.toml")
    assert ran.status == 3
    assert "out" in ran.err
    assert (files / "out").read_text() == "no folder"


def test_an_output_whose_place_is_a_folder_is_3(run: Callable[..., Ran], files: Path) -> None:
    assert run("run", files / "job.toml").status == 0
    (files / "out/map.svg").unlink()
    (files / "out/map.svg").mkdir()
    ran = run("run", files / "job.toml")
    assert ran.status == 3
    assert "map.svg" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "geojson"])
def test_a_full_disk_is_3_and_keeps_the_old_file(files: Path, suffix: str) -> None:
    """A limit on the size of files stands for the full disk."""
    source, out = files / "big.csv", files / f"g.{suffix}"
    rows = "".join(f"P{i},{i},1,6,15\n" for i in range(5000))
    source.write_text("id,name,L,E,C\n" + rows)
    out.write_text("old")
    ran = in_process(
        f"""
        import resource
        from safetyrisk.cli import main
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        main(["grade", "big.csv", "-m", "lec", "-o", "g.{suffix}"])
        """,
        cwd=files,
    )
    assert ran.returncode == 3, ran.stderr
    assert out.name in ran.stderr
    assert "Traceback" not in ran.stderr
    assert out.read_text() == "old"
    assert not list(files.glob(".*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_ctrl_c_is_130_and_leaves_nothing(files: Path) -> None:
    """A register large enough to be still at work when the signal comes."""
    with (files / "huge.csv").open("w") as file:
        file.write("id,L,E,C\n")
        for start in range(0, 3_000_000, 1000):
            file.write("".join(f"{i},3,6,15\n" for i in range(start, start + 1000)))
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from safetyrisk.cli import main\nprint('ready', flush=True)\n"
            "main(['grade', 'huge.csv', '-m', 'lec', '-o', 'g.csv'])",
        ],
        cwd=files,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert not (files / "g.csv").exists()
    assert not list(files.glob(".*.part"))


def test_ctrl_c_stops_the_grading_itself() -> None:
    """The signal comes while the compiled loop is running."""
    rows = 200_000
    table = {
        "id": [str(i) for i in range(rows)],
        "L": [3] * rows,
        "E": [6] * rows,
        "C": [15] * rows,
    }

    def press(done: int, total: int) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        sr.grade(table, method="lec", progress=press)


# ---- run and demo --------------------------------------------------------------------------------


def test_run_does_the_job_and_lists_what_it_wrote(run: Callable[..., Ran], files: Path) -> None:
    ran = run("run", files / "job.toml")
    assert ran.status == 0
    assert "共 3 行 = 已评定 3 + 无法评定 0 + 数据无效 0" in ran.out
    listed = {Path(line.removeprefix("已写入 ")).name for line in ran.out.splitlines()[1:]}
    assert listed == {path.name for path in (files / "out").iterdir()}


def test_run_obeys_fail_on_of_the_job_and_of_the_call(run: Callable[..., Ran], files: Path) -> None:
    (files / "data/risk_points.csv").write_text(FLAWED, encoding="utf-8")
    job = files / "job.toml"
    assert run("run", job).status == 1  # the default is error
    assert run("run", job, "--fail-on", "never").status == 0
    job.write_text(PAGE_JOB + '[run]\nfail_on = "never"\n', encoding="utf-8")
    assert run("run", job).status == 0
    assert run("run", job, "--fail-on", "error").status == 1
    assert (files / "out/run-report.json").exists()


def test_run_refuses_the_folder_of_another_job_without_force(
    run: Callable[..., Ran], files: Path
) -> None:
    assert run("run", files / "job.toml").status == 0
    (files / "other.toml").write_text(PAGE_JOB, encoding="utf-8")
    ran = run("run", files / "other.toml")
    assert ran.status == 2
    assert "--force" in ran.err
    assert run("run", files / "other.toml", "--force").status == 0


def test_run_in_english_says_and_writes_english(run: Callable[..., Ran], files: Path) -> None:
    (files / "data/risk_points.csv").write_text(FLAWED, encoding="utf-8")
    (files / "job.toml").write_text(
        PAGE_JOB.replace("小图", "Small map") + '[run]\nlang = "en"\n', encoding="utf-8"
    )
    ran = run("run", files / "job.toml")
    assert ran.status == 1
    assert not re.search("[\u4e00-\u9fff]", ran.out + ran.err)
    issues = (files / "out/issues.csv").read_text(encoding="utf-8-sig")
    assert "not on the scale" in issues or "off_scale" in issues
    messages = [row["message"] for row in csv.DictReader(issues.splitlines())]
    assert messages
    assert not any(re.search("[\u4e00-\u9fff]", message) for message in messages)
    svg = (files / "out/map.svg").read_text(encoding="utf-8")
    for word in ("Major risk", "Legend", "No grade"):
        assert word.lower() in svg.lower()


def test_demo_makes_a_city_and_its_map_and_equals_itself(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        ran = run("demo", tmp_path / name)
        assert ran.status == 0, ran.err
    one, two = (
        {p.relative_to(root): p for p in root.rglob("*") if p.is_file()}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    assert set(one) == set(two)
    names = {path.name for path in one if path.parent.name == "out"}
    assert names >= OUTPUTS
    for path in one:
        if path.name != "run-report.json":
            assert one[path].read_bytes() == two[path].read_bytes(), path
    divisions = one[Path("data/divisions.csv")].read_text(encoding="utf-8-sig").splitlines()[1:]
    assert all(line.startswith("99") for line in divisions)  # codes that GB/T 2260 gives to nobody
    counts = json.loads(one[Path("out/run-report.json")].read_bytes())["rows"]
    assert min(counts[g] for g in ("red", "orange", "yellow", "blue")) > 0


def test_demo_leaves_a_folder_with_something_in_it_alone(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = run("demo", tmp_path)
    assert ran.status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_demo_overwrites_itself_and_nothing_else(run: Callable[..., Ran], tmp_path: Path) -> None:
    write_demo(tmp_path)
    write_demo(tmp_path)
    job, table = tmp_path / "job.toml", tmp_path / "data/enterprises.csv"
    own = table.read_text(encoding="utf-8-sig") + "MY-OWN\n"
    for seed, place, text in (
        (2, job, job.read_text(encoding="utf-8")), (1, table, own), (1, job, "# my own job"),
    ):  # fmt: skip
        place.write_text(text, encoding="utf-8")
        before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
        ran = run("demo", tmp_path, "--seed", str(seed))
        assert ran.status == 2
        assert "demo.exists" in ran.err
        assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_another_seed_is_another_city(tmp_path: Path) -> None:
    for seed in (1, 2):
        write_demo(tmp_path / str(seed), seed)
    one, two = ((tmp_path / str(seed) / "data/boundaries.geojson").read_bytes() for seed in (1, 2))
    assert one != two


# ---- map -----------------------------------------------------------------------------------------


def test_map_draws_every_format_asked_for(run: Callable[..., Ran], files: Path) -> None:
    data = files / "data"
    ran = run(
        "map", data / "risk_points.csv", "-m", "lec", "--divisions", data / "divisions.csv",
        "--boundaries", data / "boundaries.geojson", "--title", "两县图", "--data-date",
        "2026-06-30", "--approval", "示S(2026)001号", "-o", files / "m.svg", "-o", files / "m.html",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    svg = (files / "m.svg").read_text(encoding="utf-8")
    for text in ("两县图", "西山县", "2026-06-30", "示S(2026)001号"):
        assert text in svg
        assert text in (files / "m.html").read_text(encoding="utf-8")


# ---- methods -------------------------------------------------------------------------------------


def test_methods_lists_every_pack_and_marks_defaults(run: Callable[..., Ran]) -> None:
    ran = run("methods")
    assert (ran.status, ran.err) == (0, "")
    marked = re.findall(r"^([* ]) (\S+) +\[(\S+)\] (.+)$", ran.out, re.M)
    rules = [pack.id for pack in sr.packs("direct_rules")]
    listed = [name for _, name, _, _ in marked]
    assert listed == sr.methods().to_columns()["id"].tolist() + rules
    starred = {name for mark, name, _, _ in marked if mark == "*"}
    assert starred == {pack.id for pack in sr.packs() if pack.default} & set(listed)
    assert {"gb18218.2018", "lec.t1", "ls.db37", "mes.a"} <= starred


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_methods_says_each_step_of_every_chain(run: Callable[..., Ran], lang: str) -> None:
    for pack in sr.packs("method"):
        content = json.loads(pack.canonical)["content"]
        if content["form"] != "chain":
            continue
        shown = run("methods", pack.id, "--lang", lang)
        assert shown.status == 0
        names = [step["name"][lang] for step in content["steps"]]
        at = [shown.out.find(f" {name}{'：' if lang == 'zh' else ': '}") for name in names]
        assert -1 not in at
        assert at == sorted(at)
    if lang == "zh":
        out = run("methods", "diagnosis").out
        assert "重大危险源最高级别  一级 -10，二级 -8，三级 -6，四级 -4，无 0" in out
        assert "重点监管危险化工工艺种数（18 种）  每种 -2" in out
        assert "压力得分：按操作压力\n" in run("methods", "unit_hazard").out


def test_methods_check_says_when_a_pack_has_no_cases(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    document = json.loads(sr.scoring.method("lec.t1").pack.canonical)
    document |= {"pack": "mine.lec", "default": False}
    path = tmp_path / "办法.json"
    for tests, said in ((document["tests"], "自检全部通过"), ([], "没有自检用例")):
        path.write_text(json.dumps(document | {"tests": tests}), encoding="utf-8")
        ran = run("methods", "check", path)
        assert (ran.status, said in ran.out) == (0, True)


def test_methods_explains_one_with_steps_bands_and_source(run: Callable[..., Ran]) -> None:
    ran = run("methods", "ls.db37")
    assert ran.status == 0
    for text in ("DB37/T 2882-2016", "SHA-256", "R=20–25", "重大风险", "L ", "S_people"):
        assert text in ran.out, text
    assert run("methods", "风险矩阵分析法").out == ran.out  # the field's name means the same


def test_methods_in_json_is_what_the_pack_is(run: Callable[..., Ran]) -> None:
    rows = json.loads(run("methods", "--json").out)["rows"]
    ids = {row["id"]: row["sha256"] for row in rows}
    pack = json.loads(run("methods", "lec.t1", "--json").out)
    assert pack["pack"] == "lec.t1"
    assert ids["lec.t1"] == sr.scoring.method("lec.t1").pack.sha256
    canonical = run("methods", "lec.t1", "--json").out.rstrip("\n")
    assert hashlib.sha256(canonical.encode()).hexdigest() == ids["lec.t1"]


def test_methods_in_english_has_no_chinese_of_its_own(run: Callable[..., Ran]) -> None:
    assert not re.search("[\u4e00-\u9fff]", run("methods", "--lang", "en").out)
    ran = run("methods", "ls.db37", "--lang", "en")
    # Only the name of the source is as it was published.
    ours = [line for line in ran.out.splitlines() if not line.startswith("Source")]
    assert len(ours) > 10
    assert not any(re.search("[\u4e00-\u9fff]", line) for line in ours)


# ---- without extras ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "arguments", "line"),
    [
        ("typer", ["methods"], "pip install 'safetyrisk[cli]'"),
        (
            "xlsxwriter",
            ["grade", "flawed.csv", "-m", "lec", "-o", "g.xlsx"],
            "pip install 'safetyrisk[tables]'",
        ),
        (
            "python_calamine",
            ["grade", "book.xlsx", "-m", "lec", "-o", "g.csv"],
            "pip install 'safetyrisk[tables]'",
        ),
        ("typst", ["run", "png.toml"], "pip install 'safetyrisk[maps]'"),
        ("fontTools", ["run", "png.toml"], "pip install 'safetyrisk[maps]'"),
    ],
)
def test_a_missing_extra_is_one_error_with_the_line_that_installs_it(
    files: Path, module: str, arguments: list[str], line: str
) -> None:
    book = openpyxl.Workbook()
    for row in csv.reader(REGISTER.splitlines()):
        book.active.append(row)
    book.save(files / "book.xlsx")
    (files / "png.toml").write_text(PAGE_JOB.replace('"svg", "html"', '"png"'), encoding="utf-8")
    ran = in_process(
        f"""
        import sys
        sys.modules[{module!r}] = None
        from safetyrisk.cli import main
        main({arguments!r})
        """,
        cwd=files,
    )
    assert ran.returncode == 2, ran.stderr
    assert line in ran.stderr
    assert module.replace("_", "-").lower() in ran.stderr.lower()
    assert "Traceback" not in ran.stderr


def test_what_needs_no_extra_runs_without_any(files: Path) -> None:
    """NumPy is the only package that grading, rolling up and drawing a sheet need."""
    ran = in_process(
        """
        import sys
        for name in ("pandas", "polars", "pyarrow", "python_calamine", "xlsxwriter", "typst",
                     "fontTools", "typer", "rich", "pyogrio", "shapely"):
            sys.modules[name] = None
        import safetyrisk as sr
        graded = sr.grade("data/risk_points.csv", method="lec")
        tree = sr.Divisions.read("data/divisions.csv", "data/boundaries.geojson")
        county = tree.rollup(graded)
        drawn = sr.map(county, title="x")
        drawn.save("m.svg")
        drawn.save("m.html")
        print(county.to_json())
        """,
        cwd=files,
    )
    assert ran.returncode == 0, ran.stderr
    assert [row["grade"] for row in json.loads(ran.stdout)["rows"]] == ["red", "yellow"]


def test_the_version_is_the_package_s(run: Callable[..., Ran]) -> None:
    ran = run("--version")
    assert (ran.status, ran.out.strip()) == (0, f"safetyrisk {sr.__version__}")


def test_the_module_is_the_command(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "safetyrisk.cli", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, f"safetyrisk {sr.__version__}")


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "safetyrisk", "methods", "lec.t1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert process.returncode == 0
    assert "lec.t1" in process.stdout


def test_a_result_is_read_from_its_rows_not_from_its_issues(
    run: Callable[..., Ran], files: Path
) -> None:
    rows = "编号,风险点,L,E,C\n1,甲,3,6,15\n2,乙,1,6,8\n3,丙,4,6,15\n"
    (files / "o.csv").write_text(rows, encoding="utf-8")
    run("grade", files / "o.csv", "-m", "lec", "-o", files / "o.xlsx")
    again = sr.grade(files / "o.xlsx", method="lec")
    assert again.counts() == sr.grade(files / "o.csv", method="lec").counts()
    assert again.counts()["rows_in"] == 3


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
@pytest.mark.parametrize("own", [False, True])
def test_grading_a_result_again_and_again_changes_nothing(
    run: Callable[..., Ran], files: Path, kind: str, own: bool
) -> None:
    head, tails = ("id,L,E,C,风险等级", (",一般", ",低")) if own else ("id,L,E,C", ("", ""))
    row = f"A1,10,6,40{tails[0]}\n"
    # B1 differs in what the register itself says, and stays rejected.
    other = f"B1,10,6,40{tails[0]}\nB1,10,6,{40 if own else 15}{tails[1]}\n"
    register = files / "o.csv"
    register.write_text(f"{head}\n{row}{row}{other}A2,1,1,1{tails[0]}\n", encoding="utf-8")
    once = sr.grade(register, method="lec")
    assert [once.counts()[name] for name in ("red", "blue", "rejected")] == [1, 1, 3]
    before = register
    for turn in range(3):
        result = files / f"{turn}.{kind}"
        assert run("grade", before, "-m", "lec", "-o", result).status == 1
        again = sr.grade(result, method="lec")
        assert again.counts() == once.counts()
        assert again.grades.tolist() == once.grades.tolist()
        assert sr.compare(once, result).counts() == sr.compare(once, once).counts()
        before = result


def test_grades_of_the_register_are_compared_with_those_found(files: Path) -> None:
    said = ["一般风险", "红", "低", "?", "", "重大", "低", "低", "低", "低", "低"]
    rows = "".join(f"{i},10,6,40,{grade}\n" for i, grade in enumerate(said))
    register = files / "o.csv"
    register.write_text("编号,L,E,C,风险级别\n" + rows + "x,10,6,,低\n", encoding="utf-8")
    found = [i for i in sr.grade(register, method="lec").issues if "given" in i.code]
    assert [(i.code, i.severity, i.column, i.row) for i in found] == [
        ("scoring.given_grade_differs", "info", "风险级别", None)
    ]
    assert "7 行（第 2, 4, 8, 9, 10 … 行；第一处写的是「一般风险」）" in found[0].message
    agreeing = {"id": ["a"], "L": [10], "E": [6], "C": [40], "grade": ["red"]}
    assert "scoring.given_grade_differs" not in sr.grade(agreeing, "lec").issues.counts()


def test_the_language_may_stand_before_the_command(run: Callable[..., Ran]) -> None:
    english = "is the default of its family"
    assert english in run("--lang", "en", "methods").out
    assert english not in run("--lang=en", "methods", "--lang", "zh").out
    assert "Error" in run("--lang", "en", "grade", "no.csv", "-m", "lec", "-o", "x.csv").err
    assert run("--lang", "fr", "methods").status == 2
    alone = run("--lang", "en")
    assert (alone.status, "Usage" in alone.err) == (2, True)


def test_what_may_not_be_read_and_what_has_no_folder_is_said_in_one_language(
    run: Callable[..., Ran], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "o.csv").write_text("id,L,E,C\na,3,6,15\n", encoding="utf-8")
    nowhere = files / "nodir" / "x.xlsx"
    for more in (["-o", nowhere], ["-o", files / "x.csv", "--errors", nowhere]):
        ran = run("grade", files / "o.csv", "-m", "lec", *more)
        assert ran.status == 2
        assert "output.folder" in ran.err
        assert f"没有文件夹 {nowhere.parent}" in ran.err
    assert not (files / "x.csv").exists()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    ran = run("grade", files / "o.csv", "-m", "lec", "-o", files / "x.csv")
    assert ran.status == 2
    assert "没有权限读取" in ran.err
    assert "readable" not in ran.err


def test_a_result_and_its_errors_are_two_files(run: Callable[..., Ran], files: Path) -> None:
    (files / "o.csv").write_text(FLAWED, encoding="utf-8")
    same, other = files / "same.xlsx", files / "errors.csv"
    for errors, code in ((same, "output.twice"), (other, "output.suffix")):
        ran = run("grade", files / "o.csv", "-m", "lec", "-o", same, "--errors", errors)
        assert ran.status == 2
        assert code in ran.err
        assert not same.exists()


# ---- leaving quietly -----------------------------------------------------------------------------


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    for call in (["methods", "gb18218"], ["methods", "gb18218", "--json"], ["grade", "--help"]):
        with subprocess.Popen(
            [sys.executable, "-m", "safetyrisk", *call],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as ran:
            assert ran.stdout is not None
            assert ran.stderr is not None
            ran.stdout.close()
            said = ran.stderr.read()
        assert (ran.returncode, said) == (141, b""), call


@pytest.mark.parametrize("module", ["numpy", "typer"])
def test_ctrl_c_while_modules_load_leaves_quietly(module: str, tmp_path: Path) -> None:
    late = tmp_path / "late"
    late.mkdir()
    (late / f"{module}.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    path = os.pathsep.join([str(late), os.environ.get("PYTHONPATH", "")])
    # Ctrl-C is ignored in what a shell starts in the background, and children inherit that.
    start = (
        "import runpy, signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.argv = ['safetyrisk', 'methods']\nfrom safetyrisk.cli import main\nmain()\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", start.replace("import runpy, signal", "import signal")],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": path},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (130, b"")


def test_a_program_that_imports_the_library_keeps_its_own_ctrl_c() -> None:
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import safetyrisk; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


def test_a_job_speaks_the_language_that_the_command_asks_for(tmp_path: Path) -> None:
    job = write_job(tmp_path, 5)
    for call in (["--dry-run"], []):
        ran = subprocess.run(
            [sys.executable, "-m", "safetyrisk", "run", str(job), "--lang", "en", *call],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert "行" not in ran.stdout
    assert "Summary" in openpyxl.load_workbook(job.parent / "out" / "grades.xlsx").sheetnames


def test_what_methods_prints_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("lec", "direct.shandong"):
        with pytest.raises(SystemExit):
            cli.main(["methods", name])
        said = capsys.readouterr().out
        assert "重大风险" in said
        assert not re.search(r"\b(red|blue|True|people_on_site)\b", said)
