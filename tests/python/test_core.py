"""The core from Python: grades, issues, errors, codes, dates, tables and Arrow."""

import datetime as dt
import gc
import hashlib
import itertools
import json
import math
import re
import resource
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import _core, core


def table_of(**columns: Any) -> core.Table:
    table = core.Table("t")
    for name, values in columns.items():
        table.add(name, values)
    return table


# ---- grades --------------------------------------------------------------------------------------


def test_grades_are_ordered_by_gravity_and_are_no_numbers() -> None:
    order = [sr.Grade.BLUE, sr.Grade.YELLOW, sr.Grade.ORANGE, sr.Grade.RED]
    assert sorted([*reversed(order)]) == order
    for (i, a), (j, b) in itertools.product(enumerate(order), repeat=2):
        assert (a < b, a <= b, a > b, a >= b, a == b) == (i < j, i <= j, i > j, i >= j, i == j)
    assert max(order) is sr.Grade.RED
    assert [g.word for g in order] == ["低风险", "一般风险", "较大风险", "重大风险"]
    for grade in order:
        with pytest.raises(TypeError):
            int(grade)  # type: ignore[call-overload]
        with pytest.raises(TypeError):
            grade < 3  # type: ignore[operator]  # noqa: B015
        assert grade != 4
        assert sr.Grade(grade.value) is grade
    with pytest.raises(ValueError, match="purple"):
        sr.Grade("purple")


# ---- errors --------------------------------------------------------------------------------------


def test_errors_are_pythons_own_kinds_and_print_their_sentence() -> None:
    with pytest.raises(ValueError, match="no table") as wrong:
        sr.grade(7, "lec")
    assert isinstance(wrong.value, sr.InputError)
    with pytest.raises(KeyError) as absent:
        sr.grade({"id": []}, "lecc")
    assert isinstance(absent.value, sr.NotFoundError)
    assert str(absent.value).startswith("there is no pack 'lecc'")  # not its repr, as KeyError does
    assert "lec.t1" in str(absent.value) or "near" not in str(absent.value)
    assert issubclass(sr.InputError, sr.Error)
    assert issubclass(sr.NotFoundError, sr.Error)
    assert not issubclass(sr.InputError, KeyError)
    for error in (sr.Error, sr.InputError, sr.NotFoundError):
        assert error.__module__ == "safetyrisk"
        assert str(error("x")) == "x"


# ---- issues --------------------------------------------------------------------------------------


@pytest.fixture
def issues() -> sr.Issues:
    table = {"id": ["a", "b", "b"], "L": [4, 3, 6], "E": [6, 6, 6], "C": [15, 15, 15]}
    return sr.grade(table, "lec").issues


def test_issues_are_a_list_in_either_language(issues: sr.Issues) -> None:
    assert len(issues) == 3
    assert [i.row for i in issues] == [0, 1, 2]
    assert issues[-1] == issues[2]
    assert issues[0].code == "scoring.off_scale"
    assert issues[0].table == "risk_points"
    assert (issues[0].line, issues[0].source) == (None, "")
    for bad in (3, -4):
        with pytest.raises(IndexError):
            issues[bad]
    assert issues.count("error") == 3
    assert issues.counts() == {"scoring.duplicate_conflict": 2, "scoring.off_scale": 1}
    with pytest.raises(sr.InputError, match="fatal"):
        issues.count("fatal")
    assert issues.in_language("en")[0].message != issues[0].message
    with pytest.raises(sr.InputError, match="fr"):
        issues.in_language("fr")[0]
    assert repr(issues) == "<safetyrisk issues: 3 errors>"
    both = issues + issues
    assert len(both) == 6
    assert len(issues) == 3
    assert both[4] == issues[1]
    with pytest.raises(AttributeError):
        issues[0].row = 5  # type: ignore[misc]


def test_a_missing_column_points_at_no_line_of_the_file(tmp_path: Any) -> None:
    path = tmp_path / "points.csv"
    path.write_text("id,L,E\na,3,6\nb,4,6\n", encoding="utf-8")
    issues = sr.grade(path, "lec").issues
    (column,) = [i for i in issues if i.code == "scoring.column_missing"]
    assert (column.column, column.row, column.line, column.source) == (
        "C",
        None,
        None,
        "points.csv",
    )
    (off,) = [i for i in issues if i.code == "scoring.off_scale"]
    assert (off.row, off.line, off.value) == (1, 3, "4")


def test_a_long_value_is_cut_at_200_characters() -> None:
    g = sr.grade({"id": ["a"], "L": ["罐" * 5000], "E": [6], "C": [15]}, "lec")
    assert g.issues[0].value == "罐" * 200 + "…"
    assert len(g.issues[0].message) < 400


def test_the_catalogue_is_sorted_and_complete() -> None:
    catalogue = core.issue_catalogue()
    codes = [kind["code"] for kind in catalogue]
    assert codes == sorted(set(codes))
    assert {kind["severity"] for kind in catalogue} == {"error", "warning", "info"}
    with pytest.raises(sr.NotFoundError):
        _core.IssueTable().add("scoring.nothing")


# ---- results -------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Elements and attributes of a page, and whether its tags nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def results() -> dict[str, Any]:
    evil = "<script>alert('1')</script>\"><img src=x onerror=alert(1)>&amp;"
    rows = {
        "id": [evil, "b"],
        "enterprise": [evil, evil],
        "L": [3, evil],
        "E": [6, 6],
        "C": [15, 15],
    }
    g = sr.grade(rows | {"division": ["360924", "360924"]}, "lec")
    d = sr.Divisions.read({"code": ["360924"], "name": [evil]})
    return {
        "graded": g,
        "issues": g.issues,
        "issues_en": g.issues.in_language("en"),
        "explanation": g.explain(0),
        "explanation of none": g.explain(1),
        "divisions": d,
        "rollup": d.rollup(g),
        "enterprises": d.rollup(g, level="enterprise"),
        "methods": sr.methods(),
    }


@pytest.mark.parametrize("name", results())
def test_html_of_every_result_escapes_what_comes_from_data(name: str) -> None:
    page = Page()
    page.feed(results()[name]._repr_html_())
    page.close()
    assert not page.open
    assert set(page.tags) <= {
        "div",
        "span",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
    }
    assert {key for key, _ in page.attributes} <= {"style", "class"}
    if name in ("graded", "issues", "explanation", "rollup", "enterprises"):
        assert "<script>alert('1')</script>" in page.text
    assert "\n" not in repr(results()[name])


@pytest.mark.parametrize("name", ["graded", "issues", "rollup", "enterprises", "methods"])
def test_every_result_is_a_table_for_pandas_arrow_polars_and_json(name: str) -> None:
    result = results()[name]
    columns = result.to_columns()
    frame = result.to_pandas()
    arrow = result.to_arrow()
    polars = pl.DataFrame(result)
    document = json.loads(result.to_json())
    assert list(columns) == list(frame.columns) == arrow.column_names == polars.columns
    assert len(result) == len(frame) == arrow.num_rows == polars.height == len(document["rows"])
    assert document["format"] == 1
    assert arrow.to_pylist() == document["rows"] == polars.to_dicts()
    arrow.validate(full=True)


def test_a_result_of_no_rows_is_a_table_too() -> None:
    g = sr.grade({"id": [], "L": [], "E": [], "C": []}, "lec")
    assert g.to_pandas().shape == (0, 9)
    assert g.to_arrow().num_rows == 0
    assert pl.DataFrame(g).shape == (0, 9)
    assert json.loads(g.to_json())["rows"] == []
    assert g.counts()["rows_in"] == 0
    assert [(one.code, one.severity) for one in g.issues] == [("scoring.no_rows", "error")]
    assert "0" in g._repr_html_()


# ---- codes and dates -----------------------------------------------------------------------------

CREDIT_CODES = [
    "914403001922038216",
    "9144030071526726XG",
    "91110000710926094P",
    "91110000710925462X",
    "91110000802100433B",
    "91440300192181490G",
    "91440300192317458F",
    "91370000163044841F",
    "91100000100003962T",
    "911100007109250324",
    "91110000100001043E",
    "91330100799655058B",
    "91310000132260250X",
    "91440400192548256N",
    "91440606722473344C",
    "9132070070404786XB",
    "91310000631696382C",
    "91350000157987632G",
    "91330000733796106P",
    "91350900587527783P",
    "121200004013590816",
    "9115220107837941X1",
    "91620105L015101280",
    "92340603MA2PBMCG0U",
]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_credit_codes_of_companies_are_right_and_one_changed_character_is_caught() -> None:
    for code in CREDIT_CODES:
        assert core.credit_code_status(code) == "ok"
        for i, c in itertools.product(range(18), ALPHABET):
            if c != code[i]:
                assert core.credit_code_status(code[:i] + c + code[i + 1 :]) != "ok"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("91110000600037341N", "check"),
        ("91110000600037341L", "ok"),
        ("9111000060003IOZSV", "alphabet"),
        ("12345", "length"),
        ("", "length"),
        ("９１１１００００６０００３７３４１ｌ", "ok"),
        ("91110000 60003734 1L", "ok"),
        ("91110000-60003734-1L", "length"),
        ("9111000060003734\u06f1L", "length"),
    ],
)
def test_credit_codes_that_are_wrong_say_why(code: str, status: str) -> None:
    assert core.credit_code_status(code) == status


@pytest.mark.parametrize(
    ("given_code", "canonical"),
    [
        ("360900", "3609"), ("360000", "36"), ("441900003", "441900003"), ("36", "36"),
        ("360924000000", "360924"), ("360921200000", "360921200"), ("441900003000", "441900003"),
        (" 360924 ", "360924"), ("0", "0"),
        ("36092", None), ("360924.0", None), ("3.60924e5", None), ("3609240", None), ("", None),
        ("江西", None), ("360900001", "360900001"), ("360000001", None), ("000000", None),
    ],
)  # fmt: skip
def test_division_codes(given_code: str, canonical: str | None) -> None:
    assert core.division_code(given_code) == canonical


def test_industry_codes() -> None:
    assert core.industry_code("2611") == "C2611"
    assert core.industry_code("b26") is None
    assert core.industry_code("98") is None


@given(st.dates(min_value=dt.date(1, 1, 1), max_value=dt.date(9999, 12, 31)))
def test_dates_read_and_print_as_pythons_do(day: dt.date) -> None:
    y, m, d = day.year, day.month, day.day
    for text in (
        f"{y:04}-{m:02}-{d:02}",
        f"{y:04}/{m}/{d}",
        f"{y:04}年{m}月{d}日",
        f"{y:04}{m:02}{d:02}",
    ):
        assert _core.parse_date(text) == day.isoformat()
    table = table_of(day=[day, None])
    assert table.type("day") == "date"
    assert table.column("day").tolist() == [day, None]
    assert pa.table(table)["day"].to_pylist() == [day, None]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_print_so_that_python_reads_the_same(value: float) -> None:
    text = _core.print_number(value)
    assert float(text) == value
    if 0 < abs(value) < 1e15:
        digits = Decimal(text).normalize().as_tuple().digits
        assert len(digits) <= len(Decimal(repr(value)).normalize().as_tuple().digits)


def test_hashes_of_packs_are_those_of_their_canonical_text() -> None:
    for pack in sr.packs():
        assert hashlib.sha256(pack.canonical.encode()).hexdigest() == pack.sha256
        document = json.loads(pack.canonical)
        again = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert json.loads(again) == document
        assert list(document) == sorted(document)


# ---- tables --------------------------------------------------------------------------------------

NAN = float("nan")
COLUMNS: dict[str, tuple[Any, str, list[Any]]] = {
    "floats": (np.array([1.5, NAN]), "number", [1.5, None]),
    "float32": (np.array([0.5, NAN], dtype=np.float32), "number", [0.5, None]),
    "longdouble": (np.array([0.5, 2], dtype=np.longdouble), "number", [0.5, 2.0]),
    "big-endian": (np.array([1.5, 2], dtype=">f8"), "number", [1.5, 2.0]),
    "int8": (np.array([-1, 2], dtype=np.int8), "integer", [-1, 2]),
    "uint64": (np.array([2**63 - 1, 2], dtype=np.uint64), "integer", [2**63 - 1, 2]),
    "uint64 above": (np.array([2**63, 2], dtype=np.uint64), "text", [str(2**63), "2"]),
    "bools": (np.array([True, False]), "boolean", [True, False]),
    "texts": (np.array(["a", "罐"]), "text", ["a", "罐"]),
    "string dtype": (np.array(["a", "罐"], dtype=np.dtypes.StringDType()), "text", ["a", "罐"]),
    "days": (np.array(["2024-02-29", "NaT"], dtype="M8[D]"), "date", [dt.date(2024, 2, 29), None]),
    "nanoseconds": (
        np.array(["1969-12-31T23:59:59", "NaT"], dtype="M8[ns]"), "date", [dt.date(1969, 12, 31), None],
    ),
    "list of numbers": ([1, 2.5, None], "number", [1.0, 2.5, None]),
    "list of integers": ([1, None], "integer", [1, None]),
    "list of decimals": ([Decimal("0.1"), None], "number", [0.1, None]),
    "list of bools": ([True, None], "boolean", [True, None]),
    "list of dates": ([dt.date(2024, 1, 1), None], "date", [dt.date(2024, 1, 1), None]),
    "list of datetimes": ([dt.datetime(2024, 1, 1, 23), pd.NaT], "date", [dt.date(2024, 1, 1), None]),
    "list with NA": ([1, pd.NA], "integer", [1, None]),
    "mixed": ([1, "a", 2.5, True, dt.date(2024, 1, 1), None], "text",
              ["1", "a", "2.5", "true", "2024-01-01", None]),
    "numpy scalars": ([np.int8(1), np.float32(0.5)], "number", [1.0, 0.5]),
    "numpy bools": ([np.True_, None], "boolean", [True, None]),
    "nothing": ([None, None], "text", [None, None]),
    "huge integers": ([2**70, 1], "text", [str(2**70), "1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_python_keep_their_cells(name: str) -> None:
    values, kind, cells = COLUMNS[name]
    table = table_of(x=values)
    assert table.type("x") == kind
    assert pa.table(table)["x"].to_pylist() == cells
    assert pl.DataFrame(table)["x"].to_list() == cells
    back = table_of(x=pa.table(table)["x"])
    assert pa.table(back)["x"].to_pylist() == cells


@pytest.mark.parametrize(
    "values",
    [np.array([1j]), np.array([b"x"]), np.array([(1, 2)], dtype="i4,i4"), np.zeros((1, 1)),
     np.array(1.0), np.array([1], dtype="m8[D]"), [b"x"], [object()], [[1]], ["\ud800"], "text", 7,
     {"a": 1}, {1, 2}, None, pa.array([[1]]), pa.array([b"x"]), pa.array([{"a": 1}]),
     np.array(["12024-01-01"], dtype="M8[D]"), np.array([10**18], dtype="M8[us]")],
)  # fmt: skip
def test_what_is_no_column_is_refused_by_name(values: Any) -> None:
    with pytest.raises(sr.InputError, match="x") as error:
        table_of(x=values)
    assert len(str(error.value)) < 300


def test_a_table_is_asked_by_name_and_says_what_is_there() -> None:
    table = table_of(a=[1], b=["x"])
    assert (table.rows, table.names, table.has("a"), table.has("c")) == (1, ["a", "b"], True, False)
    with pytest.raises(sr.NotFoundError, match="a, b"):
        table.column("c")
    with pytest.raises(sr.InputError, match="two columns 'a'"):
        table.add("a", [1])
    with pytest.raises(sr.InputError, match="'c' has 2 rows"):
        table.add("c", [1, 2])
    assert table.rename({"a": "z"}).names == ["z", "b"]
    with pytest.raises(sr.InputError):
        table.rename({"a": "b"})
    assert table.select(["b"]).names == ["b"]
    assert table.take([0, 0]).column("b").tolist() == ["x", "x"]
    with pytest.raises(sr.NotFoundError):
        table.take([1])


# ---- Arrow ---------------------------------------------------------------------------------------

ARROW = pa.table(
    {
        "float64": pa.array([1.5, None, NAN, -0.0]),
        "float32": pa.array([1.5, None, 0.0, 3.0], pa.float32()),
        "int64": pa.array([2**62, None, -1, 0]),
        "int8": pa.array([1, None, -1, 0], pa.int8()),
        "uint32": pa.array([2**32 - 1, None, 1, 0], pa.uint32()),
        "bool": pa.array([True, None, False, True]),
        "utf8": pa.array(["罐区", None, "", "x" * 40]),
        "large": pa.array(["罐区", None, "", "x" * 40], pa.large_string()),
        "view": pa.array(["罐区", None, "", "x" * 40], pa.string_view()),
        "date32": pa.array([dt.date(2024, 2, 29), None, dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
        "date64": pa.array([dt.date(2024, 2, 29), None, dt.date(1969, 12, 31), None], pa.date64()),
        "dictionary": pa.array(["a", None, "b", "a"]).dictionary_encode(),
        "null": pa.nulls(4),
    }
)
PLAIN = [
    {name: None if value != value else value for name, value in row.items()}
    for row in ARROW.to_pylist()
]


def arrow_layouts() -> dict[str, pa.Table]:
    tripled = pa.concat_tables([ARROW] * 3)
    return {
        "whole": ARROW,
        "chunks": pa.concat_tables([ARROW.slice(i, 1) for i in range(4)]),
        "empty chunks": pa.concat_tables([ARROW.slice(0, 0), ARROW, ARROW.slice(0, 0)]),
        "slice": tripled.combine_chunks().slice(4, 4),
        "slice over chunks": pa.concat_tables([ARROW.slice(3), ARROW, ARROW.slice(0, 1)]).slice(
            1, 4
        ),
        "odd slice": pa.concat_tables([ARROW.slice(1), ARROW]).combine_chunks().slice(3, 4),
    }


@pytest.mark.parametrize("layout", arrow_layouts())
def test_arrow_tables_come_back_cell_for_cell(layout: str) -> None:
    table, skipped = _core.import_arrow(arrow_layouts()[layout], "t")
    assert skipped == []
    back = pa.table(table)
    back.validate(full=True)
    assert back.to_pylist() == PLAIN
    assert pl.DataFrame(table).to_dicts() == PLAIN
    twice, _ = _core.import_arrow(back, "t")
    assert pa.table(twice).equals(back)


def test_polars_and_pandas_come_back_cell_for_cell() -> None:
    frame = pl.DataFrame(
        {
            "view": ["罐区", None, "a text longer than twelve bytes"],
            "float": [1.5, None, float("inf")],
            "int": [1, None, -(2**40)],
            "bool": [True, None, False],
            "date": [dt.date(2024, 2, 29), None, dt.date(1600, 1, 1)],
        }
    ).with_columns(pl.col("view").cast(pl.Categorical).alias("categorical"))
    assert pl.DataFrame(_core.import_arrow(frame, "t")[0]).to_dicts() == frame.to_dicts()
    assert pl.DataFrame(_core.import_arrow(frame[1:], "t")[0]).to_dicts() == frame[1:].to_dicts()
    many = pl.concat([frame[:1], frame[1:]], rechunk=False)
    assert pl.DataFrame(_core.import_arrow(many, "t")[0]).to_dicts() == frame.to_dicts()


def test_an_arrow_table_without_rows_keeps_its_columns() -> None:
    for empty in (
        ARROW.slice(0, 0),
        ARROW.schema.empty_table(),
        pa.table({"a": pa.chunked_array([], pa.string())}),
    ):
        table, _ = _core.import_arrow(empty, "t")
        assert (table.rows, table.names) == (0, empty.column_names)
        assert pa.table(table).num_rows == 0


@pytest.mark.parametrize(
    "values",
    [pa.array([b"x"]), pa.array([[1]]), pa.array([{"a": 1}]), pa.array([1], pa.duration("s")),
     pa.array([dt.time(1)])],
)  # fmt: skip
def test_arrow_columns_that_are_no_cells_are_named(values: pa.Array) -> None:
    table = pa.table({"id": ["a"], "L": [3], "E": [6], "C": [15], "odd": values})
    g = sr.grade(table, "lec")
    assert [(i.code, i.column) for i in g.issues] == [("io.column_left_out", "odd")]
    table = table.drop_columns(["L"]).append_column("L", values)
    with pytest.raises(sr.InputError, match="'L'"):
        sr.grade(table, "lec")


def resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def test_float64_memory_of_numpy_and_arrow_is_not_copied() -> None:
    n = 8_000_000  # 64 MB, far above what else may move
    array = np.ones(n)
    column = pa.array(array)
    batch = pa.table({"x": column})
    gc.collect()
    before = resident()
    kept = [table_of(x=array), table_of(x=column), _core.import_arrow(batch, "t")[0]]
    kept += [table.rename({"x": "y"}) for table in kept]
    assert resident() - before < 16_000_000
    array[5] = 7.0  # the table looks at this very memory
    assert kept[0].column("x")[5] == 7.0
    float32 = table_of(x=array.astype(np.float32))
    assert float32.column("x")[5] == 7.0
    del array, column, batch
    gc.collect()
    assert kept[3].column("y")[5] == 7.0  # and keeps it alive


def test_streams_taken_and_not_taken_are_released() -> None:
    rows = 20_000
    source = pa.table({"a": np.arange(rows, dtype=float), "b": ["text " * 4] * rows})
    table, _ = _core.import_arrow(source, "t")

    def round_trip() -> None:
        pa.table(table)
        _core.import_arrow(source, "t")
        pl.DataFrame(table)
        table.__arrow_c_stream__()  # nobody reads this one
        reader = pa.RecordBatchReader.from_stream(table)
        reader.close()

    for _ in range(20):
        round_trip()
    gc.collect()
    before = resident()
    for _ in range(1000):
        round_trip()
    gc.collect()
    # One round moves about 3 MB; a leak of one in a hundred would be 30 MB.
    assert resident() - before < 30_000_000


def test_a_stream_is_read_once() -> None:
    class Once:
        def __init__(self) -> None:
            self.capsule = ARROW.__arrow_c_stream__()

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.capsule

    once = Once()
    assert _core.import_arrow(once, "t")[0].rows == 4
    with pytest.raises(sr.InputError, match="already read"):
        _core.import_arrow(once, "t")


def test_the_readme_lists_every_issue_code_with_its_severity_and_sentence() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z]+\.[a-z0-9_]+)` \| (\w+) \| (.*) \|$", readme, re.M)
    made = [(kind["code"], kind["severity"], kind["zh"]) for kind in core.issue_catalogue()]
    assert [(code, severity, text.replace("\\|", "|")) for code, severity, text in listed] == made


def register_of(n: int) -> dict[str, Any]:
    return {"id": [f"p{k}" for k in range(n)], "L": [3.0] * n, "E": [6.0] * n, "C": [15.0] * n}


@pytest.mark.parametrize("kind", ["arrow", "polars", "pandas", "dict"])
def test_columns_that_are_no_cells_stay_behind_unless_they_are_looked_for(kind: str) -> None:
    plain = register_of(3)
    odd: dict[str, Any] = {"备注": [{"a": 1}, {"a": 2}, None], "标签": [["x"], [], ["y", "z"]]}
    odd["照片"] = [b"\x00", b"\xff\xd8", None]
    make: Any = {
        "arrow": pa.table,
        "polars": pl.DataFrame,
        "pandas": pd.DataFrame,
        "dict": lambda columns: columns,
    }[kind]
    g = sr.grade(make(plain | odd), "lec")
    assert g.counts()["graded"] == 3
    left_out = [i for i in g.issues if i.code == "io.column_left_out"]
    assert sorted(i.column for i in left_out) == sorted(odd)
    assert {i.severity for i in left_out} == {"info"}
    assert set(g.input.names) == set(plain)
    for name in ("L", "name", "可能性"):
        wanted = {k: v for k, v in plain.items() if k != "L" or name == "name"}
        with pytest.raises(sr.InputError, match=r"L|name|可能性"):
            sr.grade(make(wanted | {name: odd["备注"]}), "lec")


def test_a_column_of_another_length_is_no_column_to_leave_out() -> None:
    with pytest.raises(sr.InputError, match="rows"):
        sr.grade(register_of(3) | {"备注": ["x", "y"]}, "lec")


def test_arrow_decimals_are_the_numbers_that_they_print() -> None:
    texts = ["0.1", "0.2", "-0.5", "3.0", "123456789012345678901234567890.1", None, "40.0"]
    cells = [None if t is None else Decimal(t) for t in texts]
    types = [pa.decimal128(31, 1), pa.decimal256(40, 1)]
    for kind in types:
        table = pa.table({"x": pa.array(cells, kind).slice(1)})
        read = _core.import_arrow(table)[0].column("x").tolist()
        assert [None if math.isnan(v) else v for v in read] == [
            None if t is None else float(t) for t in texts[1:]
        ]
    # Whole decimals are ids and codes: every digit stays.
    ids = [10**17 + 1, -7, 0, None, 10**17 + 2]
    for kind in (pa.decimal128(18, 0), pa.decimal128(38, 0), pa.decimal256(76, 0)):
        table = pa.table({"x": pa.array([None if v is None else Decimal(v) for v in ids], kind)})
        assert _core.import_arrow(table)[0].column("x").tolist() == ids
    long = [10**30 + 7, 5, -(2**100)]
    table = pa.table({"x": pa.array([Decimal(v) for v in long], pa.decimal128(38, 0))})
    assert _core.import_arrow(table)[0].column("x").tolist() == [str(v) for v in long]


def test_sparse_columns_of_pandas_are_read_like_dense_ones() -> None:
    frame = pd.DataFrame(register_of(4))
    frame["C"] = [15.0, np.nan, 15.0, 40.0]
    dense = sr.grade(frame, "lec")
    frame["C"] = pd.arrays.SparseArray(frame["C"])
    frame["extra"] = pd.arrays.SparseArray([0, 0, 1, 0])
    sparse = sr.grade(frame, "lec")
    assert sparse.to_columns()["grade"].tolist() == dense.to_columns()["grade"].tolist()
    assert sparse.input.column("extra").tolist() == [0, 0, 1, 0]
