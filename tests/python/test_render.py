"""Maps from Python: what is on the sheet, what may never be, and that it is the same every time."""

import base64
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import safetyrisk as sr

SVG = "{http://www.w3.org/2000/svg}"
FOOTER = "未经审核不得公开"  # 内部工作用图 before it, and a comma between


def square(x: float, y: float, size: float = 0.25) -> list[list[list[float]]]:
    return [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]


OUTLINES = {
    "360921": square(114.0, 28.0),
    "360922": square(114.25, 28.0),
    "360923": square(114.0, 28.25),
    "360924": square(114.25, 28.25),
}
# 450 red, 270 orange, 90 yellow, nothing for the last.
JUDGEMENTS = {"360921": (3, 10, 15), "360922": (3, 6, 15), "360923": (1, 6, 15)}


def divisions(folder: Path, names: dict[str, str] | None = None) -> sr.Divisions:
    names = names or {code: f"第{code[-1]}县" for code in OUTLINES}
    path = folder / "counties.geojson"
    features = [
        {"type": "Feature", "properties": {"code": code},
         "geometry": {"type": "Polygon", "coordinates": rings}}
        for code, rings in OUTLINES.items()
    ]  # fmt: skip
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return sr.Divisions.read({"code": list(names), "name": list(names.values())}, path)


def register(ids: list[str] | None = None, names: list[str] | None = None) -> dict[str, list[Any]]:
    rows = [(code, *JUDGEMENTS[code], *OUTLINES[code][0][0]) for code in JUDGEMENTS]
    return {
        "id": ids or ["p1", "p2", "p3"],
        "name": names or ["罐区", "锅炉", "配电室"],
        "division": [row[0] for row in rows],
        "L": [row[1] for row in rows],
        "E": [row[2] for row in rows],
        "C": [row[3] for row in rows],
        "lon": [row[4] + 0.1 for row in rows],
        "lat": [row[5] + 0.1 for row in rows],
    }


@pytest.fixture
def rollup(tmp_path: Path) -> sr.RollUp:
    return divisions(tmp_path).rollup(sr.grade(register(), "lec"))


def texts(svg: str) -> str:
    return "\n".join("".join(e.itertext()) for e in ET.fromstring(svg).iter(f"{SVG}text"))


def fills(svg: str) -> set[str]:
    return {e.get("fill", "").upper() for e in ET.fromstring(svg).iter()}


def safe(root: ET.Element) -> None:
    """No element or attribute that could run anything or load anything."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2].lower()
        assert tag not in {"script", "foreignobject", "iframe", "image", "animate", "set", "a"}
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2].lower()
            assert not name.startswith("on")
            if name == "href":  # a symbol of the sheet's own, by a number and not by a name
                assert tag == "use"
                assert re.fullmatch("#[a-z0-9-]+", value)
            assert "javascript:" not in value.lower()
            assert "url(http" not in value.lower()


class Elements(HTMLParser):
    """Elements of a page with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(key for key, _ in attrs)))


def elements(page: str) -> list[tuple[str, ...]]:
    parser = Elements()
    parser.feed(page)
    parser.close()
    return parser.found


# ---- what is on the sheet ------------------------------------------------------------------------


def test_the_sheet_has_title_legend_rule_counts_and_footer(rollup: sr.RollUp) -> None:
    svg = sr.map(rollup, title="全市安全风险四色图", data_date="2026-01-01", author="安委办").svg
    text = texts(svg)
    for part in ("全市安全风险四色图", "重大风险", "较大风险", "一般风险", "低风险", "未评估", FOOTER,
                 "2026-01-01", "安委办", "CGCS2000", "登记风险点 3 个", "第1县", "第4县"):  # fmt: skip
        assert part in text, part
    assert "审图号" not in svg
    assert svg.startswith(("<?xml", "<svg"))
    safe(ET.fromstring(svg))


def test_a_review_number_is_printed_only_when_it_is_given(rollup: sr.RollUp) -> None:
    assert "审图号" not in sr.map(rollup, title="t").svg
    assert '"approval":null' in sr.map(rollup, title="t").html()
    assert "赣S(2026)001号" in texts(sr.map(rollup, title="t", approval="赣S(2026)001号").svg)
    assert "审图号" in texts(sr.map(rollup, title="t", approval="赣S(2026)001号").svg)


def test_the_footer_may_be_another_or_none(rollup: sr.RollUp) -> None:
    assert FOOTER not in sr.map(rollup, title="t", footer="经审核公开").svg
    assert "经审核公开" in texts(sr.map(rollup, title="t", footer="经审核公开").svg)
    assert FOOTER not in sr.map(rollup, title="t", footer="").svg


def test_an_english_sheet_has_no_chinese_of_its_own(tmp_path: Path) -> None:
    names = {code: f"County {code[-1]}" for code in OUTLINES}
    graded = sr.grade(register(names=["tank", "boiler", "switch"]), "lec")
    svg = sr.map(divisions(tmp_path, names).rollup(graded), title="Risk map", lang="en").svg
    assert not re.search("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]", texts(svg))
    with pytest.raises(sr.InputError, match="fr"):
        sr.map(divisions(tmp_path, names).rollup(graded), title="t", lang="fr")


@pytest.mark.parametrize(
    ("name", "colours"),
    [
        ("safe", ("#B2001E", "#F58518", "#FFEB5C", "#1D5FC4", "#D9D9D9")),
        ("pure", ("#FF0000", "#FFA500", "#FFFF00", "#0000FF", "#D9D9D9")),
        ("office", ("#FF0000", "#FFC000", "#FFFF00", "#0070C0", "#D9D9D9")),
        ("web", ("#F5222D", "#FA8C16", "#FADB14", "#1890FF", "#D9D9D9")),
    ],
)
def test_palettes_have_the_colours_in_use(
    rollup: sr.RollUp, name: str, colours: tuple[str, ...]
) -> None:
    grades = ("red", "orange", "yellow", "blue", "unassessed")
    assert {g: sr.palettes()[name][g].upper() for g in grades} == dict(
        zip(grades, colours, strict=True)
    )
    assert set(colours) <= fills(sr.map(rollup, title="t", palette=name).svg)
    others = {c for p in sr.palettes().values() for c in p.values()} - set(colours)
    assert not others & fills(sr.map(rollup, title="t", palette=name).svg)


def test_a_palette_of_ones_own_and_wrong_ones(rollup: sr.RollUp) -> None:
    mine = {"red": "#110000", "orange": "#221100", "yellow": "#333300", "blue": "#000044",
            "unassessed": "#555555"}  # fmt: skip
    assert {c.upper() for c in mine.values()} <= fills(sr.map(rollup, title="t", palette=mine).svg)
    evil = '#000000"/><script/>'
    for bad in (
        "rainbow",
        mine | {"red": "red"},
        mine | {"red": evil},
        mine | {"green": "#00FF00"},
    ):
        with pytest.raises((sr.InputError, sr.NotFoundError)):
            sr.map(rollup, title="t", palette=bad)


def test_in_grey_each_grade_is_the_grey_of_its_luma(rollup: sr.RollUp) -> None:
    grey = fills(sr.map(rollup, title="t", grey=True).svg)
    for colour in sr.palettes()["safe"].values():
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert r == g == b or colour.upper() not in grey
        luma = 0.299 * r + 0.587 * g + 0.114 * b  # ITU-R BT.601
        assert {f"#{level:02X}" + f"{level:02X}" * 2 for level in (int(luma), int(luma) + 1)} & grey


@pytest.mark.parametrize(
    ("page", "width", "height"),
    [("A3", 420, 297), ("A3 portrait", 297, 420), ("A4", 297, 210), ("A4 portrait", 210, 297)],
)
def test_pages_have_their_size(rollup: sr.RollUp, page: str, width: int, height: int) -> None:
    root = ET.fromstring(sr.map(rollup, title="t", page=page).svg)
    assert (root.get("width"), root.get("height")) == (f"{width}mm", f"{height}mm")


def test_wrong_calls_are_refused(rollup: sr.RollUp, tmp_path: Path) -> None:
    with pytest.raises((sr.InputError, sr.NotFoundError), match="A9"):
        sr.map(rollup, title="t", page="A9")
    with pytest.raises(sr.InputError, match="mars"):
        sr.map(rollup, title="t", crs="mars")
    d = divisions(tmp_path)
    g = sr.grade(register() | {"enterprise": ["甲", "乙", "丙"]}, "lec")
    with pytest.raises(sr.InputError, match="no boundary"):
        sr.map(d.rollup(g, level="province"), title="t")
    with pytest.raises(sr.InputError, match="no regions"):
        sr.map(d.rollup(g, level="enterprise"), title="t")
    bare = sr.Divisions.read({"code": ["360921"], "name": ["x"]})
    with pytest.raises(sr.InputError, match="boundaries"):
        sr.map(bare.rollup(g), title="t")


def test_regions_and_points_are_filled_by_their_grade(rollup: sr.RollUp) -> None:
    with_points = sr.map(rollup, title="t").svg
    without = sr.map(rollup, title="t", points=False).svg
    assert len(without) < len(with_points)
    colours = sr.palettes()["safe"]
    got = rollup.to_columns()
    assert dict(zip(got["code"], got["grade"], strict=True)) == {
        "360921": "red", "360922": "orange", "360923": "yellow", "360924": None,
    }  # fmt: skip
    # Blue is only in the legend: no region and no point has it.
    count = {c: without.upper().count(v.upper()) for c, v in colours.items()}
    assert count["blue"] < count["red"]
    assert count["unassessed"] > count["blue"] - 1


# ---- the same every time -------------------------------------------------------------------------


def test_shuffled_rows_divisions_and_outlines_give_the_same_bytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    n = 400
    rows: dict[str, list[Any]] = {
        "id": [f"p{i:03}" for i in range(n)],
        "name": [f"点{i}" for i in range(n)],
        "L": rng.choice([0.1, 1, 3, 10, 4], n).tolist(),
        "E": [6] * n,
        "C": rng.choice([1, 7, 15, 40], n).tolist(),
        "lon": rng.uniform(114, 114.5, n).tolist(),
        "lat": rng.uniform(28, 28.5, n).tolist(),
    }
    first = sr.map(divisions(tmp_path).rollup(sr.grade(rows, "lec")), title="图").svg
    order = rng.permutation(n)
    shuffled = {name: [column[i] for i in order] for name, column in rows.items()}
    names = dict(reversed({code: f"第{code[-1]}县" for code in OUTLINES}.items()))
    other = divisions(tmp_path, names).rollup(sr.grade(shuffled, "lec", threads=3), threads=3)
    assert sr.map(other, title="图").svg == first


# ---- files ---------------------------------------------------------------------------------------


def test_files_are_written_whole_and_replaced(rollup: sr.RollUp, tmp_path: Path) -> None:
    m = sr.map(rollup, title="图")
    for name in ("x.svg", "x.html", "X.SVG"):
        target = tmp_path / name
        target.write_text("old", encoding="utf-8")
        assert m.save(str(target)) == target
        data = target.read_bytes()
        assert data == m.render(target.suffix.lower())
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "X.SVG",
        "counties.geojson",
        "x.html",
        "x.svg",
    ]
    ET.parse(tmp_path / "x.svg")


def test_a_path_that_cannot_be_written_is_an_os_error_and_leaves_nothing(
    rollup: sr.RollUp, tmp_path: Path
) -> None:
    m = sr.map(rollup, title="图")
    with pytest.raises(OSError, match="absent"):
        m.save(tmp_path / "absent" / "x.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match=r"folder\.svg"):
        m.save(tmp_path / "folder.svg")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="x"):
        m.save(tmp_path / "file" / "x.svg")
    assert not list(tmp_path.glob(".*"))


def test_an_ending_that_is_none_is_refused(rollup: sr.RollUp, tmp_path: Path) -> None:
    m = sr.map(rollup, title="图")
    for name in ("x.jpg", "x", "x.svg.gz", ".svg"):
        with pytest.raises(sr.InputError, match="saved as"):
            m.save(tmp_path / name)
    assert {p.name for p in tmp_path.iterdir()} == {"counties.geojson"}


# ---- hostile names -------------------------------------------------------------------------------

EVIL = [
    "<script>alert(1)</script>",
    '"/><image href="http://evil.example/x.png" onload="alert(1)"/>',
    "]]><!--",
    "&lt;&#0;&unknown;",
    "\x00\x01\x1b\ufffe\uffff\x7f",
    "'; onmouseover='alert(1)",
    "{{constructor}}${1}",
    "\u202egnp.\u202c\u2028\u2029",
    "javascript:alert(1)",
    "</svg></text><script xlink:href='x'/>",
    "name\nwith\rbreaks\tand tabs",
    "罐" * 500,
    "e\u0301\U0001f4a5",
    "",
    " ",
]


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_names_stay_text(tmp_path: Path, evil: str) -> None:
    names = dict.fromkeys(OUTLINES, evil)
    d = divisions(tmp_path, names)
    g = sr.grade(register(ids=[evil + "1", evil + "2", "3"], names=[evil] * 3), "lec")
    m = sr.map(d.rollup(g), title=evil or "t", subtitle=evil, author=evil, source=evil,
               approval=evil, footer=evil)  # fmt: skip
    root = ET.fromstring(m.svg)
    safe(root)
    assert root.tag == f"{SVG}svg"
    if evil == EVIL[0]:
        assert evil in texts(m.svg)
    harmless = sr.map(divisions(tmp_path).rollup(sr.grade(register(), "lec")), title="t").html()
    assert elements(m.html()) == elements(harmless)
    assert "\n" not in repr(m)
    html = m._repr_html_()
    assert re.fullmatch(r'<img alt="[^"<>]*" style="[^"]*" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]*">',
                        html, re.DOTALL)  # fmt: skip
    assert base64.b64decode(html.partition("base64,")[2][:-2]).decode() == m.svg


def test_grave_points_without_a_place_stay_in_the_legend_and_are_named(tmp_path: Path) -> None:
    d = divisions(tmp_path)
    nowhere = register() | {"division": [None] * 3, "lon": [None] * 3, "lat": [None] * 3}
    m = sr.map(d.rollup(sr.grade(nowhere, "lec")), "图")
    left = {issue.code: issue.message for issue in m.issues}
    assert "3 个风险点不属于任何区域（重大 1 个）" in left["render.points_without_region"]
    assert "3 个不属于任何区域（重大 1 个）" in texts(m.svg).replace("\n", "")
    payload = page_payload(m.html())
    assert sorted(payload["points"]["grade"]) == [2, 3, 4]
    assert payload["points"]["lon"] == [None, None, None]
    without_columns = {k: v for k, v in register().items() if k not in ("lon", "lat")}
    payload = page_payload(sr.map(d.rollup(sr.grade(without_columns, "lec")), "图").html())
    assert sorted(payload["points"]["grade"]) == [2, 3, 4]


def test_a_region_without_a_boundary_is_named_on_the_sheet(tmp_path: Path) -> None:
    d = divisions(tmp_path, {code: f"第{code[-1]}县" for code in OUTLINES} | {"360925": "无界县"})
    rows = register() | {"division": ["360925", "360922", "360923"]}
    m = sr.map(d.rollup(sr.grade(rows, "lec")), "图")
    (issue,) = (i for i in m.issues if i.code == "render.region_without_boundary")
    assert "无界县" in issue.message
    assert "重大 1 个" in issue.message
    assert "无界县无边界，未绘出（1 个，重大 1 个）" in texts(m.svg).replace("\n", "")


def test_a_shuffled_register_gives_the_same_page(tmp_path: Path) -> None:
    d = divisions(tmp_path)
    pages = []
    for order in ([0, 1, 2], [2, 0, 1]):
        rows = {name: [cells[k] for k in order] for name, cells in register().items()}
        pages.append(sr.map(d.rollup(sr.grade(rows, "lec")), "图").html())
    assert pages[0] == pages[1]


def test_enterprises_stand_on_the_page_by_name(tmp_path: Path) -> None:
    rows = register() | {"enterprise": ["e1", "e2", "e3"]}
    firms = {"id": ["e1", "e2"], "name": ["甲公司", "乙公司"]}
    r = divisions(tmp_path).rollup(sr.grade(rows, "lec"), enterprises=firms)
    payload = page_payload(sr.map(r, "图").html())
    assert payload["points"]["enterprise"] == ["甲公司", "乙公司", "e3"]


@pytest.mark.parametrize("day", ["去年", "2026-02-30", "2026"])
def test_a_day_that_is_none_is_refused(rollup: sr.RollUp, day: str) -> None:
    with pytest.raises(sr.InputError, match="data_date is"):
        sr.map(rollup, "图", data_date=day)


def test_only_a_roll_up_is_drawn() -> None:
    with pytest.raises(sr.InputError, match="drawn from a roll-up"):
        sr.map(None, "图")  # type: ignore[arg-type]


def page_payload(page: str) -> dict[str, Any]:
    """What the page carries, from its script elements of data."""
    out: dict[str, Any] = {}
    for text in re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.S):
        data = json.loads(text)
        if isinstance(data, dict):
            out |= data
    return out
