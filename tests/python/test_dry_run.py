"""What `run --dry-run` says, and that it writes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safetyrisk import InputError, cli
from safetyrisk.io.dryrun import Plan, plan_job
from safetyrisk.io.job import run_job
from support_jobs import BOUNDARIES, JOB
from test_interrupted import stop_at, write_job


@pytest.fixture
def job(tmp_path: Path) -> Path:
    return write_job(tmp_path, 30)


def everything(root: Path) -> dict[str, tuple[int, bytes]]:
    """Times and bytes of every file below a folder."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


def plan(job: Path, **options: Any) -> Plan:
    """The plan of a job, which must leave no trace."""
    before = everything(job.parent)
    made = plan_job(job, **options)
    assert everything(job.parent) == before
    return made


def test_a_job_that_would_run_says_what_it_reads_and_makes(job: Path) -> None:
    made = plan(job)
    assert made.status == 0, made.text
    for text in (
        "risk_points.csv：30 行，7 列",
        "识别的列：id、name、L、E、C、lon、lat",
        "抽查前 30 行",
        "lec.t1",
        "boundaries.geojson：2 个边界",
        "map.svg（新建）",
        "rollup-county.parquet（新建）",
        "run-report.json（新建）",
        "内存：估计需要",
        "磁盘：估计写出",
        "可以运行；没有写入任何文件",
    ):
        assert text in made.text
    assert not (job.parent / "out").exists()


def test_it_names_exactly_the_files_that_the_run_writes(job: Path) -> None:
    made = plan(job)
    named = {line.split("（")[0].strip() for line in made.lines if line.endswith("（新建）")}
    run_job(job)
    assert named == {path.name for path in (job.parent / "out").iterdir()}
    assert plan(job).text.count("（覆盖）") == len(named)


def test_an_interrupted_run_is_announced(job: Path) -> None:
    stop_at(job, "write csv")
    assert "已完成的 3 个文件" in plan(job).text


def test_the_sample_tells_what_is_wrong_with_rows(job: Path) -> None:
    register = job.parent / "data" / "risk_points.csv"
    register.write_text("编号,L,E,C,备注\na,3,4,15,x\nb,,6,15,y\n", encoding="utf-8")
    made = plan(job)
    assert made.status == 0
    assert "已评定 0，无法评定 1，数据无效 1" in made.text
    assert "scoring.off_scale 1 处，例如：「E」的值 4" in made.text
    assert "编号→id" in made.text
    assert "其余各列原样保留：备注" in made.text


def change(job: Path, old: str, new: str) -> None:
    text = job.read_text(encoding="utf-8")
    assert old in text
    job.write_text(text.replace(old, new, 1), encoding="utf-8")


PROBLEMS: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "no data": (lambda job: shutil.rmtree(job.parent / "data"), 2, "there is no such folder"),
    "no register": (
        lambda job: (job.parent / "data" / "risk_points.csv").unlink(), 2, "no table 'risk_points'",
    ),
    "no divisions": (
        lambda job: (job.parent / "data" / "divisions.csv").unlink(), 2, "no table 'divisions'",
    ),
    "no boundaries": (
        lambda job: (job.parent / "data" / "boundaries.geojson").unlink(), 2, "no boundaries",
    ),
    "broken boundaries": (
        lambda job: (job.parent / "data" / "boundaries.geojson").write_text("{"), 2,
        "boundaries.geojson",
    ),
    "broken register": (
        lambda job: (job.parent / "data" / "risk_points.csv").write_bytes(b"a\0b\n"), 2, "NUL",
    ),
    "unknown method": (lambda job: change(job, '"lec"', '"lek"'), 2, "lek"),
    "level without boundaries": (
        lambda job: job.write_text(
            job.read_text("utf-8").replace('level = "county"', 'level = "city"'), "utf-8"
        ), 2, "no boundary belongs to a division of level city",
    ),
    "font": (
        lambda job: (
            change(job, '["svg", "html"]', '["png"]'), change(job, "小图", '小图"\nfont = "no.ttf'),
        ), 2, "no.ttf",
    ),
    "character": (
        lambda job: (change(job, '["svg", "html"]', '["png"]'), change(job, "小图", "\U000fff00")),
        2, "U+FFF00",
    ),
    "another's folder": (
        lambda job: ((job.parent / "out").mkdir(), (job.parent / "out/x").write_text("x")), 2,
        "--force",
    ),
    "a file for a folder": (lambda job: (job.parent / "out").write_text("x"), 3, "out is a file"),
    "a folder for a file": (lambda job: (job.parent / "out/map.svg").mkdir(parents=True), 2, "out"),
    "memory": (lambda job: change(job, "[run]", '[run]\nmemory = "1 MB"'), 2, "0 rows would fit"),
    "previous": (
        lambda job: change(job, "[run]", '[run]\nprevious = "earlier"'), 2, "there is no",
    ),
    "previous that is no result": (
        lambda job: change(job, "[run]", '[run]\nprevious = "data/divisions.csv"'), 2,
        "divisions.csv) has no column 'id'",
    ),
    "previous that is no table": (
        lambda job: change(job, "[run]", '[run]\nprevious = "data/boundaries.geojson"'), 2,
        "boundaries.geojson: '.geojson' is no table",
    ),
    "a folder below a file": (
        lambda job: change(job, 'dir = "out"', 'dir = "job.toml/deep/out"'), 3,
        "job.toml is a file",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_what_would_stop_the_run_is_said_before_it(job: Path, name: str) -> None:
    spoil, status, said = PROBLEMS[name]
    change(job, "[run]", '[run]\nlang = "en"')
    spoil(job)
    made = plan(job)
    assert made.status == status, made.text
    assert any(said in text for _, text in made.problems), made.text
    assert "would not run" in made.text
    # And the run itself ends no better.
    with pytest.raises(SystemExit) as left:
        cli.main(["run", str(job)])
    assert left.value.code == status


def test_a_full_disk_is_seen_before(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(job.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    made = plan(job)
    assert made.status == 3
    assert "磁盘空间不足" in made.text


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="who may everything may write there"
)
def test_a_folder_without_the_right_to_write_is_seen_before(job: Path) -> None:
    out = job.parent / "out"
    out.mkdir()
    out.chmod(0o500)
    try:
        assert plan(job).status == 3
    finally:
        out.chmod(0o700)


def test_a_missing_package_is_named_with_its_line(
    job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    made = plan(job)
    assert made.status == 2
    assert "pip install 'safetyrisk[tables]'" in made.text


def test_every_problem_is_told_at_once_and_in_english_if_asked(job: Path) -> None:
    change(job, '"lec"', '"lek"')
    change(job, "[run]", '[run]\nlang = "en"\nmemory = "1 MB"\nprevious = "earlier"')
    made = plan(job)
    assert len(made.problems) == 3
    assert "The job would not run, problems: 3" in made.text
    assert not any("\u4e00" <= c <= "\u9fff" for c in made.text.replace("小", ""))


def test_the_command_prints_the_plan_and_has_its_status(
    job: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for status in (0, 2):
        with pytest.raises(SystemExit) as left:
            cli.main(["run", "--dry-run", str(job)])
        assert left.value.code == status
        assert ("可以运行" in capsys.readouterr().out) == (status == 0)
        change(job, '"lec"', '"lek"') if status == 0 else None
    assert not (job.parent / "out").exists()


def test_a_large_register_is_sampled_and_counted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "dataset.toml").write_text('format = 1\nid = "big"\n', encoding="utf-8")
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "divisions.csv").write_text("code,name\n990101,a\n990102,b\n", encoding="utf-8")
    with (data / "risk_points.csv").open("w", encoding="utf-8") as stream:
        stream.write("id,L,E,C,division\n")
        stream.writelines(f"R{k:07d},3,6,15,990101\n" for k in range(300_000))
    job = tmp_path / "job.toml"
    job.write_text(JOB, encoding="utf-8")
    made = plan_job(job)
    assert made.status == 0, made.text
    assert "抽查前 1000 行：已评定 1000" in made.text
    line = next(text for text in made.lines if "risk_points.csv" in text)
    rows = int(line.split("约")[1].split("行")[0])
    assert abs(rows - 300_000) < 3000


def test_a_rule_with_weights_is_planned_as_it_is_run(job: Path) -> None:
    text = job.read_text(encoding="utf-8")
    assert 'level = "county"' in text
    weights = 'rule = "index"\nweights = { red = 100, orange = 10, yellow = 3, blue = 1 }\n'
    limits = 'thresholds = [{ grade = "red", index = 50 }, { grade = "blue", index = 0 }]\n'
    head, rest = text.split("[[rollup]]", 1)
    changed = rest.replace('level = "county"\n', 'level = "county"\n' + weights + limits, 1)
    job.write_text(head + "[[rollup]]" + changed, encoding="utf-8")
    made = plan(job)
    assert made.status == 0, made.text
    run_job(job)


def test_more_threads_than_there_can_be_are_refused(job: Path) -> None:
    text = job.read_text(encoding="utf-8")
    assert "workers" not in text
    run = "[run]\n" if "[run]" not in text else ""
    text = text.replace("[run]\n", "[run]\nworkers = 99999999999\n") if not run else text
    job.write_text(text + (run + "workers = 99999999999\n" if run else ""), encoding="utf-8")
    with pytest.raises(InputError, match="workers"):
        plan(job)


def test_enterprises_that_are_named_and_not_there_are_said(job: Path) -> None:
    points = job.parent / "data" / "risk_points.csv"
    words = "但没有企业表"
    assert words not in plan(job).text
    lines = points.read_text("utf-8").splitlines()
    points.write_text(
        "".join(f"{line},{'所属企业' if i == 0 else 'Q1'}\n" for i, line in enumerate(lines)),
        "utf-8",
    )
    assert words in plan(job).text
    found = [i for i in run_job(job).issues if i.code == "region.enterprise_table_absent"]
    assert [(i.severity, i.column) for i in found] == [("info", "enterprise")]
    (job.parent / "data" / "enterprises.csv").write_text("id,name\nQ1,甲厂\n", "utf-8")
    assert words not in plan(job).text
    assert "region.enterprise_table_absent" not in run_job(job).issues.counts()
