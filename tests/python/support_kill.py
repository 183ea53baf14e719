"""Kills a job at random moments and looks at what it leaves; a program of its own.

    python support_kill.py JOB.toml KILLS SEED

Forks a child for every run, so that a run costs what the job costs and not the imports. Prints one
line of JSON: how many kills there were, how many of them met a job at work, and how many files the
runs after them could keep. Leaves with an assertion when a file is half-written, a lock or a draft
is left behind, or the outputs differ from an undisturbed run.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

from safetyrisk.io.job import run_job

REPORT = "run-report.json"


def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of every file under its final name but the report; drafts have other names."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name != REPORT and not path.name.endswith(".part")
    }


class Child:
    """A job in a process of its own."""

    def __init__(self, job: Path) -> None:
        self.reading, writing = os.pipe()
        self.started = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                run_job(job, progress=lambda name, *_: os.write(writing, f"{name}\n".encode()))
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(writing)

    def wait(self) -> int:
        """Wait for its end; the exit status, or minus the signal."""
        _, status = os.waitpid(self.pid, 0)
        os.close(self.reading)
        return os.waitstatus_to_exitcode(status)

    def first(self, step: str) -> float:
        """Seconds until a step begins."""
        said = b""
        while f"{step}".encode() not in said:
            piece = os.read(self.reading, 1000)
            assert piece, said
            said += piece
        return time.perf_counter() - self.started


def measure(job: Path) -> tuple[float, float]:
    """Seconds until the first output is made, and until the end."""
    child = Child(job)
    writing = child.first("map")
    assert child.wait() == 0
    return writing, time.perf_counter() - child.started


def main(job: Path, kills: int, seed: int) -> None:
    random_ = random.Random(seed)
    out = job.parent / "out"
    register = job.parent / "data" / "risk_points.csv"
    for module in ("fontTools.subset", "pyarrow.parquet", "typst", "xlsxwriter"):
        importlib.import_module(module)  # shared by the forks; no threads are started yet
    assert Child(job).wait() == 0
    new = contents(out)
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("P1,", "P0,"), encoding="utf-8")
    assert Child(job).wait() == 0
    old = contents(out)
    assert old.keys() == new.keys()
    register.write_text(text, encoding="utf-8")
    earlier = job.parent / "earlier"
    shutil.copytree(out, earlier)

    writing, whole = min(measure(job), measure(job))  # the machine has other work at times
    assert contents(out) == new
    done = alive = kept = 0
    while done < kills:
        shutil.rmtree(out)
        before: dict[str, bytes] = {}
        if random_.random() < 0.3:  # there is the result of another register already
            shutil.copytree(earlier, out)
            before = old
        for _ in range(random_.choice((1, 1, 1, 2, 3))):  # the run after a kill may be killed, too
            low = 0.0 if random_.random() < 0.4 else writing
            delay = random_.uniform(low, whole)
            child = Child(job)
            time.sleep(delay)
            os.kill(child.pid, signal.SIGKILL)
            alive += child.wait() == -signal.SIGKILL
            done += 1
            if out.is_dir():
                check_left(out, new, before)
        child = Child(job)
        assert child.wait() == 0
        assert contents(out) == new, "the outputs differ from an undisturbed run"
        assert {path.name for path in out.iterdir()} == {*new, REPORT}, "something is left behind"
        report = json.loads((out / REPORT).read_text(encoding="utf-8"))
        assert "state" not in report
        kept += len(report["reused"])
    said = {"kills": done, "at work": alive, "kept": kept, "seconds": whole}
    sys.stdout.write(json.dumps(said) + "\n")


def check_left(out: Path, new: dict[str, bytes], old: dict[str, bytes]) -> None:
    """Every file is whole: that of this run, or that of the run before it."""
    for name, data in contents(out).items():
        assert data in (new[name], old.get(name)), f"{name} is neither old nor new"
    report = out / REPORT
    if report.exists():
        said = json.loads(report.read_text(encoding="utf-8"))  # is whole as well
        for name, entry in said.get("done", {}).items():
            if entry["sha256"] and "state" in said:
                assert (out / name).exists(), f"{name} is called finished and is not there"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
