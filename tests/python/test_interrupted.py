"""A job that is killed, interrupted, run twice at once or run again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk.io import job as job_module
from safetyrisk.io.job import run_job
from support_jobs import BOUNDARIES, JOB

KILLER = Path(__file__).with_name("support_kill.py")
REPORT = "run-report.json"
unix = pytest.mark.skipif(sys.platform == "win32", reason="signals and locks differ")


def write_job(root: Path, rows: int, formats: str = '["svg", "html"]') -> Path:
    """A job that writes every kind of file but PNG."""
    data = root / "data"
    data.mkdir(parents=True)
    (data / "dataset.toml").write_text(
        'format = 1\nid = "small"\ntitle = "小"\ndata_date = "2026-06-30"\n', encoding="utf-8"
    )
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "divisions.csv").write_text(
        "code,name\n9901,示例市\n990101,西山县\n990102,东河区\n", encoding="utf-8"
    )
    dice = random.Random(1)
    lines = [
        f"P{k},点{k},{dice.choice((1, 3, 6))},{dice.choice((1, 3, 4))},{dice.choice((1, 15, 40))},"
        f"{114 + 2 * dice.random():.5f},{28 + dice.random():.5f}\n"
        for k in range(rows)
    ]
    (data / "risk_points.csv").write_text(
        "id,name,L,E,C,lon,lat\n" + "".join(lines), encoding="utf-8"
    )
    job = root / "job.toml"
    tables = '["xlsx", "csv", "parquet", "geojson", "issues", "rollups"]'
    text = JOB.replace('["svg"]', formats)
    text = text[: text.index("tables = ")] + f"tables = {tables}\n"
    job.write_text(text + '[run]\nfail_on = "never"\n', encoding="utf-8")
    return job


def report(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    return said


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != REPORT}


def wait_for(process: subprocess.Popen[str], out: Path, name: str) -> None:
    """Wait until a run says that it has finished a file."""
    while process.poll() is None:
        try:
            if name in report(out).get("done", {}):
                return
        except FileNotFoundError:
            pass
        time.sleep(0.002)
    raise AssertionError(process.communicate())


# ---- killed --------------------------------------------------------------------------------------


def killed(job: Path, kills: int, seed: int) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, str(KILLER), str(job), str(kills), str(seed)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return said


@unix
def test_a_job_killed_at_20_random_moments_ends_as_if_undisturbed(tmp_path: Path) -> None:
    said = killed(write_job(tmp_path, 400), 20, seed=1)
    assert said["kills"] >= 20
    # Most kills met a job at work, and the runs after them had something to keep.
    assert said["at work"] >= 5
    assert said["kept"] >= 5


@unix
@pytest.mark.long
def test_a_job_with_png_killed_at_100_random_moments_ends_as_if_undisturbed(
    tmp_path: Path,
) -> None:
    said = killed(write_job(tmp_path, 3000, '["svg", "png", "html"]'), 100, seed=2)
    assert said["kills"] >= 100
    assert said["at work"] >= 40


@unix
def test_the_command_itself_may_be_killed_and_started_again(tmp_path: Path) -> None:
    job = write_job(tmp_path, 4000)
    command = [sys.executable, "-m", "safetyrisk.cli", "run", str(job)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out = tmp_path / "out"
    wait_for(process, out, "map.svg")
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert report(out)["state"] == "running"
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "沿用" in ran.stdout
    assert "map.svg" in report(out)["reused"]
    left = contents(out)
    fresh = write_job(tmp_path / "fresh", 4000)
    run_job(fresh)
    assert left == contents(fresh.parent / "out")


# ---- what is kept and what is made again ---------------------------------------------------------


def stop_at(job: Path, step: str) -> None:
    """Run a job until a step, and stop there."""

    def stop(name: str, done: int, total: int) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job, progress=stop)


def test_what_is_finished_is_kept_and_said(tmp_path: Path) -> None:
    job = write_job(tmp_path, 50)
    stop_at(job, "write geojson")
    times = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out").iterdir()}
    result = run_job(job)
    made = [
        "map.svg",
        "map.html",
        "grades.xlsx",
        "grades.csv",
        "grades.parquet",
        "rollup-county.parquet",
    ]
    assert list(result.reused) == made == report(tmp_path / "out")["reused"]
    for name in made:
        assert (tmp_path / "out" / name).stat().st_mtime_ns == times[name]
    said = report(tmp_path / "out")
    assert said["resumed"] is True
    by_step = {step["step"]: step for step in said["steps"]}
    assert by_step["write csv"]["reused"] == ["grades.csv"]
    assert by_step["write geojson"]["files"] == ["points.geojson"]


def test_issues_of_a_map_that_is_kept_are_not_lost(tmp_path: Path) -> None:
    job = write_job(tmp_path, 50)
    register = tmp_path / "data" / "risk_points.csv"
    register.write_text(
        register.read_text(encoding="utf-8") + "Q1,无坐标,3,6,15,,\n", encoding="utf-8"
    )
    whole = run_job(job)
    first = contents(tmp_path / "out")
    assert "render.points_without_place" in whole.issues.counts()
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    stop_at(job, "write xlsx")
    again = run_job(job)
    assert again.issues.counts() == whole.issues.counts()
    assert contents(tmp_path / "out") == first


def test_a_finished_run_is_done_again_in_full(tmp_path: Path) -> None:
    job = write_job(tmp_path, 50)
    run_job(job)
    assert run_job(job).reused == ()


@pytest.mark.parametrize(
    "change", ["input", "boundaries", "method", "title", "damage", "gone", "version", "journal"]
)
def test_what_no_longer_fits_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    job = write_job(tmp_path, 50)
    stop_at(job, "write geojson")
    out, data = tmp_path / "out", tmp_path / "data"
    redone = {"map.svg", "map.html", "grades.xlsx", "grades.csv", "grades.parquet"}
    if change == "input":
        text = (data / "risk_points.csv").read_text(encoding="utf-8")
        (data / "risk_points.csv").write_text(text.replace("P1,", "X1,"), encoding="utf-8")
    elif change == "boundaries":
        text = json.dumps(BOUNDARIES, ensure_ascii=False).replace("西山", "西岭")
        (data / "boundaries.geojson").write_text(text, encoding="utf-8")
    elif change == "method":
        job.write_text(job.read_text("utf-8").replace('"lec"', '"lec.t2"'), encoding="utf-8")
    elif change == "title":
        job.write_text(job.read_text("utf-8").replace("小图", "大图"), encoding="utf-8")
        redone = {"map.svg", "map.html", "grades.xlsx"}  # its sheet of issues depends on the map
    elif change == "damage":
        (out / "grades.csv").write_bytes(b"x")
        redone = {"grades.csv"}
    elif change == "gone":
        (out / "map.svg").unlink()
        redone = {"map.svg"}
    elif change == "version":
        monkeypatch.setattr(job_module, "versions", lambda: {"safetyrisk": "99"})
    else:
        (out / REPORT).write_text('{"format": 1, "job": "small/job", "state": "running"}')
    result = run_job(job)
    assert not redone & set(result.reused)
    after = contents(out)
    for path in out.iterdir():
        path.unlink()
    run_job(job)
    assert contents(out) == after


def test_drafts_of_a_killed_run_are_removed_and_nothing_else_is(tmp_path: Path) -> None:
    job = write_job(tmp_path, 20)
    run_job(job)
    out = tmp_path / "out"
    drafts = [out / ".map.svg.0123456789ab.part", out / ".grades.xlsx.0123456789ab.part.d"]
    drafts[0].write_text("half")
    drafts[1].mkdir()
    (drafts[1] / "tmp1").write_text("half")
    mine = [out / ".notes.part", out / "x.0123456789ab.part", out / ".git"]
    for path in mine:
        path.write_text("mine")
    run_job(job)
    assert not any(path.exists() for path in drafts)
    assert all(path.read_text() == "mine" for path in mine)


def test_outputs_that_the_job_no_longer_makes_are_removed_unless_changed(tmp_path: Path) -> None:
    job = write_job(tmp_path, 20)
    run_job(job)
    out = tmp_path / "out"
    (out / "grades.csv").write_text("edited by hand")
    (out / "note.txt").write_text("mine")
    text = job.read_text(encoding="utf-8")
    job.write_text(text.replace('["svg", "html"]', '["svg"]').replace('"csv", ', ""), "utf-8")
    run_job(job)
    assert report(out)["removed"] == ["map.html"]
    assert not (out / "map.html").exists()
    assert (out / "grades.csv").read_text() == "edited by hand"
    assert (out / "note.txt").exists()


# ---- two at once ---------------------------------------------------------------------------------


@unix
def test_a_second_run_in_the_same_folder_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    job = write_job(tmp_path, 20)
    started, go_on = threading.Event(), threading.Event()

    def wait(name: str, done: int, total: int) -> None:
        started.set()
        assert go_on.wait(60)

    errors: list[BaseException] = []

    def first() -> None:
        try:
            run_job(job, progress=wait)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=first)
    thread.start()
    try:
        assert started.wait(60)
        for force in (False, True):
            with pytest.raises(sr.InputError, match="another run is writing there now"):
                run_job(job, force=force)
    finally:
        go_on.set()
        thread.join()
    assert errors == []
    assert report(tmp_path / "out")["locked"] is True
    run_job(job)


@unix
def test_a_killed_run_leaves_no_lock(tmp_path: Path) -> None:
    job = write_job(tmp_path, 20)
    code = (
        "import os, signal, sys\nfrom safetyrisk.io.job import run_job\n"
        "run_job(sys.argv[1], progress=lambda name, *_: name == 'write csv' "
        "and os.kill(os.getpid(), signal.SIGKILL))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(job)], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert run_job(job).reused


# ---- inputs that change --------------------------------------------------------------------------


def test_an_input_that_changes_while_it_is_read_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = write_job(tmp_path, 20)
    run_job(job)
    before = contents(tmp_path / "out")
    register = tmp_path / "data" / "risk_points.csv"
    read = job_module.to_core

    def meddle(raw: Any) -> Any:
        with register.open("a", encoding="utf-8") as stream:
            stream.write("Z9,z,1,1,1,,\n")
        return read(raw)

    monkeypatch.setattr(job_module, "to_core", meddle)
    with pytest.raises(sr.Error, match=r"risk_points\.csv.*changed while it was read"):
        run_job(job)
    assert contents(tmp_path / "out") == before
    monkeypatch.undo()
    run_job(job)


@unix
def test_ctrl_c_in_the_command_is_130_and_the_next_run_goes_on(tmp_path: Path) -> None:
    job = write_job(tmp_path, 4000)
    command = [sys.executable, "-m", "safetyrisk.cli", "run", str(job)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(process, tmp_path / "out", "map.svg")
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert not list((tmp_path / "out").glob(".*"))
    assert run_job(job).reused
