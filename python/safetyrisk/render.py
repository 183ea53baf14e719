"""Four-colour maps: SVG, PNG and PDF sheets, and a page to look around in."""

from __future__ import annotations

import base64
import datetime as dt
import html
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._faults import fault
from ._files import atomic_path
from ._page import page
from ._paper import pdf, png
from .core import Issues
from .region import LEVEL_WORDS, RollUp

__all__ = ["Map", "draw_map", "palettes"]

_GRADES = ("red", "orange", "yellow", "blue")
_CODE = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
_LEVELS = {
    "zh": {
        "country": "全国",
        "province": "省",
        "city": "市",
        "county": "县（市、区）",
        "town": "乡镇（街道）",
        "village": "村（居）",
    },
    "en": {
        "country": "Country",
        "province": "Provinces",
        "city": "Cities",
        "county": "Counties",
        "town": "Towns",
        "village": "Villages",
    },
}
#: A sheet of more points names none of them; the page always does.
_MOST_NAMED = 20_000
#: The page carries coordinates as whole millionths of a degree (a decimetre).
_UNIT = 1e-6


def palettes() -> dict[str, dict[str, str]]:
    """Colours of the named palettes.

    Examples
    --------
    >>> palettes()["safe"]["red"]
    '#B2001E'
    """
    return {name: _core.palette_colours(name) for name in _core.palette_names()}


class Map:
    """A four-colour map; :func:`safetyrisk.map` makes it."""

    def __init__(
        self,
        scene: _core.Scene,
        payload: Any,
        font: str | os.PathLike[str] | None,
        left_out: list[tuple[str, int, int]],
        lang: str,
    ) -> None:
        self._drawing = _core.draw(scene)
        self._payload = payload
        self._font = font
        self._title, self._data_date, self._lang = scene.title, scene.data_date, lang
        self._issues = _core.IssueTable()
        for name, rows, red in left_out:
            code = "render.region_without_boundary" if name else "render.points_without_region"
            self._issues.add(code, table="map", value=name, args=[str(rows), str(red)])
        for name in self._drawing.hidden_labels:
            self._issues.add("render.label_hidden", table="map", value=name)
        for code, count in (
            ("render.points_without_place", self._drawing.points_without_place),
            ("render.points_outside", self._drawing.points_outside),
        ):
            if count:
                self._issues.add(code, table="map", value=str(count))

    @property
    def issues(self) -> Issues:
        """Labels without a place and points off the sheet; the sheet says how many."""
        return Issues(self._issues)

    @property
    def scale(self) -> int:
        """The sheet's scale is 1 : scale at its middle latitude."""
        return self._drawing.scale

    @property
    def svg(self) -> str:
        """The sheet as SVG text."""
        return self._drawing.svg

    def png(self, dpi: float = 150.0) -> bytes:
        """Draw the sheet as PNG; needs ``safetyrisk[maps]`` and a font with Chinese characters.

        Raises
        ------
        InputError
            A character has no glyph in the font (it is named), or the extra is not installed.
        NotFoundError
            There is no font; give ``font=`` or set ``SAFETYRISK_FONT``.
        """
        return png(self.svg, font=self._font, dpi=dpi)

    def pdf(self) -> bytes:
        """Write the sheet as PDF, as vectors and text; needs what :meth:`png` needs.

        The page has the sheet's size, the text can be searched, and the file's date is the data
        date, so that the same map gives the same bytes.

        Raises
        ------
        InputError, NotFoundError
            As :meth:`png`.
        """
        return pdf(
            self.svg,
            font=self._font,
            title=self._title,
            date=dt.date.fromisoformat(self._data_date) if self._data_date else None,
            lang=self._lang,
        )

    def html(self) -> str:
        """Write the interactive page: one file, works without a network."""
        return page(self._payload())

    def render(self, suffix: str, dpi: float = 150.0) -> bytes:
        """Bytes of the file with that ending: ``.svg``, ``.png``, ``.pdf`` or ``.html``.

        Raises
        ------
        InputError
            The ending is none of these.
        """
        if suffix == ".svg":
            return self.svg.encode()
        if suffix == ".html":
            return self.html().encode()
        if suffix == ".png":
            return self.png(dpi)
        if suffix == ".pdf":
            return self.pdf()
        raise fault(
            "output.suffix", what=("a map", "地图"), known=".svg .png .pdf .html", suffix=suffix
        )

    def save(self, path: str | os.PathLike[str], dpi: float = 150.0) -> Path:
        """Write the map; the ending of `path` decides the format.

        Parameters
        ----------
        path
            ``.svg``, ``.png``, ``.pdf`` or ``.html``. An existing file is replaced when the new one
            is whole.
        dpi
            Dots per inch of a PNG.

        Raises
        ------
        OSError
            The file cannot be written.
        InputError
            As :meth:`render` and :meth:`png`.
        """
        target = Path(path)
        data = self.render(target.suffix.lower(), dpi)
        with atomic_path(target) as draft:
            draft.write_bytes(data)
        return target

    def __repr__(self) -> str:
        return f"<safetyrisk map {self._title!r}, scale 1 : {self.scale}>"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg.encode()).decode()
        alt = html.escape(self._title)
        return f'<img alt="{alt}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def draw_map(
    rollup: RollUp,
    title: str,
    *,
    subtitle: str = "",
    points: bool = True,
    lang: str = "zh",
    palette: str | Mapping[str, str] = "safe",
    page: str = "A3",
    grey: bool = False,
    crs: str = "wgs84",
    data_date: str | None = None,
    source: str = "",
    author: str = "",
    approval: str = "",
    footer: str | None = None,
    font: str | os.PathLike[str] | None = None,
) -> Map:
    """Draw a roll-up; :func:`safetyrisk.map` documents it."""
    tree = rollup.tree
    boundaries = tree.boundaries
    if boundaries is None:
        raise fault("boundaries.missing")
    if len(boundaries) == 0:
        why = dict.fromkeys(i.message for i in tree.issues if i.table == "boundaries")
        raise fault("boundaries.unusable", why="; ".join(list(why)[:3]))
    if rollup.level == "enterprise":
        raise fault("map.enterprise")
    if rollup.rule == "count" or (rollup.rule.startswith("index") and ">=" not in rollup.rule):
        raise fault("map.no_grades", rule=rollup.rule.partition("(")[0])
    table = rollup._table()
    drawn = _regions(rollup, table)
    if not drawn:
        codes = [boundaries.code(i) for i in range(min(3, len(boundaries)))]
        level = (rollup.level, LEVEL_WORDS[rollup.level])
        raise fault("boundaries.level", level=level, codes=codes)

    scene = _core.Scene()
    scene.set_lang(lang)
    if isinstance(palette, str):
        scene.set_palette(palette)
    else:
        scene.set_colours(dict(palette))
    scene.set_page(page)
    scene.title = title
    scene.subtitle = subtitle
    scene.grey = grey
    scene.region_word = _LEVELS[lang][rollup.level]
    scene.rule = rollup.rule_text(lang)
    scene.data_date = data_date or ""
    scene.crs = _core.crs_label(crs) if _core.parse_crs(crs) == "cgcs2000" else "CGCS2000 / WGS84"
    scene.source = source
    scene.author = author
    scene.approval = approval
    left_out = _left_out(table, drawn)
    scene.coverage = _coverage(rollup, left_out, lang)
    if footer is not None:
        scene.footer = footer
    for boundary, name, code, _ in drawn:
        scene.add_region(boundaries, boundary, name, code)
    marks = _points(rollup, crs) if points else None
    if marks is not None:
        ids, names = _names(rollup) if len(marks["lon"]) <= _MOST_NAMED else ([], [])
        scene.set_points(ids, names, marks["lon"], marks["lat"], marks["grade"])

    def payload() -> dict[str, Any]:
        return _payload(rollup, scene, drawn, marks, lang, footer)

    return Map(scene, payload, font, left_out, lang)


def _regions(rollup: RollUp, table: _core.Table) -> list[tuple[int, str, int, int]]:
    """For each boundary of the roll-up's level: its index, name, grade code and row."""
    tree = rollup.tree
    assert tree.boundaries is not None
    row_of = {code: row for row, code in enumerate(table.texts("code")) if code}
    grades = table.column("grade").tolist()
    names = table.texts("name")
    out = []
    for boundary in range(len(tree.boundaries)):
        row = row_of.get(_division_code(tree, boundary))
        if row is None:
            continue
        name = names[row] or tree.boundaries.name(boundary)
        out.append((boundary, name, _CODE.get(grades[row], 0), row))
    return out


def _division_code(tree: Any, boundary: int) -> str:
    index = int(tree.boundary_divisions[boundary])
    if index < 0:
        return tree.boundaries.code(boundary)  # type: ignore[no-any-return]
    return tree._divisions.code(index)  # type: ignore[no-any-return]


def _coverage(rollup: RollUp, left_out: list[tuple[str, int, int]], lang: str) -> str:
    """How much of the register is graded, and what of it the sheet does not show."""
    counts = rollup.graded.counts()
    zh = lang == "zh"
    if zh:
        text = (
            f"登记风险点 {counts['rows_in']} 个，已评定 {counts['graded']} 个，"
            f"无法评定 {counts['not_gradable']} 个，数据无效 {counts['rejected']} 个"
        )
    else:
        text = (
            f"{counts['rows_in']} risk points registered, {counts['graded']} graded, "
            f"{counts['not_gradable']} not gradable, {counts['rejected']} rejected"
        )
    for name, rows, red in left_out:
        if not name and zh:
            text += f"；{rows} 个不属于任何区域（重大 {red} 个）"
        elif not name:
            text += f"; {rows} belong to no region ({red} of major risk)"
        elif zh:
            text += f"；{name}无边界，未绘出（{rows} 个，重大 {red} 个）"
        else:
            text += (
                f"; {name} has no boundary and is not drawn ({rows} points, {red} of major risk)"
            )
    return text


def _left_out(
    table: _core.Table, drawn: list[tuple[int, str, int, int]]
) -> list[tuple[str, int, int]]:
    """Rows of the roll-up that have points and no place on the sheet: name, points, red ones.

    The name is empty for the points that belong to no region.
    """
    shown = {row for *_, row in drawn}
    codes, names = table.texts("code"), table.texts("name")
    rows, red = table.column("rows").tolist(), table.column("red").tolist()
    return [
        ((names[k] or codes[k] or "") if codes[k] else "", rows[k], red[k])
        for k in range(table.rows)
        if k not in shown and rows[k] > 0
    ]


def _points(rollup: RollUp, crs: str) -> dict[str, Any]:
    """Positions (WGS84, NaN without one) and grade codes of all rows."""
    rows = rollup.graded.input
    lon, lat = (_degrees(rows, name) for name in ("lon", "lat"))
    if _core.parse_crs(crs) not in ("wgs84", "cgcs2000"):
        lon, lat = _core.convert(lon, lat, crs, "wgs84")
    return {"lon": lon, "lat": lat, "grade": rollup.graded.grades}


def _names(rollup: RollUp) -> tuple[list[str], list[str]]:
    """Ids and names of all rows."""
    rows = rollup.graded.input
    ids = [str(value) for value in rollup.graded.to_columns()["id"].tolist()]
    return ids, [t or "" for t in rows.texts("name")] if rows.has("name") else [""] * len(ids)


def _degrees(rows: _core.Table, name: str) -> NDArray[np.float64]:
    """A column of degrees; NaN for what is no number or no degree."""
    values = rows.numbers(name) if rows.has(name) else np.full(rows.rows, np.nan)
    values[~(np.abs(values) <= (180.0 if name == "lon" else 90.0))] = np.nan
    return values


def _payload(
    rollup: RollUp,
    scene: _core.Scene,
    drawn: list[tuple[int, str, int, int]],
    marks: dict[str, Any] | None,
    lang: str,
    footer: str | None,
) -> dict[str, Any]:
    """What the page shows, as :func:`safetyrisk._page.page` takes it."""
    tree = rollup.tree
    assert tree.boundaries is not None
    table = rollup._table()
    numbers = ("red", "orange", "yellow", "blue", "not_gradable", "rejected")
    counts = [table.column(name).tolist() for name in numbers]
    out: dict[str, Any] = {
        "format": 1,
        "lang": lang,
        "title": scene.title,
        "subtitle": scene.subtitle or None,
        "footer": _core.default_footer(lang) if footer is None else footer,
        "approval": scene.approval or None,
        "source": scene.source,
        "data_date": scene.data_date or None,
        "rule": scene.rule,
        "crs": scene.crs,
        "palette": scene.colours,
        "unit": _UNIT,
        "regions": {
            "code": [table.texts("code")[row] for *_, row in drawn],
            "name": [name for _, name, _, _ in drawn],
            "grade": [grade for _, _, grade, _ in drawn],
            "counts": [[column[row] for column in counts] for *_, row in drawn],
            "polygons": [
                [[_ring(ring) for ring in polygon] for polygon in tree.boundaries.polygons(index)]
                for index, *_ in drawn
            ],
        },
    }
    if marks is None:
        return out
    rows = rollup.graded.input
    ids, names = _names(rollup)
    texts, explanation = rollup.graded.bodies(lang)
    region = np.full(len(tree._divisions) + 1, -1, dtype=np.int64)
    region_of_code = {out["regions"]["code"][k]: k for k in range(len(drawn))}
    units = tree._divisions.units_at(rollup.level)
    for index, unit in enumerate(units.tolist()):
        if unit >= 0:
            region[index] = region_of_code.get(tree._divisions.code(unit), -1)
    score = rollup.graded.to_columns()["score"].tolist()
    firms = rollup.enterprise_names()
    enterprise = [t or "" for t in rows.texts("enterprise")] if rows.has("enterprise") else []
    lon, lat = _whole(marks["lon"]), _whole(marks["lat"])
    grades = marks["grade"].tolist()
    # In the order of the ids, so that the page is the same whatever the order of the register.
    every = [
        (
            ids[k],
            names[k],
            firms.get(enterprise[k], enterprise[k]) if enterprise else "",
            str(lon[k]),
            str(lat[k]),
            grades[k],
            texts[explanation[k]],
            k,
        )
        for k in range(rows.rows)
    ]
    every.sort(key=lambda point: point[:-1])
    place_of = {text: k for k, text in enumerate(dict.fromkeys(point[6] for point in every))}
    order = [point[-1] for point in every]
    in_region = region[rollup.placement.division].tolist()
    out["points"] = {
        "id": [point[0] for point in every],
        "name": [point[1] for point in every],
        "enterprise": [point[2] for point in every],
        "lon": [lon[k] for k in order],
        "lat": [lat[k] for k in order],
        "grade": [grades[k] for k in order],
        "score": [None if np.isnan(score[k]) else score[k] for k in order],
        "explanation": [place_of[point[6]] for point in every],
        "region": [in_region[k] for k in order],
    }
    out["explanations"] = list(place_of)
    return out


def _whole(degrees: NDArray[np.float64]) -> list[int | None]:
    return [None if np.isnan(d) else round(d / _UNIT) for d in degrees.tolist()]


def _ring(ring: NDArray[np.float64]) -> list[int]:
    """A ring as whole units: the first place, then differences."""
    whole = np.rint(ring / _UNIT).astype(np.int64)
    whole[1:] -= np.rint(ring[:-1] / _UNIT).astype(np.int64)
    return whole.ravel().tolist()
