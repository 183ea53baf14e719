"""Drawing: pages a second as SVG, beside geopandas with matplotlib; PNG and its parts; PDF."""

from __future__ import annotations

import io
import json
import re
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from measure import LIBRARY, Contestant, lines, race, say

import safetyrisk as sr
from safetyrisk import _core, _paper

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/data/yichun"
TITLE = "安全风险四色分布图"
WORDS = ["未评估", "低风险", "一般风险", "较大风险", "重大风险"]
KEYS = ["unassessed", "blue", "yellow", "orange", "red"]
DPI = 150


class Sheet:
    """A roll-up, the scene that the library makes of it, and the same for geopandas."""

    def __init__(self, name: str, rollup: sr.RollUp, page: str) -> None:
        self.name, self.rollup, self.page = name, rollup, page
        kept: list[Any] = []
        draw = _core.draw
        try:
            _core.draw = lambda scene: kept.append(scene) or draw(scene)
            self.map = self.whole()
        finally:
            _core.draw = draw
        self.scene = kept[0]
        boundaries = rollup.tree.boundaries
        table = rollup.to_columns()
        grade = dict(zip(table["code"], table["grade"], strict=True))
        names = dict(zip(table["code"], table["name"], strict=True))
        codes = [boundaries.code(k) for k in range(len(boundaries))]
        self.regions = gpd.GeoDataFrame(
            {
                "name": [names[code] for code in codes],
                "grade": [KEYS.index(grade[code] or "unassessed") for code in codes],
            },
            geometry=[
                shapely.MultiPolygon([(rings[0], rings[1:]) for rings in boundaries.polygons(k)])
                for k in range(len(boundaries))
            ],
            crs=4326,
        )
        columns = rollup.graded.input
        lon, lat = columns.numbers("lon"), columns.numbers("lat")
        west, south, east, north = self.regions.total_bounds
        # On the sheet, whose margin around the regions is wider than this.
        seen = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        self.points = gpd.GeoDataFrame(
            {"grade": rollup.graded.grades[seen]},
            geometry=shapely.points(lon[seen], lat[seen]),
            crs=4326,
        )

    def whole(self) -> Any:
        """Draw it as a user does: from the roll-up to the page."""
        return sr.map(
            self.rollup, title=TITLE, data_date="2026-06-30", source="示例", page=self.page
        )

    def vertices(self) -> int:
        """Corners of all polygons."""
        return int(shapely.get_num_coordinates(self.regions.geometry.to_numpy()).sum())


def example() -> sr.RollUp:
    """Ten counties and 6 000 points."""
    tree = sr.Divisions.read(EXAMPLE / "divisions.csv", EXAMPLE / "boundaries.geojson")
    return tree.rollup(sr.grade(EXAMPLE / "risk_points.csv", "lec"))


def province(columns: int, rows: int, edge: int, points: int) -> sr.RollUp:
    """Invented counties with ragged borders of `edge` vertices a side, and points all over them."""
    rng = np.random.default_rng(3)
    step = 0.4
    across = rng.normal(0, 0.006, (rows + 1, columns, edge - 1)).cumsum(axis=2) * 0.3
    along = rng.normal(0, 0.006, (columns + 1, rows, edge - 1)).cumsum(axis=2) * 0.3
    part = np.arange(1, edge) / edge

    def side(x0: float, y0: float, ragged: np.ndarray, upwards: bool) -> np.ndarray:
        straight = np.column_stack([x0 + step * part, y0 + ragged])
        turned = np.column_stack([x0 + ragged, y0 + step * part])
        return np.vstack([[x0, y0], turned if upwards else straight])

    features, codes, names = [], [], []
    for i in range(columns):
        for j in range(rows):
            x, y = 110 + step * i, 30 + step * j
            south, north = (side(x, y + step * k, across[j + k, i], False) for k in (0, 1))
            west, east = (side(x + step * k, y, along[i + k, j], True) for k in (0, 1))
            corner = [[x + step, y + step]]
            ring = np.vstack([south, east, corner, north[:0:-1], north[:1], west[:0:-1], west[:1]])
            codes.append(f"37{i + 1:02}{j + 21:02}")
            names.append(f"第{i + 1}行{j + 1}县")
            features.append(
                {
                    "type": "Feature",
                    "properties": {"code": codes[-1]},
                    "geometry": {"type": "Polygon", "coordinates": [ring.round(6).tolist()]},
                }
            )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counties.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        tree = sr.Divisions.read({"code": codes, "name": names}, path, check=False)
    table = {
        "id": [f"R{k}" for k in range(points)],
        "name": [f"风险点{k}" for k in range(points)],
        "L": rng.choice([0.1, 0.5, 1, 3, 6], points, p=[0.3, 0.3, 0.25, 0.13, 0.02]),
        "E": rng.choice([1.0, 2, 3, 6], points),
        "C": rng.choice([1.0, 3, 7, 15, 40], points),
        "lon": 110.2 + rng.random(points) * (columns - 1) * step,
        "lat": 30.2 + rng.random(points) * (rows - 1) * step,
    }
    return tree.rollup(sr.grade(table, "lec"))


def plotted(sheet: Sheet) -> str:
    """The sheet as geopandas and matplotlib write it, text as text."""
    colours = [sr.palettes()["safe"][key] for key in KEYS]
    width, height = (16.54, 11.69) if sheet.page == "A3" else (11.69, 8.27)
    figure, axes = plt.subplots(figsize=(width, height))
    for grade, rows in sheet.regions.groupby("grade"):
        rows.plot(ax=axes, color=colours[grade], edgecolor="#39444F", linewidth=0.6, gid="regions")
    for grade, rows in sheet.points.groupby("grade"):
        rows.plot(ax=axes, color=colours[grade], edgecolor="#1B2633", markersize=9, linewidth=0.4,
                  gid=f"points-{grade}", zorder=3 + grade)  # fmt: skip
    for name, shape in zip(sheet.regions["name"], sheet.regions.geometry, strict=True):
        place = shape.representative_point()
        axes.annotate(name, (place.x, place.y), ha="center", zorder=9, gid="name")
    fills = [Patch(facecolor=colours[g], label=WORDS[g]) for g in range(4, -1, -1)]
    dots = [Line2D([], [], marker="o", ls="", color=colours[g], label=WORDS[g]) for g in range(5)]
    axes.legend(handles=fills + dots, title="图例")
    axes.set_title(TITLE)
    out = io.StringIO()
    figure.savefig(out, format="svg")
    plt.close(figure)
    return out.getvalue()


def _shown_by_library(svg: str) -> tuple[int, int, int]:
    """Regions, points and names of regions on a page."""
    points = svg.count("h0") + len(re.findall(r'<use xlink:href="#point-', svg))
    return svg.count('<path id="region-'), points, svg.count("县</text>") + svg.count("县<")


def _shown_by_matplotlib(svg: str) -> tuple[int, int]:
    regions = points = 0
    # A collection is a group of that id; what follows up to the next group's id is in it.
    for name, body in re.findall(r'<g id="(regions|points-\d)">(.*?)(?=<g id=|\Z)', svg, re.DOTALL):
        if name == "regions":
            regions += len(
                re.findall(r"<path |<use ", re.sub(r"<defs>.*?</defs>", "", body, flags=re.DOTALL))
            )
        else:
            points += body.count("<use ")
    return regions, points


def run(repeats: int) -> None:
    """Print what drawing costs."""
    font = _paper.find_font()
    font_manager.fontManager.addfont(font)
    mpl.rcParams["font.family"] = font_manager.FontProperties(fname=font).get_name()
    mpl.rcParams["svg.fonttype"] = "none"
    mpl.use("svg")
    sheets = [
        Sheet("the example, A3", example(), "A3"),
        Sheet("a province, A3", province(12, 11, 40, 20_000), "A3"),
    ]
    for sheet in sheets:
        _vectors(sheet, repeats)
    _pictures(Sheet("5 000 points, A4", province(4, 3, 150, 5_000), "A4"), font, repeats)


def _vectors(sheet: Sheet, repeats: int) -> None:
    def by_library(drawn: Any) -> tuple[int, int]:
        return _shown_by_library(drawn.svg)[:2]

    expected = (len(sheet.regions), len(sheet.points))
    say(
        f"\n{sheet.name}: {expected[0]} counties with names, {sheet.vertices():,} vertices, "
        f"{expected[1]:,} points; {len(sheet.map.svg) / 1e3:.0f} kB of SVG, "
        f"{len(plotted(sheet)) / 1e3:.0f} kB by matplotlib."
    )
    race(
        f"A page as SVG, {sheet.name}",
        [
            Contestant(LIBRARY, lambda: _core.draw(sheet.scene), by_library, expected, 1),
            Contestant(f"{LIBRARY}, sr.map of a roll-up", sheet.whole, by_library, expected, 1),
            Contestant(
                "geopandas + matplotlib", lambda: plotted(sheet), _shown_by_matplotlib, expected, 1
            ),
        ],
        repeats,
        unit="pages/s",
        scale=1.0,
    )


def _pictures(sheet: Sheet, font: Path, repeats: int) -> None:
    svg = sheet.map.svg
    number = count()

    def fresh(page: str) -> str:
        # Typst remembers pages that it has seen.
        return page.replace("</svg>", f"<!-- {next(number)} --></svg>")

    mute = re.sub(r"<text\b[^>]*>[^<]*</text>", "", svg)
    blank = svg[: svg.index("<defs>")] + "</svg>"
    _paper.png(svg, font=font)  # cuts the font
    say(
        f"\n{sheet.name}: {len(sheet.regions)} counties, {sheet.vertices():,} vertices, "
        f"{len(sheet.points):,} points. Typst has no measure of its parts, so they are differences: "
        f"the same page at 10 dpi is reading and setting it, the page without text is all but "
        f"the text, a blank page at {DPI} dpi is making and packing the picture."
    )
    lines(
        f"A page as PNG at {DPI} dpi and as PDF, {sheet.name}, font cut before",
        "pages/min",
        [
            (name, call, lambda seconds: f"{60 / seconds:.0f}")
            for name, call in (
                (f"PNG, {DPI} dpi", lambda: _paper.png(fresh(svg), font=font, dpi=DPI)),
                ("the same without text", lambda: _paper.png(fresh(mute), font=font, dpi=DPI)),
                ("the same at 10 dpi", lambda: _paper.png(fresh(svg), font=font, dpi=10)),
                ("a blank page", lambda: _paper.png(fresh(blank), font=font, dpi=DPI)),
                ("PDF", lambda: _paper.pdf(fresh(svg), font=font)),
            )
        ],
        repeats,
    )
