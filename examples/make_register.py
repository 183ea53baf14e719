"""Makes the synthetic register of the example, byte for byte the same every time.

Writes ``enterprises.csv`` and ``risk_points.csv`` beside the divisions and boundaries that it
reads. Every enterprise and risk point in them is invented; about 40 rows are flawed on purpose, and
``yichun_planted.csv``, beside the dataset's folder because it is no table of it, lists them.

    python examples/make_register.py [--output DIRECTORY]
"""

import argparse
import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetyrisk import synthetic

DATASET = Path(__file__).resolve().parent / "data" / "yichun"
SEED = 20260105

# What each county lives on, roughly: weights beside the kinds that every county has. The mixes
# are guesses made for a lively map and are no statistics.
PROFILES: dict[str, dict[str, int]] = {
    "360902": {"lithium": 12, "pharma": 6, "fireworks": 5, "mall": 9, "school": 6,
               "construction": 7, "care": 5, "metallurgy": 3},
    "360921": {"lithium": 7, "timber": 9, "metallurgy": 3, "quarry": 2},
    "360922": {"fireworks": 24, "food": 4, "timber": 2},
    "360923": {"ceramics": 8, "lithium": 6, "food": 5, "quarry": 3},
    "360924": {"lithium": 8, "timber": 8, "ceramics": 3, "quarry": 3},
    "360925": {"timber": 8, "tourism": 6, "construction": 1, "transport": 1, "materials": 1},
    "360926": {"timber": 9, "tourism": 5, "construction": 1, "transport": 1, "materials": 1},
    "360981": {"coal": 8, "metallurgy": 10, "chemicals": 4, "ceramics": 5, "food": 5},
    "360982": {"pharma": 14, "chemicals": 7, "metallurgy": 3},
    "360983": {"ceramics": 18, "transport": 8, "materials": 6, "quarry": 2},
}  # fmt: skip

# Enterprises carry the canonical English headers; risk points the usual Chinese ones.
HEADERS = {
    "id": "风险点编号", "enterprise": "所属企业", "name": "风险点名称", "method": "评价方法",
    "L": "可能性(L)", "E": "暴露频率(E)", "C": "后果(C)", "S": "严重性(S)",
    "lon": "经度", "lat": "纬度", "division": "行政区划代码", "controlling_post": "责任岗位",
    "hazard": "危险有害因素", "accident_type": "事故类型",
}  # fmt: skip


def cell(column: str, value: Any) -> str:
    """Text of one value: no trailing zeros, booleans in lower case, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.5f}" if column in ("lon", "lat") else f"{value:g}"
    return str(value)


def write(path: Path, table: Mapping[str, list[Any]], headers: Mapping[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([headers.get(column, column) for column in table])
        for row in zip(*table.values(), strict=True):
            writer.writerow([cell(c, v) for c, v in zip(table, row, strict=True)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="one folder for all three files")
    given: Path | None = parser.parse_args().output
    output = given or DATASET

    with (DATASET / "divisions.csv").open(encoding="utf-8", newline="") as file:
        divisions = list(csv.DictReader(file))
    boundaries = json.loads((DATASET / "boundaries.geojson").read_text(encoding="utf-8"))
    tables = synthetic.register(
        divisions, boundaries, enterprises=480, points=6000, seed=SEED, profiles=PROFILES
    )
    tables, planted = synthetic.plant(tables, seed=SEED)

    output.mkdir(parents=True, exist_ok=True)
    write(output / "enterprises.csv", tables["enterprises"], {})
    write(output / "risk_points.csv", tables["risk_points"], HEADERS)
    write((given or DATASET.parent) / "yichun_planted.csv", planted, {})


if __name__ == "__main__":
    main()
