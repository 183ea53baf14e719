"""Demonstration datasets: an invented city with its register and a job, and a county's duties."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from .. import _core
from .._faults import fault
from .._files import atomic_path
from ..synthetic import FictionalCounty, fictional_city, fictional_county
from .graph_tables import as_tables
from .xlsx import write_csv

__all__ = ["write_county_demo", "write_demo", "write_planted_demo", "write_year_demo"]

_DATASET = """\
format = 1
id = "demo-{seed}"
title = "示例市安全风险登记（城市、企业与风险点均为虚构）"
data_date = "2026-06-30"
crs = "wgs84"
"""

_JOB = """\
# safetyrisk run job.toml
format = 1

[data]
path = "data"

[grade]                  # 不写 method：按表中的评价方法列逐行评定

[[rollup]]
level = "enterprise"
rule = "worst"

[[rollup]]
level = "town"
rule = "worst"

[[rollup]]
level = "county"
rule = "worst"

[[map]]
level = "county"
title = "示例市安全风险四色分布图"
subtitle = "城市、企业与风险点均为虚构"
source = "全部为程序生成的虚构数据"
formats = ["svg", "png", "html"]

[output]
dir = "out"
tables = ["xlsx", "geojson", "issues", "rollups"]

[run]
fail_on = "never"
"""


def write_demo(folder: str | os.PathLike[str], seed: int = 1) -> Path:
    """Write ``data/`` and ``job.toml`` of an invented city; no real geography is used.

    Returns
    -------
    Path
        The job file.

    Raises
    ------
    InputError
        The folder holds something else, or what was written there has been changed.
    OSError
        It cannot be written.
    """
    root = Path(folder)
    marks = {"job.toml": _JOB, "data/dataset.toml": _DATASET.format(seed=seed)}

    def fill(folder: Path) -> None:
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        city = fictional_city(seed)
        rows = city.divisions
        write_csv({key: [row[key] for row in rows] for key in rows[0]}, data / "divisions.csv")
        for name, table in city.tables.items():
            write_csv(table, data / f"{name}.csv")
        _write(data / "boundaries.geojson", json.dumps(city.boundaries, ensure_ascii=False) + "\n")
        for name, text in marks.items():
            _write(folder / name, text)

    _put(root, marks, fill)
    return root / "job.toml"


_COUNTY = """\
format = 1
id = "demo-county-{seed}"
title = "宜丰县责任图谱（区划为真实名称，机构、人员、企业与事项均为虚构）"
data_date = "{day}"
jurisdiction = {jurisdiction}
"""


def write_county_demo(
    folder: str | os.PathLike[str], seed: int = 1, county: FictionalCounty | None = None
) -> Path:
    """Write the tables of a county's responsibility graph and their ``dataset.toml``.

    Parameters
    ----------
    seed
        Which county, as in :func:`safetyrisk.synthetic.fictional_county`.
    county
        A county of your own instead, such as the copy with planted defects.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        The folder holds something else, or what was written there has been changed.
    OSError
        It cannot be written.
    """
    root = Path(folder)
    county = fictional_county(seed) if county is None else county
    text = _COUNTY.format(
        seed=seed, day=county.data_date.isoformat(), jurisdiction=json.dumps(county.jurisdiction)
    )

    def fill(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in county.tables.items():
            write_csv(table, folder / f"{name}.csv")
        _write(folder / "dataset.toml", text)

    _put(root, {"dataset.toml": text}, fill)
    return root


_PLANTED = {
    "rule": "规则",
    "profile": "口径",
    "nodes": "埋设对象",
    "witness": "发现所列主体",
    "what": "埋设的缺陷",
    "consequences": "连带发现",
}


def write_planted_demo(
    folder: str | os.PathLike[str], listed: str | os.PathLike[str], seed: int = 1
) -> Path:
    """Write the county with one planted defect for each rule, and the list of what was planted.

    Parameters
    ----------
    listed
        The CSV file of the list. Beside the nodes that were changed (埋设对象) stand all that the
        finding of the rule names (发现所列主体).

    Raises
    ------
    InputError
        The folder, or the list, is there and is not what was written.
    OSError
        They cannot be written.
    """
    from ..synthetic import plant_defects

    county, planted = plant_defects(seed)
    graph = _core.ResponsibilityGraph.build(
        as_tables(county.tables, {})[0], county.data_date.isoformat(), list(county.jurisdiction)
    )
    seen = {
        profile: _core.check_graph(graph, profile=profile) for profile in set(planted["profile"])
    }
    witness = []
    for rule, profile, nodes in zip(
        planted["rule"], planted["profile"], planted["nodes"], strict=True
    ):
        rows = seen[profile].to_table()
        named = [
            found
            for of, found in zip(rows.texts("rule"), rows.texts("nodes"), strict=True)
            if of == rule and set(nodes.split(";")) <= set((found or "").split(";"))
        ]
        witness.append(named[0] if named else "")
    list_, target = dict(planted) | {"witness": witness}, Path(listed)
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "planted.csv"
        write_csv({name: list_[name] for name in _PLANTED}, made, labels=_PLANTED)
        text = made.read_bytes()
    if target.exists() and target.read_bytes() != text:
        raise fault("demo.exists", folder=target)
    root = write_county_demo(folder, seed, county)
    with atomic_path(target) as draft:
        draft.write_bytes(text)
    return root


def _put(root: Path, marks: Mapping[str, str], fill: Callable[[Path], None]) -> None:
    """Fill a new folder, or again the one that was filled so and still is as it was."""
    if root.is_dir() and any(root.iterdir()):
        if not all(_holds(root / name, text) for name, text in marks.items()):
            raise fault("demo.exists", folder=root)
        with tempfile.TemporaryDirectory() as place:
            fill(Path(place))
            for made in Path(place).rglob("*"):
                there = root / made.relative_to(place)
                if made.is_file() and there.exists() and there.read_bytes() != made.read_bytes():
                    raise fault("demo.exists", folder=root)
    fill(root)


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as draft:
        draft.write_text(text, encoding="utf-8")


_LISTED = {
    "table": "表", "row": "文件行", "duty": "义务", "subject": "主体", "object": "对象", "due": "期限",
    "hazard": "隐患编号", "status": "结果", "issue": "问题代码", "what": "说明",
}  # fmt: skip


def write_year_demo(folder: str | os.PathLike[str], seed: int = 1) -> list[Path]:
    """Write a county's year and, beside it, the list of what was planted in it.

    Returns
    -------
    list of Path
        The folder, and the lists of omissions, wrong rows and hazards.

    Raises
    ------
    InputError
        The folder holds something else, or what was written there has been changed.
    OSError
        It cannot be written.
    """
    from ..synthetic import FictionalCounty, fictional_year

    year = fictional_year(seed)
    root = write_county_demo(
        folder, seed, FictionalCounty(year.tables, year.data_date, year.jurisdiction)
    )
    written = [root]
    for name, table in (
        ("omissions", year.omissions), ("wrong", year.wrong), ("hazards", year.hazards),
    ):  # fmt: skip
        if "row" in table:  # as one counts in a CSV file, below its header
            table = {**table, "row": [row + 2 for row in table["row"]]}
        listed = root.parent / f"{root.name}-{name}.csv"
        write_csv(table, listed, labels={column: _LISTED[column] for column in table})
        written.append(listed)
    return written
