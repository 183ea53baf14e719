"""The interactive map, opened in a real Chromium with the network cut."""

from __future__ import annotations

import copy
import io
import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from safetyrisk._page import page
from support_chromium import Chromium, find_chromium

needs_chromium = pytest.mark.skipif(
    find_chromium() is None, reason="no Chromium executable: apt-get install chromium"
)

PALETTE = {
    "red": "#B2001E",
    "orange": "#F58518",
    "yellow": "#FFEB5C",
    "blue": "#1D5FC4",
    "unassessed": "#D9D9D9",
}


def square(west: float, south: float, side: float) -> list[int]:
    """A ring as the payload writes it: first corner, then differences, in 1e-6 degrees."""
    step = round(side * 1e6)
    return [round(west * 1e6), round(south * 1e6), step, 0, 0, step, -step, 0]


Row = tuple[str, str, str, float | None, float | None, int]


def columns(points: Sequence[Row]) -> dict[str, Any]:
    """Columns of points given as (id, name, enterprise, lon, lat, grade)."""

    def micro(value: float | None) -> int | None:
        return None if value is None else round(value * 1e6)

    return {
        "id": [p[0] for p in points],
        "name": [p[1] for p in points],
        "enterprise": [p[2] for p in points],
        "lon": [micro(p[3]) for p in points],
        "lat": [micro(p[4]) for p in points],
        "grade": [p[5] for p in points],
        "score": [10.0 * p[5] if p[5] else None for p in points],
        "explanation": list(range(len(points))),
        "region": [0 if p[3] is not None and p[3] < 115 else 1 for p in points],
    }


def payload(**changes: Any) -> dict[str, Any]:
    """Two square regions side by side, the western one with a hole, and seven points."""
    points: list[Row] = [
        ("P1", "氨制冷机房", "甲冷链公司", 114.25, 28.25, 4),
        ("P2", "喷涂车间", "乙家具公司", 114.75, 28.25, 3),
        ("P3", "锅炉房", "乙家具公司", 115.25, 28.25, 2),
        ("P4", "配电室", "丙食品公司", 115.75, 28.25, 1),
        ("P5", "污水池", "丙食品公司", 115.75, 28.75, 0),
        ("P6", "装卸栈台", "丁物流公司", 115.25, 28.75, 1),
        ("P7", "地下车库", "戊商贸公司", None, None, 3),
    ]
    result: dict[str, Any] = {
        "format": 1,
        "lang": "zh",
        "title": "示例四色图",
        "subtitle": None,
        "footer": "内部工作用图，未经审核不得公开",
        "approval": None,
        "source": "虚构数据",
        "data_date": "2025-12-31",
        "rule": "最高等级 (worst)",
        "crs": "CGCS2000/WGS84",
        "palette": PALETTE,
        "unit": 1e-6,
        "regions": {
            "code": ["990101", "990102"],
            "name": ["西山县", "东河区"],
            "grade": [4, 0],
            "counts": [[1, 1, 0, 0, 0, 0], [0, 0, 1, 2, 1, 3]],
            "polygons": [
                [[square(114, 28, 1), square(114.4, 28.6, 0.2)]],
                [[square(115, 28, 1)]],
            ],
        },
        "points": columns(points),
        "explanations": [f"{p[1]}\n第二行：D = {p[5]}" for p in points],
    }
    result.update(changes)
    return result


def pixels(png: bytes) -> tuple[bytes, int]:
    """The bytes, and how many make a pixel, of an 8-bit PNG without interlace."""
    stream = io.BytesIO(png[8:])
    data = b""
    width = depth = 0
    while head := stream.read(8):
        length, kind = struct.unpack(">I4s", head)
        body = stream.read(length + 4)[:length]
        if kind == b"IHDR":
            width, _, bits, colour = struct.unpack(">IIBB", body[:10])
            assert bits == 8
            depth = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            data += body
    raw, rows, row = zlib.decompress(data), bytearray(), bytearray(width * depth)
    for start in range(0, len(raw), width * depth + 1):
        line = bytearray(raw[start + 1 : start + 1 + width * depth])
        for i in range(len(line)):
            left = line[i - depth] if i >= depth else 0
            above = row[i]
            corner = row[i - depth] if i >= depth else 0
            match raw[start]:
                case 1:
                    line[i] = (line[i] + left) & 255
                case 2:
                    line[i] = (line[i] + above) & 255
                case 3:
                    line[i] = (line[i] + (left + above) // 2) & 255
                case 4:
                    guess = left + above - corner
                    near = min((abs(guess - v), n, v) for n, v in enumerate((left, above, corner)))
                    line[i] = (line[i] + near[2]) & 255
        rows += line
        row = line
    return bytes(rows), depth


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium(1280, 720) as started:
        yield started


@pytest.fixture
def show(browser: Chromium, tmp_path: Path) -> Any:
    """Writes a payload's page, opens it, waits until the map rests; checks it at the end."""
    files: list[Path] = []

    def open_page(data: dict[str, Any]) -> Chromium:
        file = tmp_path / "map.html"
        file.write_text(page(data), encoding="utf-8")
        files.append(file)
        browser.resize(1280, 720)
        browser.open(file)
        rest(browser)
        return browser

    yield open_page
    assert browser.requests == [files[-1].as_uri()], "the page asked for something"
    assert browser.complaints == []


def colours(browser: Chromium, lon: float, lat: float) -> Counter[str]:
    """How many of the 16 x 16 pixels around a place have each colour."""
    x, y = place(browser, lon, lat)
    clip = {"x": round(x) - 8, "y": round(y) - 8, "width": 16, "height": 16, "scale": 1}
    data, depth = pixels(browser.screenshot(clip))
    return Counter("#" + data[i : i + 3].hex().upper() for i in range(0, len(data), depth))


def rest(browser: Chromium) -> None:
    browser.wait_for("window.safetyriskMap && !safetyriskMap.state().busy")


def place(browser: Chromium, lon: float, lat: float) -> tuple[float, float]:
    x, y = browser.run(f"safetyriskMap.project({lon}, {lat})")
    return x, y


def panel(browser: Chromium) -> str:
    return str(browser.run("document.getElementById('panel').innerText"))


def search(browser: Chromium, text: str) -> list[str]:
    browser.run("document.getElementById('clear').click()")
    browser.type(text)
    browser.wait_for("!document.getElementById('found').hidden")
    found = browser.run("[...document.querySelectorAll('#hits b')].map((e) => e.textContent)")
    return list(found)


# ---- the text ----------------------------------------------------------------------


def data_block(text: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', text, re.S)
    assert found
    return json.loads(found[1])


def test_page_carries_the_payload_unchanged() -> None:
    data = payload()
    text = page(data)
    back = {**data_block(text, "payload"), "explanations": data_block(text, "explanations")}
    assert back == data


def test_page_is_a_function_of_the_payload_and_leaves_it_alone() -> None:
    data = payload()
    before = copy.deepcopy(data)
    assert page(data) == page(payload())
    assert data == before


def test_script_and_style_together_weigh_at_most_40_kib() -> None:
    text = page(payload())
    script = re.search(r"<script>(.*?)</script>", text, re.S)
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert script
    assert style
    assert len((script[1] + style[1]).encode("utf-8")) <= 40 * 1024


def test_page_names_no_other_host() -> None:
    text = page({"format": 1})
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+|@import|url\(", text) == []


HOSTILE = [
    "</script><img src=x onerror=window.hurt=1>",
    "<!--<script>window.hurt=1</script>",
    "\"'`${window.hurt=1}{{script}}&lt;b&gt;",
    "first\u2028second\u2029third",
    "nul\x00in\x1bside\x85",
    "\ud800 alone",
    "=cmd|' /C calc'!A0",
    "a\u202eb",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_data_leaves_its_block(text: str) -> None:
    data = payload(title=text, footer=text, approval=text, explanations=[text])
    whole = page(data)
    assert data_block(whole, "payload")["title"] == text
    assert data_block(whole, "explanations") == [text]
    for tag in ("<script", "</script>", "<img", "<!--", "<b>"):
        assert whole.count(tag) == page(payload()).count(tag)
    whole.encode("utf-8")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({}, "format is None"),
        ({"format": 2}, "format is 2"),
        ({"format": 1, "unit": float("nan")}, "JSON compliant"),
    ],
)
def test_a_payload_that_cannot_be_written_is_refused(bad: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        page(bad)


# ---- the map -----------------------------------------------------------------------


@needs_chromium
def test_click_on_a_point_shows_its_explanation(show: Any) -> None:
    browser = show(payload())
    browser.click(*place(browser, 114.75, 28.25))
    text = panel(browser)
    for part in ("喷涂车间", "乙家具公司", "西山县", "较大风险", "P2", "第二行：D = 3"):
        assert part in text
    prose = browser.run("document.querySelector('.prose').textContent")
    assert prose == "喷涂车间\n第二行：D = 3"
    browser.key("Escape", 27)
    assert browser.run("document.getElementById('panel').hidden")


@needs_chromium
def test_click_on_a_region_shows_its_counts(show: Any) -> None:
    browser = show(payload())
    browser.click(*place(browser, 115.5, 28.5))
    numbers = browser.run(
        "[...document.querySelectorAll('#body .tally')].map((e) => e.lastChild.textContent)"
    )
    assert numbers == ["0", "0", "1", "2", "1", "3", "7"]
    assert "东河区" in panel(browser)
    assert "未评估" in panel(browser)


@needs_chromium
def test_a_hole_is_no_part_of_its_region(show: Any) -> None:
    browser = show(payload())
    browser.click(*place(browser, 114.5, 28.7))
    assert browser.run("document.getElementById('panel').hidden")


@needs_chromium
def test_points_and_regions_have_the_colours_of_the_palette(show: Any) -> None:
    browser = show(payload(palette=PALETTE | {"orange": "#00AA77"}))
    for (lon, lat), colour in {
        (114.25, 28.25): PALETTE["red"],
        (114.75, 28.25): "#00AA77",
        (115.25, 28.25): PALETTE["yellow"],
        (115.75, 28.25): PALETTE["blue"],
    }.items():
        assert colours(browser, lon, lat)[colour] > 40


@needs_chromium
def test_a_grade_can_be_hidden_and_shown(show: Any) -> None:
    browser = show(payload())
    assert colours(browser, 114.25, 28.25)[PALETTE["red"]] > 40
    browser.run("document.querySelector('[data-grade=red]').click()")
    rest(browser)
    # Points and the fill of red regions go; the white of an unfilled region stays.
    assert colours(browser, 114.25, 28.25) == {"#FFFFFF": 256}
    assert [s["id"] for s in browser.run("safetyriskMap.symbols()") if s["grade"] == 4] == []
    assert colours(browser, 114.75, 28.25)[PALETTE["orange"]] > 40
    browser.run("document.querySelector('[data-grade=red]').click()")
    rest(browser)
    assert colours(browser, 114.25, 28.25)[PALETTE["red"]] > 40


@needs_chromium
def test_grades_differ_without_colour(show: Any) -> None:
    # In one grey for all grades, hatching alone must tell the regions apart.
    grey = dict.fromkeys(PALETTE, "#808080")
    data = payload(palette=grey, points=columns([]))
    seen = []
    for grade in (1, 2, 3, 4):
        data["regions"]["grade"] = [grade, grade]
        browser = show(data)
        x, y = place(browser, 115.15, 28.85)
        clip = {"x": round(x), "y": round(y), "width": 48, "height": 48, "scale": 1}
        seen.append(pixels(browser.screenshot(clip)))
    assert len(set(seen)) == 4
    plain, depth = seen[0]
    assert plain == plain[:depth] * (48 * 48)


@needs_chromium
def test_search_finds_points_enterprises_and_regions(show: Any) -> None:
    browser = show(payload())
    assert search(browser, "机房") == ["氨制冷机房"]
    assert search(browser, "家具") == ["乙家具公司", "喷涂车间", "锅炉房"]
    assert search(browser, "东河") == ["东河区"]
    assert search(browser, "p4") == ["配电室"]
    assert search(browser, "家具 锅炉") == ["锅炉房"]
    assert search(browser, "没有的") == []
    assert search(browser, "机房") == ["氨制冷机房"]
    browser.key("ArrowDown", 40)
    browser.key("Enter", 13, "\r")
    assert "第二行：D = 4" in panel(browser)
    browser.wait_for("safetyriskMap.state().scale > 2 * safetyriskMap.state().fit")
    rest(browser)
    # It flew there: the point stands in the middle of what the panel leaves free.
    x, y = place(browser, 114.25, 28.25)
    left, right, top, bottom = browser.run(
        "(() => { const m = document.getElementById('map').getBoundingClientRect();"
        " return [m.left, document.getElementById('panel').getBoundingClientRect().left,"
        " m.top, m.bottom]; })()"
    )
    assert abs(x - (left + right) / 2) < 12
    assert abs(y - (top + bottom) / 2) < 12


@needs_chromium
def test_a_point_without_coordinates_is_counted_and_found(show: Any) -> None:
    browser = show(payload())
    assert "1 个风险点没有坐标" in browser.run("document.getElementById('note').textContent")
    orange = "document.querySelector('[data-grade=orange]').parentNode.lastChild.textContent"
    assert browser.run(orange) == "2"
    assert search(browser, "车库") == ["地下车库"]
    browser.key("Enter", 13, "\r")
    assert "无坐标" in panel(browser)


@needs_chromium
def test_clusters_keep_the_gravest_grade_and_every_point(show: Any) -> None:
    # 900 points in a square a few pixels wide, one of them red, it being first in no order.
    spread = [
        (f"Q{i:03d}", "点", "某公司", 115.5 + i % 30 * 1e-4, 28.5 + i // 30 * 1e-4, i % 3 + 1)
        for i in range(900)
    ]
    spread[437] = (*spread[437][:5], 4)
    data = payload(points=columns(spread), explanations=["同"] * 900)
    browser = show(data)
    symbols = browser.run("safetyriskMap.symbols()")
    assert [(s["id"], s["grade"], s["count"]) for s in symbols] == [("Q437", 4, 900)]
    # Whatever the scale, points in sight are all in some symbol and the red one is on top.
    for _ in range(14):
        x, y = place(browser, 115.5014, 28.5014)
        browser.mouse("mouseWheel", x, y, deltaX=0, deltaY=-200)
        rest(browser)
        symbols = browser.run("safetyriskMap.symbols()")
        assert symbols[-1]["grade"] == 4
        apart = [
            (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2
            for n, a in enumerate(symbols)
            for b in symbols[:n]
        ]
        assert not apart or min(apart) > 28**2
        if len(symbols) < 300 and all(100 < s["x"] < 860 for s in symbols):
            assert sum(s["count"] for s in symbols) == 900
    assert len(symbols) > 20


@needs_chromium
def test_every_red_point_has_a_symbol_of_its_own(show: Any) -> None:
    # Twelve red points a dozen pixels apart among two hundred others; two more on one spot.
    points: list[Row] = [(f"R{i:02}", "红", "甲", 114.3 + 0.03 * i, 28.5, 4) for i in range(12)]
    points += [(f"S{i}", "同处", "甲", 114.8, 28.2, 4) for i in range(2)]
    points += [
        (f"B{i:03}", "蓝", "甲", 114.3 + 0.0011 * i, 28.5 + 0.004 * (i % 5), 1) for i in range(200)
    ]
    browser = show(payload(points=columns(points), explanations=["x"] * len(points)))
    symbols = browser.run("safetyriskMap.symbols()")
    red = [s for s in symbols if s["grade"] == 4]
    assert len(red) == 13
    assert sum(s["count"] for s in symbols) == len(points)


@needs_chromium
def test_clusters_do_not_depend_on_the_order_of_rows(show: Any) -> None:
    rows = [
        (f"R{i:03d}", "点", "", 114 + i * 37 % 200 / 100, 28 + i * 91 % 100 / 100, i % 5)
        for i in range(300)
    ]
    texts = ["同"] * len(rows)
    seen = [
        show(payload(points=columns(order), explanations=texts)).run("safetyriskMap.symbols()")
        for order in (rows, rows[::-1], rows[100:] + rows[:100])
    ]
    assert seen[0] == seen[1] == seen[2]
    assert sum(s["count"] for s in seen[0]) == 300


@needs_chromium
def test_dragging_wheel_keys_and_buttons_move_the_map(show: Any) -> None:
    browser = show(payload())
    x, y = place(browser, 115.5, 28.5)
    browser.mouse("mousePressed", x, y, button="left", clickCount=1)
    browser.mouse("mouseMoved", x - 60, y - 40, button="left", buttons=1)
    browser.mouse("mouseReleased", x - 60, y - 40, button="left", clickCount=1)
    rest(browser)
    assert place(browser, 115.5, 28.5) == pytest.approx((x - 60, y - 40), abs=0.01)
    assert browser.run("document.getElementById('panel').hidden"), "a drag is not a click"
    # The wheel leaves the place under the cursor (a whole pixel) where it is.
    before = browser.run("safetyriskMap.state().scale")
    browser.mouse("mouseWheel", x - 60, y - 40, deltaX=0, deltaY=-120)
    browser.wait_for(f"safetyriskMap.state().scale > {before} * 1.1")
    assert place(browser, 115.5, 28.5) == pytest.approx((x - 60, y - 40), abs=0.5)
    browser.run("document.getElementById('marks').focus()")
    browser.key("ArrowRight", 39)
    rest(browser)
    assert place(browser, 115.5, 28.5)[0] == pytest.approx(x - 140, abs=0.5)
    browser.run("document.getElementById('home').click()")
    browser.wait_for("safetyriskMap.state().scale === safetyriskMap.state().fit")
    rest(browser)
    assert place(browser, 115.5, 28.5) == pytest.approx((x, y), abs=0.01)


@needs_chromium
def test_hovering_names_what_is_under_the_cursor(show: Any) -> None:
    browser = show(payload())
    tip = "document.getElementById('tip')"
    browser.mouse("mouseMoved", *place(browser, 115.25, 28.25))
    browser.wait_for(f"!{tip}.hidden")
    assert "锅炉房" in browser.run(f"{tip}.textContent")
    browser.mouse("mouseMoved", *place(browser, 115.5, 28.1))
    browser.wait_for(f"{tip}.textContent.includes('东河区')")


@needs_chromium
def test_hostile_texts_are_shown_as_texts_and_run_nothing(show: Any) -> None:
    # A lone surrogate reaches the page as it is, but no protocol can carry it back.
    texts = [t for t in HOSTILE if "\ud800" not in t]
    rows = [(f"H{i}{t}", t, t, 114.1 + i * 0.12, 28.3, 1 + i % 4) for i, t in enumerate(texts)]
    data = payload(points=columns(rows), explanations=texts)
    data |= dict.fromkeys(("title", "subtitle", "footer", "approval", "source", "rule"), texts[0])
    data["regions"]["name"] = texts[:2]
    browser = show(data)
    assert browser.run("document.getElementById('title').textContent") == texts[0]
    for i, text in enumerate(texts):
        browser.run("document.getElementById('clear').click()")
        browser.type(f"H{i}")
        browser.wait_for("document.querySelectorAll('#hits li').length === 1")
        assert browser.run("document.querySelector('#hits b').textContent") == text
        browser.key("Enter", 13, "\r")
        assert browser.run("document.getElementById('name').textContent") == text
        assert browser.run("document.querySelector('.prose').textContent") == text
    browser.run("document.getElementById('home').click()")
    browser.mouse("mouseMoved", *place(browser, 115.5, 28.8))
    assert browser.run("[window.hurt, document.images.length]") == [None, 0]


@needs_chromium
def test_the_approval_number_stands_only_where_one_is_given(show: Any) -> None:
    browser = show(payload())
    assert "审图号" not in browser.run("document.body.innerText")
    assert "未经审核不得公开" in browser.run("document.body.innerText")
    browser = show(payload(approval="赣S(2025)001号"))
    assert "审图号：赣S(2025)001号" in browser.run("document.body.innerText")


@needs_chromium
def test_english_page_has_no_chinese_of_its_own(show: Any) -> None:
    data = payload(lang="en", title="T", footer="F", source="S", rule="worst")
    data["regions"]["name"] = ["West", "East"]
    data["points"]["name"] = data["points"]["enterprise"] = list("abcdefg")
    data["explanations"] = list("abcdefg")
    browser = show(data)
    browser.click(*place(browser, 115.5, 28.5))
    assert "Not assessed" in panel(browser)
    whole = browser.run(
        "document.body.innerText + [...document.querySelectorAll('*')]"
        ".map((e) => (e.ariaLabel || '') + (e.title || '') + (e.placeholder || '')).join()"
    )
    assert re.findall("[\u3400-\u9fff]", whole) == []


@needs_chromium
@pytest.mark.parametrize("missing", [(), ("regions",), ("points",), ("regions", "points")])
def test_a_map_with_nothing_on_it_opens(show: Any, missing: tuple[str, ...]) -> None:
    data = payload()
    for key in missing:
        data[key] = {name: [] for name in data[key]}
    browser = show(data)
    assert browser.run("!document.getElementById('empty').hidden") == (len(missing) == 2)
    if len(missing) == 2:
        assert "暂无可显示的内容" in browser.run("document.getElementById('empty').innerText")
    browser.mouse("mouseMoved", 700, 400)
    browser.click(700, 400)
    browser.mouse("mouseWheel", 700, 400, deltaX=0, deltaY=-120)
    rest(browser)


@needs_chromium
def test_everything_is_on_the_page_on_a_tablet_in_portrait(show: Any) -> None:
    browser = show(payload())
    browser.resize(820, 1180, scale=2, mobile=True)
    browser.wait_for("document.getElementById('chart').width === 2 * 820")
    rest(browser)
    assert browser.run("document.documentElement.scrollWidth") == 820
    for name in ("query", "grades", "switches", "tools", "warning", "marks"):
        left, top, right, bottom = browser.run(
            f"(() => {{ const b = document.getElementById('{name}').getBoundingClientRect();"
            " return [b.left, b.top, b.right, b.bottom]; })()"
        )
        assert 0 <= left < right - 30 <= 790, name
        assert 0 <= top < bottom - 10 <= 1170, name


@needs_chromium
def test_controls_have_names_and_can_be_reached_by_key(show: Any) -> None:
    browser = show(payload())
    nameless = browser.run(
        "[...document.querySelectorAll('button, input, [tabindex], [role=application]')]"
        ".filter((e) => !(e.ariaLabel || e.title || e.textContent.trim() ||"
        " (e.labels && e.labels.length) || e.getAttribute('aria-labelledby'))"
        " && !e.closest('[hidden]')).map((e) => e.outerHTML)"
    )
    assert nameless == []
    reached = []
    browser.run("document.body.focus()")
    for _ in range(16):
        browser.key("Tab", 9)
        reached.append(
            browser.run(
                "document.activeElement.id || document.activeElement.dataset.grade ||"
                " document.activeElement.dataset.show"
            )
        )
    for name in ("query", "red", "blue", "unassessed", "points", "hatch", "marks", "in", "home"):
        assert name in reached


@needs_chromium
def test_200_000_points_open(show: Any) -> None:
    number = 200_000
    points = {
        "id": [f"N{i:06d}" for i in range(number)],
        "name": ["锅炉房"] * number,
        "enterprise": [f"企业{i % 9000}" for i in range(number)],
        "lon": [114_000_000 + i * 7919 % 2_000_000 for i in range(number)],
        "lat": [28_000_000 + i * 104_729 % 1_000_000 for i in range(number)],
        "grade": [4 if i == 123_456 else i % 4 for i in range(number)],
        "score": [None] * number,
        "explanation": [i % 5 for i in range(number)],
        "region": [-1] * number,
    }
    browser = show(payload(points=points, explanations=list("甲乙丙丁戊")))
    symbols = browser.run("safetyriskMap.symbols()")
    assert sum(s["count"] for s in symbols) == number
    assert (symbols[-1]["id"], symbols[-1]["grade"]) == ("N123456", 4)
    assert search(browser, "n123456") == ["锅炉房"]
    browser.key("Enter", 13, "\r")
    rest(browser)
    assert "重大风险" in panel(browser)
