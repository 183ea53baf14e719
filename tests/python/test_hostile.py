"""Input that nobody means well: files, packs and tables made to break the library."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import _core

POINT = {"id": ["a"], "L": [3], "E": [6], "C": [15]}


def pack_text(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(next(p for p in sr.packs() if p.id == "lec.t1").canonical)
    return document | {"pack": "mine.one", "default": False} | changes


# ---- packs ---------------------------------------------------------------------------------------


def test_a_pack_nested_without_end_is_refused(tmp_path: Path) -> None:
    for opening, closing in (("[", "]"), ('{"x":', "}")):
        path = tmp_path / "deep.json"
        depth = 500_000
        inner = opening * depth + "1" + closing * depth
        path.write_text('{"content": ' + inner + "}", encoding="utf-8")
        with pytest.raises(sr.InputError, match="deep"):
            sr.load_pack(path)


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(node, dict):
        for key, value in node.items():
            found += places(value, (*path, key))
    if isinstance(node, list):
        for index, value in enumerate(node):
            found += places(value, (*path, index))
    return found


PLACES = places(pack_text())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PLACES), st.one_of(st.just("remove"), json_values))
def test_a_pack_with_anything_anywhere_compiles_or_is_refused_with_its_place(
    place: tuple[Any, ...], value: Any
) -> None:
    document = pack_text()
    node: Any = document
    for key in place[:-1]:
        node = node[key]
    if value == "remove":
        del node[place[-1]]
    else:
        node[place[-1]] = value
    try:
        method = _core.compile_method(_core.parse_pack(json.dumps(document), "mine.json"))
    except sr.InputError as error:
        message = str(error)
    else:
        message = ""
    if message:
        assert "mine." in message  # the file, or the pack's id, opens the path
        return
    g = sr.grade({"id": [1], "L": [3], "E": [6], "C": [15]}, method)
    assert sum(g.counts()[fate] for fate in ("graded", "not_gradable", "rejected")) == 1


@given(st.binary(max_size=200))
def test_bytes_that_are_no_pack_are_refused(data: bytes) -> None:
    with pytest.raises(sr.InputError):
        _core.parse_pack(data.decode("latin-1"), "x.json")


def test_an_error_that_quotes_broken_bytes_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "bad.geojson"
    for data in (b'{"type": \xe7\xba', b'{"type": "\xe7\xba"}', "{罐".encode(), b"\x80"):
        path.write_bytes(data)
        with pytest.raises(sr.InputError, match=r"bad\.geojson"):
            sr.Divisions.read({"code": ["36"], "name": ["x"]}, path)


def test_numbers_at_the_ends_of_their_range_do_not_move_a_band(tmp_path: Path) -> None:
    for edge in ("1e15", "1e17", "9223372036854775807", "1e300", "1.7976931348623157e308"):
        document = pack_text(tests=[])
        document["content"]["bands"][0]["range"] = f"({edge}, inf)"
        document["content"]["bands"][1]["range"] = f"(160, {edge}]"
        with pytest.raises(sr.InputError, match=r"bands\[0\].*reaches"):
            _core.compile_method(_core.parse_pack(json.dumps(document), "x"))


# ---- tables --------------------------------------------------------------------------------------


class Liar:
    """A sequence that says it is longer than it is."""

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> int:
        if index > 2:
            raise IndexError(index)
        return 3


class Thrower(float):
    def __float__(self) -> float:
        raise ZeroDivisionError("no")


class Index:
    def __index__(self) -> int:
        raise ZeroDivisionError("no index")


@pytest.mark.parametrize(
    "cells", [Liar(), [Index()], [memoryview(b"x")], [...], [NotImplemented], [type]]
)
def test_objects_that_lie_raise_an_error_of_python(cells: Any) -> None:
    table = _core.Table("t")
    with pytest.raises((ValueError, IndexError, TypeError, ZeroDivisionError)):
        table.add("x", cells)
    assert table.names == []


def test_a_float_that_is_a_subclass_is_its_value() -> None:
    table = _core.Table("t")
    table.add("x", [Thrower(3.0)])
    assert table.column("x").tolist() == [3.0]


def test_a_callback_that_changes_the_table_changes_nothing() -> None:
    n = 400_000
    columns = {
        "id": np.arange(n),
        "L": np.full(n, 3.0),
        "E": np.full(n, 6.0),
        "C": np.full(n, 15.0),
    }
    table = _core.Table("t")
    for name, values in columns.items():
        table.add(name, values)
    g = sr.grade(table, "lec", progress=lambda done, total: table.add(f"x{done}", np.zeros(n)))
    assert g.counts()["orange"] == n


def test_results_outlive_their_table() -> None:
    frame = pd.DataFrame({name: values * 1000 for name, values in POINT.items()})
    frame["id"] = range(1000)
    g = sr.grade(pa.table(frame), "lec")
    del frame
    junk = [np.zeros(1000) for _ in range(50)]
    assert g.counts()["orange"] == 1000
    assert "270" in g.explain(999).text
    del junk


@pytest.mark.parametrize("name", ["", "\x00", "a\nb", "罐" * 5000, "<script>", "L ", "__class__"])
def test_columns_of_any_name_pass_through(name: str) -> None:
    g = sr.grade(POINT | {name: ["x"]}, "lec")
    assert g.counts()["orange"] == 1
    assert g.full_table().rows == 1
    g.issues.to_json()


def test_a_header_twice_in_a_frame_is_said_and_not_guessed() -> None:
    frame = pd.DataFrame([["a", 3, 6, 6, 15]], columns=["id", "L", "E", "E", "C"])
    g = sr.grade(frame, "lec")
    assert len(g) == 1
    assert len(g.issues) >= 1
    by_alias = sr.grade(POINT | {"可能性": [6]}, "lec")
    assert len(by_alias.issues) >= 1
    assert by_alias.explain(0).to_dict()["factors"][0]["value"] == "3"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_ids_of_any_text_come_back_as_they_were(ids: list[str]) -> None:
    if any("\ud800" <= c <= "\udfff" for text in ids for c in text):
        with pytest.raises(sr.InputError, match="Unicode"):
            sr.grade({"id": ids, "L": [3] * len(ids), "S": [3] * len(ids)}, "ls")
        return
    g = sr.grade({"id": ids, "L": [3] * len(ids), "S": [3] * len(ids)}, "ls")
    assert g.to_columns()["id"].tolist() == ids
    assert [row["id"] for row in json.loads(g.to_json())["rows"]] == ids
    assert g.to_arrow()["id"].to_pylist() == ids
    for row in range(len(ids)):
        assert g.explain(row).to_dict()["id"] == ids[row]


def test_numbers_of_any_size_are_no_steps() -> None:
    values = [5e-324, 2.0**-1074, 1e308, -1e308, 2.0**53 + 1, 2.0**63, 2.0**64, -(2.0**63), 3 - 2**-51,
              0.1 + 2**-56, math.nextafter(3, 4), math.nextafter(3, 2)]  # fmt: skip
    score, grade = sr.scoring.ls(values, [5.0] * len(values))
    assert np.isnan(score).all()
    assert not grade.any()
    g = sr.grade({"id": range(len(values)), "L": values, "S": [5] * len(values)}, "ls")
    assert g.counts()["rejected"] == len(values)
    for big in (2**63, -(2**63) - 1, 2**200):
        g = sr.grade({"id": [1], "L": [big], "S": [5]}, "ls")
        assert g.counts()["rejected"] == 1
        assert g.issues[0].value == str(big)


def test_columns_that_are_not_those_of_a_method_say_what_they_hold() -> None:
    dates = sr.grade(
        {"id": ["a"], "L": ["2024-01-01"], "S": np.array(["2024-01-01"], "M8[D]")}, "ls"
    )
    assert dates.counts()["rejected"] == 1
    assert [i.code for i in dates.issues] == ["scoring.not_a_number"] * 2
    assert [i.value for i in dates.issues] == ["2024-01-01"] * 2
    truth = sr.grade({"id": ["a"], "L": [True], "S": np.array([True])}, "ls")
    assert truth.counts()["rejected"] == 1


# ---- divisions and outlines ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"type": "Point"}', '{"type": "FeatureCollection"}',
     '{"type": "FeatureCollection", "features": 3}', "[" * 300_000, "\ufeff", "<html>"],
)  # fmt: skip
def test_a_geojson_that_is_none_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(sr.InputError, match=r"bad\.geojson"):
        sr.Divisions.read({"code": ["36"], "name": ["x"]}, path)


geometry = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from(["type", "coordinates"]), json_values),
    st.builds(
        lambda rings: {"type": "Polygon", "coordinates": rings},
        st.lists(st.lists(st.lists(st.floats(-1e3, 1e3), max_size=4), max_size=6), max_size=3),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(json_values, geometry), max_size=4))
def test_features_of_any_kind_are_issues_or_regions(
    tmp_path: Path, features: list[tuple[Any, Any]]
) -> None:
    path = tmp_path / "any.geojson"
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": code}, "geometry": shape}
            for code, shape in features
        ],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    d = sr.Divisions.read({"code": ["36"], "name": ["x"]}, path)
    assert d.locate([114.0], [28.0]).shape == (1,)
    json.loads(d.issues.to_json())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(["36", "3609", "360921", "360922", 360921, 36.0]),
                st.text(max_size=6),
                st.none(),
            ),
            st.one_of(st.text(max_size=3).filter(lambda s: s.isascii()), st.none()),
            st.sampled_from(["36", "3609", "360921", "", "x", None]),
            st.sampled_from(["360921", "360922", "", None]),
        ),
        max_size=8,
    )
)
def test_divisions_of_any_kind_make_a_tree(rows: list[tuple[Any, ...]]) -> None:
    if any(
        isinstance(c, str) and any("\ud800" <= x <= "\udfff" for x in c)
        for row in rows
        for c in row
    ):
        return
    table = {
        name: [row[k] for row in rows]
        for k, name in enumerate(("code", "name", "parent", "successor"))
    }
    d = sr.Divisions.read(table)
    g = sr.grade({"id": [1], "L": [3], "S": [3], "division": ["360921"]}, "ls")
    for level in ("country", "city", "county"):
        assert sum(d.rollup(g, level=level).to_columns()["rows"]) == 1


# ---- lines as long as files ----------------------------------------------------------------------

# Measures itself: the peak of a process is not its parent's after exec.
MEASURE = """
import sys
from pathlib import Path
import safetyrisk as sr
from safetyrisk.io import read_boundaries

def peak():
    status = Path("/proc/self/status").read_text()
    return int(next(x for x in status.splitlines() if x.startswith("VmHWM")).split()[1]) * 1024

file = Path(sys.argv[1])
before = peak()
try:
    if file.suffix == ".csv":
        sr.grade(file, "lec")
    else:
        read_boundaries(file, check=False)
    end = "read"
except sr.InputError as error:
    end = str(error)[-200:]
print((peak() - before) / file.stat().st_size)
print(end)
"""


def write_long_line(file: Path, size: int) -> None:
    """Write a file of about `size` bytes, nearly all of them in one line."""
    ring = '{{"type":"Polygon","coordinates":[[{}]]}}'
    feature = (
        '{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":'
        '{{"code":"360902","name":"{}"}},"geometry":{}}}]}}'
    )
    with file.open("w", encoding="utf-8") as out:
        if file.stem == "ring":
            one = "[110.1234567,30.1234567],[110.2234567,30.1234567],[110.2234567,30.2234567],"
            corners = one * (size // len(one)) + "[110.1,30.1]"
            out.write(feature.format("示例区", ring.format(corners)))
        elif file.stem == "text":
            triangle = ring.format("[110,30],[111,30],[111,31],[110,30]")
            out.write(feature.format("x" * size, triangle))
        elif file.stem == "cell":
            out.write('id,name,L,E,C\n1,"' + "x" * size + '",3,6,15\n2,y,3,6,15\n')
        elif file.stem == "header":
            out.write("id,L,E,C" + ",c" * (size // 2) + "\n1,3,6,15\n")
        else:
            rows = "".join(f"{i},3,6,15\n" for i in range(50))
            out.write("id,L,E,C\n" + rows + "x,3,6,15" + ",1" * (size // 2) + "\ny,3,6,15\n")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
@pytest.mark.parametrize("size", [20_000_000, pytest.param(200_000_000, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("ring.geojson", "read"),
        ("text.geojson", "read"),
        ("cell.csv", "field larger than field limit"),
        ("header.csv", "line 1 has"),
        ("row.csv", "line 52 has"),
    ],
)
def test_a_line_as_long_as_the_file_takes_no_more_than_four_times_its_memory(
    tmp_path: Path, name: str, end: str, size: int
) -> None:
    file = tmp_path / name
    write_long_line(file, size)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True
    )
    times, said = done.stdout.splitlines()
    assert end in said
    assert float(times) <= 4.0
