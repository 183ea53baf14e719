"""Disks that fill up, folders that cannot be written, and jobs that point outside their folder."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import _files, cli
from safetyrisk.io import write_csv
from safetyrisk.io.dryrun import plan_job
from safetyrisk.io.job import RunResult, run_job
from support_jobs import BOUNDARIES
from test_interrupted import contents, report, write_job

unix = pytest.mark.skipif(sys.platform == "win32", reason="limits, links and devices differ")
FORMATS = ("svg", "png", "pdf", "html")
TABLES = ("xlsx", "csv", "parquet", "geojson", "issues", "rollups")


def write_full_job(root: Path, rows: int) -> Path:
    """A job that writes every kind of output."""
    return write_job(root, rows, json.dumps(list(FORMATS)))


# ---- a full disk ---------------------------------------------------------------------------------


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draft is /dev/full, which takes no byte."""

    class Full:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
            if flags & os.O_CREAT:
                os.symlink("/dev/full", path)
                return os.open("/dev/full", os.O_WRONLY)
            return os.open(path, flags, mode)

    monkeypatch.setattr(_files, "os", Full())


def results() -> tuple[sr.Graded, sr.Map]:
    points = {
        "id": [f"P{k}" for k in range(400)],
        "L": [3.0] * 400,
        "E": [6.0] * 400,
        "C": [15.0] * 400,
        "lon": [114.5] * 400,
        "lat": [28.5] * 400,
    }
    graded = sr.grade(points, "lec")
    table = {"code": ["9901", "990101", "990102"], "name": ["市", "西山县", "东河区"]}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "b.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
        d = sr.Divisions.read(table, folder / "b.geojson")
    return graded, sr.map(d.rollup(graded, "county"), "图")


@unix
@pytest.mark.parametrize(
    "suffix", ["svg", "png", "pdf", "html", "xlsx", "csv", "parquet", "geojson", "json"]
)
def test_a_device_that_is_full_is_an_error_and_the_old_file_stays(
    tmp_path: Path, full_disk: None, suffix: str
) -> None:
    graded, drawn = results()
    target = tmp_path / f"x.{suffix}"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="cannot write the file") as caught:
        drawn.save(target) if suffix in FORMATS else sr.save(graded, target)
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


LIMITED = """
import json, os, resource, sys
from safetyrisk.cli import main
from safetyrisk.io.job import run_job
job, jobs = sys.argv[1], json.loads(sys.argv[2])
import fontTools.subset, fontTools.ttLib, pyarrow.parquet, typst, xlsxwriter  # for all children
said = {}
for name, limit in jobs.items():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            main(["run", name, "--force"])
        except SystemExit as left:
            sys.stderr.flush()
            os._exit(left.code)
        os._exit(99)
    os.close(writing)
    text = b""
    while piece := os.read(reading, 4096):
        text += piece
    os.close(reading)
    said[name] = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text.decode()]
print(json.dumps(said))
"""


@unix
def test_a_limit_on_the_size_of_files_stops_every_kind_of_output_cleanly(tmp_path: Path) -> None:
    """A process under RLIMIT_FSIZE; one child for each kind of output, of which one is too large."""
    job = write_full_job(tmp_path / "job", 600)
    run_job(job)
    root, out = job.parent, job.parent / "out"
    sizes = {path.name: path.stat().st_size for path in out.iterdir()}
    jobs = {}
    text = job.read_text(encoding="utf-8")
    head = text[: text.index("[[map]]")]
    for kind in (*FORMATS, *TABLES):
        sheet = f'[[map]]\nlevel = "county"\ntitle = "小图"\nformats = ["{kind}"]\n'
        tables = json.dumps([kind] if kind in TABLES else [])
        path = root / f"{kind}.toml"
        path.write_text(
            f'{head}{sheet if kind in FORMATS else ""}[output]\ndir = "out-{kind}"\n'
            f'tables = {tables}\n[run]\nfail_on = "never"\n',
            encoding="utf-8",
        )
        names = {"csv": "grades.csv", "parquet": "grades.parquet", "xlsx": "grades.xlsx",
                 "geojson": "points.geojson", "issues": "issues.csv",
                 "rollups": "rollup-county.csv"}  # fmt: skip
        name = names.get(kind, f"map.{kind}")
        # The journal, of some 700 bytes, is to fit, the output is not.
        jobs[str(path)] = max(sizes[name] // 2, 100)
        folder = root / f"out-{kind}"
        folder.mkdir()
        (folder / name).write_bytes(b"old")
    code = [sys.executable, "-c", LIMITED, str(job), json.dumps(jobs)]
    ran = subprocess.run(code, capture_output=True, text=True, check=False, cwd=root)
    assert ran.returncode == 0, ran.stderr[-2000:]
    for path, (status, said) in json.loads(ran.stdout.splitlines()[-1]).items():
        kind = Path(path).stem
        assert status == 3, (kind, said)
        assert "错误" in said, kind
        assert "Traceback" not in said, (kind, said)
        left = contents(root / f"out-{kind}")
        assert list(left.values()) == [b"old"], (kind, said)
    # With room again, the next run goes through.
    for path in jobs:
        kind = Path(path).stem
        run_job(path, force=True)
        for name, data in contents(root / f"out-{kind}").items():
            assert data == (out / name).read_bytes(), name


def mounted(folder: Path, size: str) -> bool:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@unix
def test_a_small_file_system_that_fills_up_leaves_whole_files_and_room_to_go_on(
    tmp_path: Path,
) -> None:
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root mounts")
    job = write_job(tmp_path, 600)
    run_job(job)
    whole = contents(tmp_path / "out")
    needed = sum(map(len, whole.values()))
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    if not mounted(tmp_path / "out", f"{needed * 6 // 10 // 4096 * 4096}"):
        pytest.skip("this machine does not let a file system be mounted")
    try:
        with pytest.raises(OSError, match="cannot write the file") as caught:
            run_job(job)
        assert caught.value.errno == errno.ENOSPC
        left = contents(tmp_path / "out")
        assert left
        assert left.items() <= whole.items()
        subprocess.run(
            ["mount", "-o", f"remount,size={needed * 4}", str(tmp_path / "out")], check=True
        )
        assert run_job(job).reused
        assert contents(tmp_path / "out") == whole
    finally:
        subprocess.run(["umount", "-l", str(tmp_path / "out")], check=True)


@unix
@pytest.mark.parametrize("call", [["methods"], ["methods", "--help"], ["--version"]])
def test_a_full_disk_behind_standard_output_is_3(call: list[str]) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "safetyrisk", *call],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 3, ran.stderr
    assert "Traceback" not in ran.stderr


# ---- places that cannot be written or read -------------------------------------------------------


@unix
def test_a_read_only_file_system_is_an_error_that_names_the_place(tmp_path: Path) -> None:
    job = write_job(tmp_path, 20)
    out = tmp_path / "out"
    out.mkdir()
    if os.geteuid() != 0:
        out.chmod(0o500)
        with pytest.raises(OSError, match=r"cannot write|denied"):
            run_job(job)
        out.chmod(0o700)
        return
    if not mounted(out, "1m"):
        pytest.skip("this machine does not let a file system be mounted")
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(out)], check=True)
        with pytest.raises(OSError, match="cannot write the file") as caught:
            run_job(job)
        assert caught.value.errno == errno.EROFS
        with pytest.raises(SystemExit) as left:
            cli.main(["run", str(job)])
        assert left.value.code == 3
    finally:
        subprocess.run(["umount", "-l", str(out)], check=True)


@pytest.mark.parametrize("name", ["risk_points.csv", "boundaries.geojson", "divisions.csv"])
def test_a_disk_that_cannot_be_read_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    job = write_job(tmp_path, 20)
    run_job(job)
    before = contents(tmp_path / "out")
    opened = Path.open

    def fails(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(self))
        return opened(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", fails)
    with pytest.raises(sr.InputError, match=rf"{name}.*{os.strerror(errno.EIO)}"):
        run_job(job)
    monkeypatch.undo()
    assert contents(tmp_path / "out") == before


# ---- paths that lead elsewhere -------------------------------------------------------------------


def at(job: Path, folder: str) -> Path:
    text = job.read_text(encoding="utf-8")
    job.write_text(text.replace('dir = "out"', f"dir = {json.dumps(folder)}"), encoding="utf-8")
    return job


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("../evil", "leads out"),
        ("out/../../evil", "leads out"),
        ("..", "leads out"),
        ("/", "root of the file system"),
        ("//", "root of the file system"),
        ("/..", "root of the file system"),
        ("..\\evil", "write / between folders"),
        ("C:\\evil", "write / between folders"),
        ("a\\..\\..\\b", "write / between folders"),
        ("o\0ut", "NUL"),
        ("", "empty"),
        (" ", "empty"),
        (".", "the data lie in it"),
        ("data/..", "the data lie in it"),
        ("data", "the data lie in it"),
    ],
)
@unix
def test_an_output_folder_that_leads_elsewhere_is_refused(
    tmp_path: Path, folder: str, said: str
) -> None:
    job = at(write_job(tmp_path / "job", 20), folder)
    before = sorted(tmp_path.rglob("*"))
    for force in (False, True):
        with pytest.raises(sr.InputError, match=rf"\[output\] dir.*{said}"):
            run_job(job, force=force)
    assert sorted(tmp_path.rglob("*")) == before


@unix
def test_a_relative_folder_that_is_a_link_out_is_refused_and_an_absolute_one_is_not(
    tmp_path: Path,
) -> None:
    job = write_job(tmp_path / "job", 20)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (job.parent / "out").symlink_to(elsewhere)
    with pytest.raises(sr.InputError, match=r"leads out.*absolute path"):
        run_job(job, force=True)
    assert not any(elsewhere.iterdir())
    run_job(at(job, str(elsewhere)))
    assert (elsewhere / "map.svg").exists()


@unix
def test_links_inside_the_folder_are_replaced_and_never_followed(tmp_path: Path) -> None:
    job = write_job(tmp_path / "job", 20)
    run_job(job)
    out = job.parent / "out"
    whole = contents(out)
    treasure = tmp_path / "treasure"
    treasure.write_text("mine")
    for name in ("map.svg", "grades.xlsx", "rollup-county.csv"):
        (out / name).unlink()
        (out / name).symlink_to(treasure)
    (out / "stale.csv").symlink_to(treasure)
    run_job(job)
    assert treasure.read_text() == "mine"
    assert not (out / "map.svg").is_symlink()
    assert {k: v for k, v in contents(out).items() if k != "stale.csv"} == whole


@unix
def test_a_report_that_names_files_elsewhere_has_nothing_removed_there(tmp_path: Path) -> None:
    """The journal is data as well: a folder may come from a stranger."""
    job = write_job(tmp_path / "job", 20)
    run_job(job)
    out = job.parent / "out"
    victim = tmp_path / "victim.txt"
    victim.write_text("x")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    said = report(out)
    said["outputs"] |= {"../../victim.txt": digest, str(victim): digest, "": digest, "..": digest}
    (out / "run-report.json").write_text(json.dumps(said), encoding="utf-8")
    run_job(job)
    said["state"], said["old"] = "running", said["outputs"]
    said["done"] = {"../../victim.txt": {"key": "", "sha256": digest, "issues": []}}
    (out / "run-report.json").write_text(json.dumps(said), encoding="utf-8")
    run_job(job)
    assert victim.read_text() == "x"


@unix
def test_a_very_long_name_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    job = at(write_job(tmp_path, 20), "长" * 100)
    with pytest.raises(SystemExit) as left:
        cli.main(["run", str(job)])
    assert left.value.code == 3
    # 85 Chinese characters are 255 bytes: the longest name that there is.
    name = "长" * 83 + ".csv"
    write_csv({"a": [1]}, tmp_path / name)
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('formats = ["svg", "html"]', 'formats = ["../svg"]'),
        lambda text: text.replace('tables = ["xlsx"', 'tables = ["../x", "xlsx"'),
        lambda text: text.replace('level = "county"', 'level = "../../x"'),
        lambda text: text.replace('path = "data"', 'path = "da\\u0000ta"'),
    ],
)
def test_nothing_else_in_a_job_file_names_a_place(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    job = write_job(tmp_path, 20)
    text = job.read_text(encoding="utf-8")
    assert change(text) != text
    job.write_text(change(text), encoding="utf-8")
    with pytest.raises(sr.InputError):
        run_job(job)
    assert not (tmp_path / "out").exists()


# ---- compared with an earlier run ----------------------------------------------------------------


@pytest.fixture
def months(tmp_path: Path) -> tuple[Path, RunResult]:
    """Last month's result, and this month's run: one point worse, one better, one new, one gone."""
    first = write_job(tmp_path / "june", 4)
    data = tmp_path / "june" / "data" / "risk_points.csv"
    head = "id,name,L,E,C,lon,lat\n"
    data.write_text(
        head + "a,甲,3,6,15,114.5,28.5\nb,乙,3,6,40,114.5,28.5\nc,丙,1,6,15,115.5,28.5\n"
        "d,丁,1,6,15,115.5,28.5\n",
        encoding="utf-8",
    )
    run_job(first)
    second = tmp_path / "july"
    shutil.copytree(tmp_path / "june", second, ignore=shutil.ignore_patterns("out"))
    (second / "data" / "risk_points.csv").write_text(
        head + "a,甲,6,6,15,114.5,28.5\nb,乙,1,6,40,114.5,28.5\nc,丙,1,6,15,115.5,28.5\n"
        "e,戊,1,6,15,115.5,28.5\n",
        encoding="utf-8",
    )
    text = (second / "job.toml").read_text(encoding="utf-8")
    (second / "job.toml").write_text(
        text.replace("[run]", '[run]\nprevious = "../june/out"'), encoding="utf-8"
    )
    return second / "job.toml", run_job(second / "job.toml")


def test_a_run_is_compared_with_the_one_that_the_job_names(
    months: tuple[Path, RunResult],
) -> None:
    job, result = months
    out = job.parent / "out"
    # 3*6*15 = 270 orange -> 540 red; 3*6*40 = 720 red -> 240 orange; c stays; d gone; e new.
    assert result.comparison is not None
    counts = result.comparison.counts()
    assert [counts[k] for k in ("worse", "better", "unchanged", "new", "gone")] == [1, 1, 1, 1, 1]
    said = report(out)
    assert said["comparison"]["counts"] == counts
    assert said["comparison"]["file"] == "grades.parquet"
    assert "previous/grades.parquet" in said["inputs"]
    assert said["comparison"]["summary"]
    for suffix in ("xlsx", "csv", "json"):
        name = f"comparison.{suffix}"
        assert name in said["outputs"]
        assert (out / name).stat().st_size > 100
    assert [step["step"] for step in said["steps"]].count("compare") == 1


def test_the_earlier_folder_must_hold_a_finished_run_of_another_folder(
    months: tuple[Path, RunResult],
) -> None:
    job, _ = months
    june = job.parent.parent / "june" / "out"
    text = job.read_text(encoding="utf-8")

    def refused(previous: str, said: str) -> None:
        job.write_text(text.replace("../june/out", previous), encoding="utf-8")
        with pytest.raises(sr.InputError, match=rf"\[run\] previous.*{said}"):
            run_job(job)

    refused("nowhere", "there is no")
    refused("out", "own output folder")
    refused("data", "has no run-report.json")
    (june / "run-report.json").write_text('{"state": "running", "rows": {}}')
    refused("../june/out", "not finished")
    # A register by itself will do, in whatever state it is.
    job.write_text(text.replace("../june/out", "../june/out/grades.csv"), encoding="utf-8")
    result = run_job(job)
    assert result.comparison is not None
    assert result.comparison.counts()["worse"] == 1


def test_an_earlier_result_that_was_changed_is_refused_or_named(
    months: tuple[Path, RunResult],
) -> None:
    job, _ = months
    june = job.parent.parent / "june" / "out"
    text = job.read_text(encoding="utf-8")
    table = june / "grades.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("orange", "blue", 1), "utf-8")
    run_job(job)  # it is compared with grades.parquet, which is as it was written
    (june / "grades.parquet").unlink()
    with pytest.raises(sr.InputError, match=r"grades.csv.*SHA-256 differs") as refused:
        run_job(job)
    assert refused.value.code == "job.previous_changed"
    assert [status for status, text in plan_job(job).problems if "SHA-256" in text] == [2]
    job.write_text(text.replace("../june/out", "../june/out/grades.csv"), encoding="utf-8")
    result = run_job(job)
    assert result.comparison is not None
    found = [i for i in result.issues if i.code == "io.previous_changed"]
    assert [(i.severity, i.value) for i in found] == [("warning", "grades.csv")]
    assert "io.previous_changed" in (job.parent / "out" / "issues.csv").read_text("utf-8-sig")
