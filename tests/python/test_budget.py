"""Memory of a job: estimated before it is used, held against what it takes, refused in time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import safetyrisk as sr
from safetyrisk.io import budget, write_workbook
from safetyrisk.io.budget import check_memory, estimate
from safetyrisk.io.dataset import Dataset
from safetyrisk.io.job import run_job
from safetyrisk.io.jobfile import Job
from safetyrisk.io.sizes import parse_size
from safetyrisk.io.xlsx import Sheet, write_csv
from support_jobs import BOUNDARIES, JOB


def write_job(root: Path, rows: int, source: str, tables: list[str], formats: list[str]) -> Path:
    data = root / "data"
    data.mkdir(parents=True)
    (data / "dataset.toml").write_text('format = 1\nid = "big"\n', encoding="utf-8")
    (data / "boundaries.geojson").write_text(json.dumps(BOUNDARIES), encoding="utf-8")
    (data / "divisions.csv").write_text("code,name\n990101,a\n990102,b\n", encoding="utf-8")
    dice = np.random.default_rng(1)
    columns = {
        "id": [f"R{k:08d}" for k in range(rows)],
        "name": ["储罐区一号罐"] * rows,
        "L": dice.choice([1.0, 3.0, 6.0], rows),
        "E": dice.choice([1.0, 3.0, 6.0], rows),
        "C": dice.choice([1.0, 15.0, 40.0], rows),
        "lon": 114 + 2 * dice.random(rows),
        "lat": 28 + dice.random(rows),
    }
    if source == "parquet":
        pq.write_table(pa.table(columns), data / "risk_points.parquet")
    elif source == "csv":
        write_csv(columns, data / "risk_points.csv")
    else:
        write_workbook(data / "risk_points.xlsx", [Sheet("台账", columns)])
    text = JOB[: JOB.index("[[map]]")]
    if formats:
        text += f'[[map]]\nlevel = "county"\ntitle = "图"\nformats = {json.dumps(formats)}\n'
    text += f'[output]\ndir = "out"\ntables = {json.dumps(tables)}\n[run]\nfail_on = "never"\n'
    job = root / "job.toml"
    job.write_text(text, encoding="utf-8")
    return job


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system for its peak memory")
@pytest.mark.parametrize(
    ("source", "rows", "tables", "formats"),
    [
        ("parquet", 150_000, ["parquet"], ["svg"]),
        ("csv", 60_000, ["csv", "geojson"], []),
        ("xlsx", 10_000, ["xlsx"], []),
        ("csv", 20_000, [], ["html"]),
    ],
)
def test_the_estimate_is_near_the_measured_peak(
    tmp_path: Path, source: str, rows: int, tables: list[str], formats: list[str]
) -> None:
    job = write_job(tmp_path, rows, source, tables, formats)
    code = "import sys\nfrom safetyrisk.io.job import run_job\nrun_job(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(job)], check=True)
    said = json.loads((tmp_path / "out" / "run-report.json").read_text(encoding="utf-8"))
    ratio = said["memory"]["estimate"] / 2**20 / said["peak_memory_mib"]
    assert 0.8 <= ratio <= 2.5


def test_a_job_above_its_budget_is_refused_with_the_rows_that_fit(tmp_path: Path) -> None:
    job = write_job(tmp_path / "a", 40_000, "parquet", ["csv"], [])
    with pytest.raises(sr.InputError, match=r"about (\d+) rows would fit") as caught:
        run_job(job, memory="140 MiB")
    assert not (tmp_path / "a" / "out").exists()
    said = re.search(r"for (\d+) rows.* about (\d+) rows would fit", str(caught.value))
    assert said is not None
    assert int(said[1]) == 40_000
    fit = int(said[2])
    assert 1000 < fit < 40_000
    # What it says is so: a little less is accepted, a little more is not.
    for name, rows in (("b", int(fit * 0.97)), ("c", int(fit * 1.03))):
        other = Job.read(write_job(tmp_path / name, rows, "parquet", ["csv"], []))
        need = estimate(other, Dataset.open(other.data))
        if name == "b":
            check_memory(need, "140 MiB")
        else:
            with pytest.raises(sr.InputError, match="would fit"):
                check_memory(need, "140 MiB")


def test_the_budget_of_the_job_file_and_of_the_call(tmp_path: Path) -> None:
    job = write_job(tmp_path, 100, "csv", ["csv"], [])
    text = job.read_text(encoding="utf-8")
    job.write_text(text + 'memory = "1 MiB"\n', encoding="utf-8")
    with pytest.raises(sr.InputError, match=r"more than 1\.00 MiB, the memory it may have"):
        run_job(job)
    run_job(job, memory="1 GiB")
    for wrong in ("lots", "-1", "0", "4 EiB", ""):
        job.write_text(text + f'memory = "{wrong}"\n', encoding="utf-8")
        with pytest.raises(sr.InputError, match=r"\[run\].*memory is "):
            run_job(job)
    job.write_text(text + "memory = true\n", encoding="utf-8")
    with pytest.raises(sr.InputError, match=r"\[run\].*memory is True"):
        run_job(job)


def test_without_a_budget_the_machine_s_share_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = write_job(tmp_path, 100, "csv", ["parquet"], [])
    monkeypatch.setattr(budget, "machine_memory", lambda: 100 << 20)
    with pytest.raises(sr.InputError, match=r"more than 80 MiB, 80% of this machine's memory"):
        run_job(job)
    monkeypatch.setattr(budget, "machine_memory", lambda: 0)  # it does not say
    run_job(job)


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="only Linux says it there")
def test_the_machine_has_no_more_than_the_system_says() -> None:
    text = Path("/proc/meminfo").read_text(encoding="utf-8")
    found = re.search(r"MemTotal:\s+(\d+) kB", text)
    assert found is not None
    assert 0 < budget.machine_memory() <= int(found[1]) * 1024


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4 GiB", 2**32),
        ("4gib", 2**32),
        ("1.5 MB", 1_500_000),
        ("512", 512),
        (7, 7),
        ("1TB", 10**12),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str | int, size: int) -> None:
    assert parse_size(text) == size
