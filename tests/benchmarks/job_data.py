"""A dataset of fixed seed as an operator has one: a register of 10^7 points in Parquet, and a job.

    python tests/benchmarks/job_data.py OUT --rows 10000000 --place division
    safetyrisk run OUT/job.toml

Squares stand for the 3 069 counties; cities and provinces are rectangles of them. Ids, enterprises
and divisions are texts. `--place division` gives each point the code of its county, `lonlat` its
coordinates instead, `both` both.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

L_STEPS = np.array([0.1, 0.2, 0.5, 1, 3, 6, 10])
E_STEPS = np.array([0.5, 1, 2, 3, 6, 10])
C_STEPS = np.array([1.0, 3, 7, 15, 40, 100])
PROVINCES, CITIES, COUNTIES = 31, 11, 9
# Provinces lie in six columns; a city is 3 x 3 counties, a province 1 x 11 cities.
ACROSS = 6
SIDE = 0.25  # degrees
GROUP = 1 << 20

JOB = """\
format = 1
[data]
path = "data"
[grade]
method = "lec"
{sections}
[output]
dir = "out"
tables = ["parquet"]
[run]
fail_on = "never"
"""


def counties() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Six-digit codes, west and south edges of the counties."""
    code, west, south = [], [], []
    for p in range(PROVINCES):
        for c in range(CITIES):
            for k in range(COUNTIES):
                code.append((11 + p) * 10_000 + (c + 1) * 100 + k + 1)
                west.append(75.0 + (p % ACROSS) * 10.0 + (c % 4) * 3 * SIDE + (k % 3) * SIDE)
                south.append(20.0 + (p // ACROSS) * 5.0 + (c // 4) * 3 * SIDE + (k // 3) * SIDE)
    return np.array(code), np.array(west), np.array(south)


def _box(west: float, south: float, east: float, north: float, code: str) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"示例{code}"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write_register(path: Path, rows: int, place: str, grouped: bool = True) -> None:
    """Write the register, one row group after the other."""
    rng = np.random.default_rng(1)
    code, west, south = counties()
    enterprises = max(rows // 10, 1)
    home = np.sort(rng.integers(0, code.size, enterprises))
    writer = None
    for start in range(0, rows, GROUP):
        n = min(GROUP, rows - start)
        if grouped:
            firm = np.minimum((np.arange(start, start + n)) // 10, enterprises - 1)
        else:
            firm = rng.integers(0, enterprises, n)
        county = home[firm]
        columns = {
            "id": _texts("R", np.arange(start, start + n), 9),
            "enterprise": _texts("E", firm, 8),
            "name": pa.array(["储罐", "配电室", "锅炉", "有限空间"]).take(
                pa.array(rng.integers(0, 4, n))
            ),
            "L": pa.array(L_STEPS[rng.integers(0, 7, n)]),
            "E": pa.array(E_STEPS[rng.integers(0, 6, n)]),
            "C": pa.array(C_STEPS[rng.integers(0, 6, n)]),
        }
        if place != "lonlat":
            columns["division"] = pc.cast(pa.array(code[county]), pa.string())
        if place != "division":
            columns["lon"] = pa.array(west[county] + SIDE * rng.random(n))
            columns["lat"] = pa.array(south[county] + SIDE * rng.random(n))
        table = pa.table(columns)
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table, row_group_size=GROUP)
    if writer is not None:
        writer.close()


def _texts(letter: str, numbers: np.ndarray, digits: int) -> pa.Array:
    padded = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), digits, "0")
    return pc.binary_join_element_wise(letter, padded, "")


def write_dataset(
    out: Path,
    rows: int,
    place: str = "division",
    *,
    maps: tuple[str, ...] = ("county",),
    grouped: bool = True,
) -> Path:
    """Write dataset and job below `out`; the path of the job."""
    data = out / "data"
    data.mkdir(parents=True, exist_ok=True)
    write_register(data / "risk_points.parquet", rows, place, grouped)
    code, west, south = counties()
    boxes = {
        "county": [
            _box(w, s, w + SIDE, s + SIDE, str(c))
            for c, w, s in zip(code, west, south, strict=True)
        ]
    }
    for level, unit in (("city", 100), ("province", 10_000)):
        above = code // unit
        boxes[level] = []
        for one in np.unique(above):
            mine = above == one
            edge = (west[mine].min(), south[mine].min())
            far = (west[mine].max() + SIDE, south[mine].max() + SIDE)
            boxes[level].append(_box(*edge, *far, str(one)))
    features = [box for level in maps for box in boxes[level]]
    (data / "boundaries.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
        encoding="utf-8",
    )
    with (data / "divisions.csv").open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(["code", "name"])
        for unit in (10_000, 100, 1):
            lines.writerows([c, f"示例{c}"] for c in np.unique(code // unit).tolist())
    (data / "dataset.toml").write_text(
        'format = 1\nid = "benchmark"\ntitle = "基准"\ndata_date = "2026-06-30"\n',
        encoding="utf-8",
    )
    sections = [
        f'[[rollup]]\nlevel = "{level}"' for level in ("province", "city", "county", "enterprise")
    ]
    sections += [f'[[map]]\nlevel = "{level}"\ntitle = "示例"\nformats = ["svg"]' for level in maps]
    job = out / "job.toml"
    job.write_text(JOB.format(sections="\n".join(sections)), encoding="utf-8")
    return job


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=10**7)
    parser.add_argument("--place", choices=("division", "lonlat", "both"), default="division")
    parser.add_argument("--maps", default="county", help="levels, separated by commas")
    parser.add_argument("--scattered", action="store_true", help="enterprises in random order")
    options = parser.parse_args()
    write_dataset(
        options.out,
        options.rows,
        options.place,
        maps=tuple(options.maps.split(",")),
        grouped=not options.scattered,
    )
