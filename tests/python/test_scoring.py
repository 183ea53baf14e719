"""Grading from Python: exact arithmetic, the fate of every row, any kind of table."""

import itertools
import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import _core, scoring

# The scales and bands of the dossier, written down a second time as exact fractions.
L = ["10", "6", "3", "1", "0.5", "0.2", "0.1"]
E = ["10", "6", "3", "2", "1", "0.5"]
C = ["100", "40", "15", "7", "3", "1"]
C_A = ["100", "40", "15", "7", "2", "1"]
CODES = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
FATES = {"graded", "not_gradable", "rejected"}


def t1(d: Fraction) -> str:
    return "red" if d > 320 else "orange" if d > 160 else "yellow" if d > 70 else "blue"


def t2(d: Fraction) -> str:
    return "red" if d >= 320 else "orange" if d >= 160 else "yellow" if d >= 70 else "blue"


def check_sums(g: sr.Graded, rows: int) -> None:
    counts = g.counts()
    assert list(counts) == [
        "rows_in", "graded", "not_gradable", "rejected", "red", "orange", "yellow", "blue",
        "without_colour",
    ]  # fmt: skip
    assert counts["rows_in"] == len(g) == rows
    assert counts["graded"] + counts["not_gradable"] + counts["rejected"] == rows
    assert sum(counts[c] for c in CODES) == counts["graded"]
    columns = g.to_columns()
    status = columns["status"].tolist()
    for fate in FATES:
        assert status.count(fate) == counts[fate]
    for s, score, grade, band, clause in zip(
        status, columns["score"], columns["grade"], columns["band"], columns["clause"], strict=True
    ):
        graded = s == "graded"
        assert (grade is not None) == graded
        assert math.isnan(score) != graded
        assert (band is not None) == graded
        assert (clause is not None) == graded
    faulty = {i.row for i in g.issues if i.row is not None}
    assert faulty == {row for row, s in enumerate(status) if s != "graded"}


# ---- exact arithmetic ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "scale", "rule", "distinct"),
    [
        ("lec.t1", C, t1, 103),
        ("lec.t2", C, t2, 103),
        ("lec.shandong_a", C_A, t1, 99),
        ("lec.shandong_b", C, t1, 103),
    ],
)
def test_every_combination_of_a_profile_is_exact(
    pack: str, scale: list[str], rule: Any, distinct: int
) -> None:
    combinations = list(itertools.product(L, E, scale))
    assert len(combinations) == 252
    exact = [Fraction(a) * Fraction(b) * Fraction(c) for a, b, c in combinations]
    inputs = [np.array([float(x) for x in column]) for column in zip(*combinations, strict=True)]
    score, grade = scoring.lec(*inputs, pack=pack)
    assert score.tolist() == [float(d) for d in exact]
    assert grade.tolist() == [CODES[rule(d)] for d in exact]
    assert len(set(exact)) == distinct == len(set(score.tolist()))
    texts = list(zip(*combinations, strict=True))
    table = {"id": list(range(252)), "L": texts[0], "E": texts[1], "C": texts[2]}
    g = sr.grade(table, pack)
    assert g.to_columns()["grade"].tolist() == [rule(d) for d in exact]
    assert g.to_columns()["score"].tolist() == score.tolist()


@pytest.mark.parametrize(
    ("pack", "cuts"),
    [("ls.db37", (20, 15, 9)), ("ls.mine_wall", (20, 9, 4)), ("ls.ahp_spa", (20, 10, 4)),
     ("ls.form4", (17, 11, 5))],
)  # fmt: skip
def test_every_cell_of_a_matrix_has_its_colour(pack: str, cuts: tuple[int, int, int]) -> None:
    pairs = list(itertools.product(range(1, 6), repeat=2))
    score, grade = scoring.ls([a for a, _ in pairs], [b for _, b in pairs], pack=pack)
    for (a, b), r, code in zip(pairs, score, grade, strict=True):
        red, orange, yellow = cuts
        want = 4 if a * b >= red else 3 if a * b >= orange else 2 if a * b >= yellow else 1
        assert (r, code) == (a * b, want), (a, b)


def test_an_average_within_a_billionth_of_an_edge_is_on_it() -> None:
    c = np.array([3.2, 1.6]) * np.array([[1 - 1e-11], [1], [1 + 1e-11]])
    for pack, want in (("lec.t1", ["orange", "yellow"]), ("lec.t2", ["red", "orange"])):
        for row in c:
            table = {"id": [1, 2], "L": [10, 10], "E": [10, 10], "C": row}
            assert sr.grade(table, pack, averaged=True).to_columns()["grade"].tolist() == want
            assert sr.grade(table, pack).counts()["rejected"] == 2


# ---- arrays --------------------------------------------------------------------------------------


def test_arrays_of_any_number_type_and_layout_give_the_same_result() -> None:
    values = [3, 6, 10, 1]
    want = scoring.ls([3, 5, 4, 1], [5, 5, 5, 1])
    plain = np.array(values, dtype=np.float64)
    e, c = np.full(4, 6.0), np.full(4, 15.0)
    expected = scoring.lec(plain, e, c)
    read_only = plain.copy()
    read_only.flags.writeable = False
    unaligned = np.frombuffer(b"x" + plain.tobytes(), dtype=np.uint8)[1:].view(np.float64)
    for given_l in (
        values,
        tuple(values),
        np.array(values, dtype=np.int8),
        np.array(values, dtype=np.uint64),
        np.array(values, dtype=np.float32),
        np.array(values, dtype=np.float16),
        np.array(values, dtype=">f8"),
        np.array(values, dtype=">i4"),
        np.repeat(plain, 3)[::3],
        plain[::-1].copy()[::-1],
        read_only,
        unaligned,
        pd.Series(values),
        pl.Series(values),
    ):
        score, grade = scoring.lec(given_l, e, c)
        assert score.tolist() == expected[0].tolist()
        assert grade.tolist() == expected[1].tolist()
    assert want[1].tolist() == [3, 4, 4, 1]


@pytest.mark.parametrize(
    "bad",
    [np.zeros((2, 2)), np.array(["3", "3"]), np.array([True, False]), np.array([1j, 2j]),
     np.array(["2024-01-01"] * 2, dtype="M8[D]"), 3.0, "33", [[3, 3]], [None, 3], ["a", "b"]],
)  # fmt: skip
def test_arrays_that_are_no_columns_of_numbers_are_refused_shortly(bad: Any) -> None:
    with pytest.raises(sr.InputError, match="L") as error:
        scoring.ls(bad, [3, 3])
    assert len(str(error.value)) < 200


def test_arrays_of_other_lengths_and_wrong_packs_are_refused() -> None:
    with pytest.raises(sr.InputError, match="S has 1 values and L has 2"):
        scoring.ls([3, 3], [3])
    with pytest.raises(sr.InputError):
        scoring.ls([3], [3], pack="lec")
    with pytest.raises(sr.NotFoundError):
        scoring.ls([3], [3], pack="lss")
    score, grade = scoring.ls([], [])
    assert score.shape == grade.shape == (0,)
    assert (score.dtype, grade.dtype) == (np.float64, np.uint8)


def test_threads_change_no_byte() -> None:
    rng = np.random.default_rng(5)
    n = 300_001
    columns = [rng.choice([float(x) for x in scale] + [np.nan, 4.0], n) for scale in (L, E, C)]
    one = scoring.lec(*columns, threads=1)
    table = {"id": np.arange(n), "L": columns[0], "E": columns[1], "C": columns[2]}
    g1 = sr.grade(table, "lec", threads=1)
    for threads in (2, 3, 0):
        other = scoring.lec(*columns, threads=threads)
        assert other[0].tobytes() == one[0].tobytes()
        assert other[1].tobytes() == one[1].tobytes()
        g = sr.grade(table, "lec", threads=threads)
        assert g.to_arrow().equals(g1.to_arrow())
        assert g.issues.to_arrow().equals(g1.issues.to_arrow())


# ---- the fate of every row -----------------------------------------------------------------------

cell = st.one_of(
    st.sampled_from([3, 6, 10, 1, 0.5, 0.1, 15, 100, 40, 7, 2, 5, 4]),
    st.sampled_from(["3", " 6", "１０", "15", "", " ", "x", "3人", "-1", "inf", "1e999", "nan"]),
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**70), 2**70),
    st.booleans(),
    st.text(max_size=4).filter(lambda s: not any("\ud800" <= c <= "\udfff" for c in s)),
)
ids = st.one_of(st.sampled_from(["a", "b", "c", "", None]), st.integers(0, 6), st.text(max_size=2))
methods = st.sampled_from(
    ["lec", "ls", "LEC", "lec.t2", "lec.shandong_a", "lec.water", "风险矩阵分析法", "mes", "", None,
     "palette.safe", "direct.shandong", 7]
)  # fmt: skip


@st.composite
def registers(draw: st.DrawFn) -> dict[str, list[Any]]:
    n = draw(st.integers(0, 12))
    names = draw(
        st.lists(
            st.sampled_from(["id", "L", "E", "C", "S", "C_people", "C_law", "note", "name"]),
            unique=True,
            min_size=1,
        )
    )
    table: dict[str, list[Any]] = {}
    for name in names:
        kind = (
            ids.filter(lambda s: not isinstance(s, str) or s.isprintable())
            if name == "id"
            else cell
        )
        table[name] = draw(st.lists(kind, min_size=n, max_size=n))
    table["method"] = draw(st.lists(methods, min_size=n, max_size=n))
    return table


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registers(), st.booleans(), st.sampled_from([None, "direct.shandong"]))
def test_rows_in_are_graded_plus_not_gradable_plus_rejected(
    table: dict[str, list[Any]], averaged: bool, direct: str | None
) -> None:
    g = sr.grade(table, averaged=averaged, direct=direct)
    check_sums(g, len(table["method"]))
    for row in range(len(g)):
        for lang in ("zh", "en"):
            assert g.explain(row, lang).text
        json.loads(g.explain(row).to_json())
    json.loads(g.to_json())
    json.loads(g.issues.to_json())
    assert g.to_arrow().num_rows == len(g)
    g._repr_html_()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(registers(), st.randoms(use_true_random=False))
def test_shuffled_rows_have_the_same_grades_by_id(
    table: dict[str, list[Any]], rng: random.Random
) -> None:
    order = list(range(len(table["method"])))
    rng.shuffle(order)
    shuffled = {name: [column[i] for i in order] for name, column in table.items()}
    first, second = sr.grade(table).to_columns(), sr.grade(shuffled).to_columns()
    if "id" not in table:
        assert [first["grade"][i] for i in order] == second["grade"].tolist()
        return

    def by_id(columns: dict[str, Any]) -> list[tuple[str, str, str]]:
        return sorted(
            (str(i), str(grade), status)
            for i, grade, status in zip(
                columns["id"], columns["grade"], columns["status"], strict=True
            )
        )

    assert by_id(first) == by_id(second)


REGISTER = {
    "id": ["a", "b", "c", "d"],
    "L": [3.0, 6.0, None, 4.0],
    "E": [6, 10, 6, 6],
    "C": [15, 15, 15, 15],
}
GRADES = ["orange", "red", None, None]


def kinds() -> dict[str, Any]:
    arrow = pa.table(REGISTER)
    doubled = pa.concat_tables([arrow.slice(0, 1), arrow.slice(1, 0), arrow.slice(1)])
    padded = pa.concat_tables([arrow.slice(3), arrow, arrow.slice(0, 1)]).combine_chunks()
    frame = pd.DataFrame(REGISTER)
    read_only = {k: np.array(v, dtype=object if k == "id" else float) for k, v in REGISTER.items()}
    for array in read_only.values():
        array.flags.writeable = False
    return {
        "dict of lists": REGISTER,
        "dict of arrow arrays": {k: pa.array(v) for k, v in REGISTER.items()},
        "dict of arrow slices": {k: pa.array([v[0], *v])[1:] for k, v in REGISTER.items()},
        "dict of pandas": {k: pd.Series(v, index=[3, 1, 1, 0]) for k, v in REGISTER.items()},
        "dict of polars": {k: pl.Series(v) for k, v in REGISTER.items()},
        "dict of tuples": {k: tuple(v) for k, v in REGISTER.items()},
        "read-only arrays": read_only,
        "strided arrays": {
            k: np.repeat(np.array(v, dtype=object if k == "id" else float), 2)[::2]
            for k, v in REGISTER.items()
        },
        "float32 and int8": {
            "id": np.array(REGISTER["id"]),
            "L": np.array(REGISTER["L"], dtype=np.float32),
            "E": np.array(REGISTER["E"], dtype=np.int8),
            "C": np.array(REGISTER["C"], dtype=np.uint64),
        },
        "object arrays": {k: np.array(v, dtype=object) for k, v in REGISTER.items()},
        "texts": {k: [None if x is None else str(x) for x in v] for k, v in REGISTER.items()},
        "pandas": frame,
        "pandas nullable": frame.convert_dtypes(),
        "pandas objects": frame.astype(object),
        "pandas arrow": frame.convert_dtypes(dtype_backend="pyarrow"),
        "pandas categories": frame.astype({"id": "category"}),
        "pandas with a strange index": frame.set_index(pd.Index([5, 5, 1, 0])),
        "polars": pl.DataFrame(REGISTER),
        "polars categories": pl.DataFrame(REGISTER).with_columns(pl.col("id").cast(pl.Categorical)),
        "polars chunks": pl.concat(
            [pl.DataFrame(REGISTER)[:1], pl.DataFrame(REGISTER)[1:]], rechunk=False
        ),
        "polars slice": pl.concat([pl.DataFrame(REGISTER)] * 2)[4:],
        "arrow": arrow,
        "arrow chunks": doubled,
        "arrow slice": padded.slice(1, 4),
        "arrow record batch": padded.slice(1, 4).to_batches()[0],
        "arrow reader": arrow.to_reader(),
        "arrow dictionary": arrow.set_column(0, "id", arrow["id"].dictionary_encode()),
        "arrow dictionary slice": padded.set_column(
            0, "id", padded["id"].dictionary_encode()
        ).slice(1, 4),
        "arrow string_view": arrow.set_column(0, "id", arrow["id"].cast(pa.string_view())),
        "arrow large_string": arrow.set_column(0, "id", arrow["id"].cast(pa.large_string())),
        "arrow float16": arrow.set_column(1, "L", arrow["L"].cast(pa.float16())),
        "arrow number dictionary": arrow.set_column(1, "L", arrow["L"].dictionary_encode()),
        "arrow texts": arrow.set_column(1, "L", arrow["L"].cast(pa.string_view())),
    }


@pytest.mark.parametrize("kind", kinds())
def test_any_kind_of_table_gives_the_same_grades(kind: str) -> None:
    g = sr.grade(kinds()[kind], "lec")
    columns = g.to_columns()
    assert columns["id"].tolist() == REGISTER["id"]
    assert columns["grade"].tolist() == GRADES
    assert columns["status"].tolist() == ["graded", "graded", "not_gradable", "rejected"]
    check_sums(g, 4)


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ({"id": ["a"], "L": [[3]], "E": [6], "C": [15]}, "L"),
        ({"id": ["a"], "L": [b"3"], "E": [6], "C": [15]}, "L"),
        ({"id": ["a"], "L": [object()], "E": [6], "C": [15]}, "L"),
        ({"id": ["a"], "L": np.array([3j]), "E": [6], "C": [15]}, "L"),
        ({"id": ["a"], "L": np.zeros((1, 1)), "E": [6], "C": [15]}, "L"),
        ({"id": ["a", "b"], "L": [3], "E": [6, 6], "C": [15, 15]}, "L"),
        ({"id": ["a"], "L": "3", "E": [6], "C": [15, 15]}, "C"),
        (pa.table({"id": ["a"], "L": [b"x"]}), "L"),
        (7, "int"),
        (None, "NoneType"),
        ([["a", 3]], "list"),
    ],
)
def test_what_is_no_table_is_refused_with_the_columns_name(table: Any, word: str) -> None:
    with pytest.raises(sr.InputError, match=word) as error:
        sr.grade(table, "lec")
    assert isinstance(error.value, ValueError)
    assert len(str(error.value)) < 300


def test_equal_duplicates_count_once_and_differing_ones_not_at_all() -> None:
    table = {
        "id": ["a", "a", "b", "b", "c", None, ""],
        "L": [3, 3, 3, 6, 3, 3, 3],
        "E": [6] * 7,
        "C": [15, 15, 15, 15, float("nan"), 15, 15],
    }
    g = sr.grade(table, "lec")
    assert g.to_columns()["status"].tolist() == [
        "graded", "rejected", "rejected", "rejected", "not_gradable", "rejected", "rejected",
    ]  # fmt: skip
    assert g.issues.counts() == {
        "scoring.duplicate_conflict": 2,
        "scoring.duplicate_row": 1,
        "scoring.id_missing": 2,
        "scoring.missing_input": 1,
    }
    twice_nan = {k: v[4:5] * 2 for k, v in table.items()}
    assert sr.grade(twice_nan, "lec").to_columns()["status"].tolist() == [
        "not_gradable", "rejected",
    ]  # fmt: skip


def test_unconfirmed_methods_run_only_by_their_full_name() -> None:
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15]}
    g = sr.grade(table, "lec.water")
    assert g.methods[0].pack.confidence == "M"
    assert "可信度 M" in g.explain(0).text
    assert sr.grade(table, "lec").methods[0].id == "lec.t1"
    for p in sr.packs("method"):
        assert not (p.default and p.confidence == "M")


def test_as_of_is_a_date_and_a_method_without_dates_is_valid_on_any() -> None:
    table = {"id": ["a"], "L": [3], "E": [6], "C": [15]}
    assert sr.grade(table, "lec", as_of="2020-02-29").counts()["orange"] == 1
    for bad in ("2023-02-29", "soon", ""):
        with pytest.raises(sr.InputError, match="as_of"):
            sr.grade(table, "lec", as_of=bad)


def own_pack(tmp_path: Any, **changes: Any) -> str:
    document = json.loads(next(p for p in sr.packs() if p.id == "lec.t1").canonical)
    document |= {"pack": "mine.one", "default": False} | changes
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_a_pack_of_ones_own_grades_and_is_named_in_the_result(tmp_path: Any) -> None:
    pack = sr.load_pack(own_pack(tmp_path))
    g = sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, pack)
    assert g.to_columns()["method"].tolist() == ["mine.one"]
    assert g.explain(0).to_dict()["pack_sha256"] == pack.sha256
    with pytest.raises(sr.NotFoundError):
        sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, "mine.one")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"source": []}, "source"),
        ({"valid_from": "2023-02-29"}, "valid_from"),
        ({"confidence": "M", "default": True}, "default"),
        ({"colour": 1}, "colour"),
        ({"tests": [{"inputs": {"L": 3, "E": 6, "C": 15}, "score": 271, "grade": "orange"}]},
         r"tests\[0\].score"),
    ],
)  # fmt: skip
def test_a_pack_that_contradicts_itself_is_refused_with_the_place(
    tmp_path: Any, changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(sr.InputError, match=place):
        sr.load_pack(own_pack(tmp_path, **changes))


def test_a_pack_file_that_is_none_is_refused(tmp_path: Any) -> None:
    for name, data in (("a.json", b""), ("b.json", b"\xff\xfe{"), ("c.json", b'{"a": 1, "a": 1}')):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(sr.InputError, match=name):
            sr.load_pack(tmp_path / name)
    with pytest.raises(sr.InputError, match=r"none\.json"):
        sr.load_pack(tmp_path / "none.json")


def test_direct_rules_are_off_and_run_when_named() -> None:
    table = {
        "id": ["a", "b"], "L": [0.1, 3], "E": [1, 6], "C": [1, None],
        "major_hazard_installation": [True, True],
    }  # fmt: skip
    assert sr.grade(table, "lec").to_columns()["override"].tolist() == [None, None]
    g = sr.grade(table, "lec", direct="direct.shandong")
    assert g.to_columns()["grade"].tolist() == ["red", "red"]
    assert g.to_columns()["override"].tolist() == ["direct.shandong.c"] * 2
    assert "低风险" in g.explain(0).text
    with pytest.raises(sr.InputError):
        sr.grade(table, "lec", direct="direct")


def test_an_explanation_says_inputs_score_band_and_clause() -> None:
    g = sr.grade({"id": ["罐区"], "L": [3], "E": [6], "C": [15]}, "lec")
    text = g.explain(0).text
    for part in ("罐区", "较大风险", "3×6×15 = 270", "160<D≤320", "DB37/T 2882-2016", "lec.t1"):
        assert part in text
    assert str(g.explain(-1)) == text
    assert g.explain(0).grade is sr.Grade.ORANGE
    for row in (1, -2):
        with pytest.raises(sr.NotFoundError):
            g.explain(row)
    with pytest.raises(sr.InputError):
        g.explain(0, lang="fr")
    assert g.row_of("罐区") == 0
    with pytest.raises(sr.NotFoundError):
        g.row_of("x")


def has_han(text: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" for c in text)


def test_english_holds_no_chinese_but_the_sources_title() -> None:
    table = {
        "id": list("abcdefgh"),
        "L": ["3", "", "x", "4", "-1", "inf", "3", "3"],
        "E": ["6"] * 8,
        "C": ["15"] * 7 + ["2"],
        "method": ["lec"] * 6 + ["", "lec"],
    }
    g = sr.grade(table, direct="direct.shandong")
    for row in range(8):
        text = g.explain(row, "en").text
        assert not has_han(text.partition("Source: ")[0]), text
    for issue in g.issues.in_language("en"):
        assert not has_han(issue.message + issue.hint), issue
    assert not has_han(repr(g))
    assert has_han(g.issues[0].message)


# ---- long work -----------------------------------------------------------------------------------


def test_progress_grows_to_all_rows() -> None:
    n = 2_000_000
    table = {"id": np.arange(n), "L": np.full(n, 3.0), "E": np.full(n, 6.0), "C": np.full(n, 15.0)}
    told: list[tuple[int, int]] = []
    g = sr.grade(table, "lec", progress=lambda done, total: told.append((done, total)))
    assert g.counts()["orange"] == n
    assert told
    assert told == sorted(told)
    assert told[-1] == (n, n)


def test_an_error_of_the_progress_callback_arrives() -> None:
    def progress(done: int, total: int) -> None:
        raise ZeroDivisionError(f"{done} of {total}")

    with pytest.raises(ZeroDivisionError, match="1 of 1"):
        sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, "lec", progress=progress)


@pytest.mark.parametrize("threads", [1, 2])
def test_control_c_stops_a_long_grade_wherever_it_is(threads: int) -> None:
    # The register is dirty, so most of the time goes into ids and issues, not into the kernel.
    # Signals that nobody looks at melt into one: the fifth is seen only where the work asks often.
    script = f"""
        import signal
        import numpy as np
        import safetyrisk as sr
        import safetyrisk.io  # now: an interrupt inside an import would end the interpreter

        n = 3_000_000
        table = sr.core.Table("risk_points")
        table.add("id", np.random.default_rng(1).permutation(n))
        for name in "LEC":
            table.add(name, np.full(n, 4.0))
        seen = 0

        def handler(number, frame):
            global seen
            seen += 1
            if seen == 5:
                raise KeyboardInterrupt

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        try:
            sr.grade(table, "lec", threads={threads})
            print("finished after", seen)
        except KeyboardInterrupt:
            print("interrupted")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    assert run.stdout == "interrupted\n"


def test_sigint_ends_a_program_in_the_middle_of_a_grade() -> None:
    script = """
        import os, signal, threading
        import numpy as np
        import safetyrisk as sr
        import safetyrisk.io

        n = 1_000_000
        table = {"id": np.arange(n)} | {name: np.full(n, 4.0) for name in "LEC"}
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        while True:
            sr.grade(table, "lec")
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert run.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in run.stderr


def test_masked_values_are_missing_and_never_what_lies_under_the_mask() -> None:
    L = np.ma.array([3.0, 6.0, 1.0], mask=[False, True, False])
    g = sr.grade({"id": ["a", "b", "c"], "L": L, "E": [6, 6, 6], "C": [15, 7, 1]}, "lec")
    assert g.to_columns()["status"].tolist() == ["graded", "not_gradable", "graded"]
    assert [(i.code, i.row) for i in g.issues] == [("scoring.missing_input", 1)]
    score, grade = sr.scoring.lec(L, np.array([6.0, 6.0, 6.0]), np.array([15.0, 7.0, 1.0]))
    assert grade.tolist()[1] == 0
    assert np.isnan(score[1])


def test_float32_steps_are_the_decimals_they_stand_for() -> None:
    L = np.array([0.1, 0.2, 0.5], dtype=np.float32)
    E, C = np.array([6.0] * 3), np.array([15.0] * 3)
    score, _ = sr.scoring.lec(L, E, C)
    assert score.tolist() == [9.0, 18.0, 45.0]
    for table in (pa.table({"L": pa.array(L), "E": E, "C": C}), {"L": L, "E": E, "C": C}):
        assert sr.grade(table, "lec").to_columns()["score"].tolist() == [9.0, 18.0, 45.0]


def test_a_method_in_the_call_goes_before_the_registers_own_and_says_so() -> None:
    table = {
        "id": ["a", "b", "c"],
        "method": ["LEC", "ls", None],
        "L": [3, 3, 3],
        "E": [6] * 3,
        "C": [15] * 3,
    }
    g = sr.grade(table, "lec.t2")
    assert g.to_columns()["method"].tolist() == ["lec.t2"] * 3
    (issue,) = (i for i in g.issues if i.code == "scoring.method_overridden")
    assert (issue.severity, issue.value) == ("warning", "ls")
    assert "1 行" in issue.message
    assert not len(sr.grade(table | {"method": ["lec"] * 3}, "lec").issues)


# Arrays: number types, step codes, tallies, instruction sets -------------------------------------


def _judgements(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (
        rng.choice([0.1, 0.2, 0.5, 1, 3, 6, 10, 4], n),
        rng.choice([0.5, 1, 2, 3, 6, 10], n),
        rng.choice([1.0, 3, 7, 15, 40, 100], n),
    )


@pytest.mark.parametrize("dtype", ["f4", "i8", "i4", "i2", "u1", "u2", ">i4", ">f8", "f8"])
def test_a_column_of_any_number_type_grades_like_float64(dtype: str) -> None:
    L, E, C = _judgements(1000, 1)
    if not dtype.endswith(("f4", "f8")):
        L, E = np.floor(L), np.floor(E)
    expected = sr.scoring.lec(L, E, C)
    out = sr.scoring.lec(L.astype(dtype), E.astype(dtype), C.astype(dtype))
    np.testing.assert_array_equal(out[0], expected[0])
    np.testing.assert_array_equal(out[1], expected[1])
    strided = np.repeat(L.astype(dtype), 2)[::2]
    np.testing.assert_array_equal(sr.scoring.lec(strided, E, C)[0], expected[0])


def test_results_go_into_given_arrays() -> None:
    L, E, C = _judgements(100, 2)
    expected = sr.scoring.lec(L, E, C)
    score, grade = np.empty(100), np.empty(100, np.uint8)
    out = sr.scoring.lec(L, E, C, out=(score, grade))
    assert out[0] is score
    assert out[1] is grade
    np.testing.assert_array_equal(score, expected[0])
    for bad in (
        (score, grade[:50]),
        (score.astype("f4"), grade),
        (score[::-1], grade),
        (score,),
        (expected, grade),
    ):
        with pytest.raises(sr.InputError, match=r"out is two contiguous arrays"):
            sr.scoring.lec(L, E, C, out=bad)
    score.flags.writeable = False
    with pytest.raises(sr.InputError, match="out is two"):
        sr.scoring.lec(L, E, C, out=(score, grade))


def test_step_codes_score_like_the_values_they_stand_for() -> None:
    L, E, C = _judgements(500, 3)
    codes = [sr.scoring.encode(x, f) for x, f in zip((L, E, C), "LEC", strict=True)]
    score, grade = sr.scoring.score_codes(codes)
    expected = sr.scoring.lec(L, E, C)
    assert score.dtype == np.float32
    np.testing.assert_array_equal(score, expected[0].astype(np.float32))
    np.testing.assert_array_equal(grade, expected[1])
    with pytest.raises(sr.InputError, match=r"E: step codes are a .* array of uint8"):
        sr.scoring.score_codes([codes[0], codes[1].astype(int), codes[2]])
    with pytest.raises(sr.NotFoundError, match="L, E, C"):
        sr.scoring.encode(L, "S")


def test_tallies_are_what_numpy_counts() -> None:
    L, E, C = _judgements(5000, 4)
    groups = np.random.default_rng(5).integers(0, 300, 5000)
    score, grade = sr.scoring.lec(L, E, C)
    counts = np.bincount(groups * 5 + grade, minlength=1500).reshape(300, 5)
    total = np.bincount(groups, weights=np.nan_to_num(score), minlength=300)
    worst = np.zeros(300)
    np.maximum.at(worst, groups, np.nan_to_num(score))
    order = np.argsort(groups, kind="stable")
    offsets = np.searchsorted(groups[order], np.arange(301))
    grouped = tuple(x[order] for x in (L, E, C))
    codes = tuple(sr.scoring.encode(x, f) for x, f in zip(grouped, "LEC", strict=True))
    for t in (
        sr.scoring.tally((L, E, C), groups=groups, n_groups=300),
        sr.scoring.tally((L, E, C), groups=groups.astype("u4"), n_groups=300, threads=2),
        sr.scoring.tally(grouped, groups=groups[order].astype("i2"), n_groups=300),
        sr.scoring.tally(grouped, offsets=offsets),
        sr.scoring.tally(codes, offsets=offsets.astype("i4"), codes=True, threads=2),
    ):
        np.testing.assert_array_equal(t.data["ungraded"], counts[:, 0])
        np.testing.assert_array_equal(t.counts, counts[:, 1:])
        np.testing.assert_allclose(t.score_sum, total, rtol=1e-12)
        np.testing.assert_array_equal(t.worst_score, worst)
        above = t.of_parents(np.arange(300) // 100, 3)
        np.testing.assert_array_equal(above.counts, t.counts.reshape(3, 100, 4).sum(axis=1))
        assert f"red {counts[:, 4].sum()}" in repr(t)


def test_tallies_refuse_what_cannot_be() -> None:
    one = ([3.0], [6.0], [15.0])
    with pytest.raises(sr.InputError, match="either"):
        sr.scoring.tally(one)
    with pytest.raises(sr.InputError, match="row 0 is of group 5"):
        sr.scoring.tally(one, groups=[5], n_groups=5)
    with pytest.raises(sr.InputError, match="whole numbers"):
        sr.scoring.tally(one, groups=[0.5], n_groups=5)
    with pytest.raises(sr.InputError, match="2 groups"):
        sr.scoring.tally(one, offsets=[0, 1, 1], n_groups=3)
    with pytest.raises(sr.InputError, match="3 factors, not 2"):
        sr.scoring.tally(one[:2], groups=[0])
    assert len(sr.scoring.tally(([], [], []), groups=[])) == 0


def _under_isa(isa: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import hashlib, numpy as np, safetyrisk as sr\n"
        "rng = np.random.default_rng(7)\n"
        "L = rng.choice([0.1, 0.5, 3, 10, 4, np.nan], 3000)\n"
        "E = rng.choice([0.5, 1, 6, 10], 3000); C = rng.choice([1.0, 7, 40, 100], 3000)\n"
        "g = rng.integers(0, 90, 3000)\n"
        "h = hashlib.sha256()\n"
        "for x in sr.scoring.lec(L, E, C): h.update(x.tobytes())\n"
        "h.update(sr.scoring.tally((L, E, C), groups=g).data.tobytes())\n"
        "graded = sr.grade({'L': L, 'E': E, 'C': C}, 'lec')\n"
        "h.update(graded.to_json().encode())\n"
        "print(sr.scoring.isa(), h.hexdigest())\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"SAFETYRISK_ISA": isa},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_instruction_set_gives_the_same_bytes_and_a_wrong_name_is_refused() -> None:
    digests = set()
    for isa in ("scalar", "avx2", "avx512"):
        done = _under_isa(isa)
        if done.returncode != 0:
            assert "InputError" in done.stderr
            assert "does not have" in done.stderr
            assert isa != "scalar"
            continue
        name, digest = done.stdout.split()
        assert name == isa
        digests.add(digest)
    assert len(digests) == 1
    done = _under_isa("sse9")
    assert "SAFETYRISK_ISA is 'sse9'; it must be scalar, avx2 or avx512" in done.stderr


def explained_alike(g: sr.Graded, lang: str) -> None:
    """Each row of the table of explanations says what `explain` says of it."""
    table = g.explanations(lang).to_columns()
    assert len(g.explanations(lang)) == len(g)
    for row in range(len(g)):
        data = g.explain(row, lang).to_dict()

        def cell(name: str, row: int = row) -> Any:
            value = table[name][row]
            return None if isinstance(value, float) and math.isnan(value) else value

        def text(name: str) -> str:
            return cell(name) or ""

        assert str(cell("id") if cell("id") is not None else "") == data["id"]
        assert cell("status") == data["status"]
        assert cell("grade") == data["grade"]
        assert cell("score") == data["score"]
        assert text("method") == (data["method"] or "")
        for name in ("pack_version", "pack_sha256", "confidence", "clause"):
            assert text(name) == data[name]
        assert text("title") == data["title"][lang]
        for name, part in (("band", "printed"), ("band_label", "label")):
            assert text(name) == data["band"][part]
        assert text("band_word") == data["band"]["word"][lang]
        assert text("control") == data["control"][lang]
        override = data["override"] or {"id": None, "text": {lang: ""}, "grade_by_score": None}
        assert cell("override") == override["id"]
        assert text("override_text") == override["text"][lang]
        assert cell("grade_by_score") == override["grade_by_score"]
        explained = {factor["id"]: factor for factor in data["factors"]}
        for name in [n.removesuffix("_meaning") for n in table if n.endswith("_meaning")]:
            if name not in explained:
                assert cell(name) is None
                assert cell(f"{name}_meaning") is None
                continue
            assert text(f"{name}_meaning") == explained[name]["meaning"][lang]
            if cell(name) is not None:
                assert explained[name]["value"] == _core.print_number(cell(name))
            elif f"{name}_given" in table:
                given = cell(f"{name}_given")
                if isinstance(given, float):
                    given = _core.print_number(given)
                assert explained[name]["value"].strip() == ("" if given is None else given.strip())
            else:
                assert explained[name]["value"] == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("direct", [None, "direct.shandong"])
@pytest.mark.parametrize("averaged", [False, True])
def test_the_table_of_explanations_says_what_explain_says(
    lang: str, direct: str | None, averaged: bool
) -> None:
    rng = random.Random(3)
    n = 400
    pick = rng.choice
    table = {
        "id": [
            pick(["", None, f"p{k}", f"p{k % 50}"]) if k % 9 == 0 else f"p{k}" for k in range(n)
        ],
        "method": [
            pick(["lec", "lec.t2", "ls", "lec.shandong_a", "lec.water", "没有", None])
            for _ in range(n)
        ],
        "L": [pick([0.1, 1, 3, 3.5, 6, 10, None, -1, 99]) for _ in range(n)],
        "E": [pick(["0.5", "1", "６", "10", "x", ""]) for _ in range(n)],
        "C": [pick([1, 7, 15, 100, None, math.inf]) for _ in range(n)],
        "C_people": [pick([1, 15, 40, None, 2]) for _ in range(n)],
        "S": [pick([1, 2, 3, 4, 5, None]) for _ in range(n)],
        "open_major_hazards": [pick([0, 1, None]) for _ in range(n)],
    }
    explained_alike(sr.grade(table, direct=direct, averaged=averaged), lang)
    for method in ("lec", "ls", "lec.shandong_a"):
        one = {name: cells for name, cells in table.items() if name != "method"}
        explained_alike(sr.grade(one, method, direct=direct, averaged=averaged), lang)
    explained_alike(sr.grade({"id": [], "L": [], "E": [], "C": []}, "lec"), lang)


def test_explanations_are_alike_for_any_number_of_threads_and_share_the_inputs() -> None:
    n = 200_000
    rng = np.random.default_rng(5)
    table = {
        "id": np.arange(n),
        "L": rng.choice([1.0, 3.0, 6.0, 4.0], n),
        "E": rng.choice([1.0, 6.0], n),
        "C": rng.choice([1.0, 15.0, np.nan], n),
    }
    g = sr.grade(table, "lec")
    first = g.explanations(threads=1).to_arrow()
    for threads in (2, 3, 4):
        assert g.explanations(threads=threads).to_arrow().equals(first)
    inside = first.column("L").chunk(0).buffers()[1].address
    assert inside == table["L"].__array_interface__["data"][0]
    assert first.column("L_given").chunk(0).buffers()[1].address == inside
    frame = g.explanations().to_pandas()
    assert (frame["grade"] >= "orange").sum() == sum(g.counts()[k] for k in ("red", "orange"))


def test_data_frames_have_categories_that_are_used_like_texts(tmp_path: Any) -> None:
    n = 1000
    steps = np.array([1.0, 3.0, 6.0, 10.0])
    table = {"id": [f"p{k}" for k in range(n)], "C": np.resize([1.0, 40.0, np.nan], n)}
    table |= {"L": np.resize(steps, n), "E": np.resize(steps[::-1], n)}
    g = sr.grade(table, "lec")
    counts = g.counts()
    coded, plain = g.to_pandas(), g.to_pandas(categories=False)
    for name in coded:
        assert (
            coded[name].astype(object).where(coded[name].notna(), None).tolist()
            == plain[name].astype(object).where(plain[name].notna(), None).tolist()
        )
    for frame in (coded, plain):
        assert (frame["grade"] == "red").sum() == counts["red"]
        assert frame["grade"].value_counts().get("blue", 0) == counts["blue"]
        assert frame["status"].isin(["graded"]).sum() == counts["graded"]
        frame.to_csv(tmp_path / "frame.csv", index=False)
        assert pd.read_csv(tmp_path / "frame.csv")["grade"].notna().sum() == counts["graded"]
    assert coded["grade"].max() == "red"
    assert coded["grade"].cat.categories.tolist() == ["blue", "yellow", "orange", "red"]
    assert coded.sort_values("grade")["grade"].dropna().iloc[-1] == "red"
    assert plain["grade"].fillna("未评定").eq("未评定").sum() == n - counts["graded"]
    assert pl.DataFrame(g).filter(pl.col("grade") == "red").height == counts["red"]


def test_bands_of_methods_that_print_alike_are_one_category() -> None:
    own = {"id": ["a", "b", "c"], "method": ["lec.t1", "lec.shandong_a", "ls"], "L": [3, 3, 3]}
    g = sr.grade(own | {"E": [6, 6, None], "C": [15, 15, None], "S": [None, None, 4]})
    frame = g.to_pandas()
    assert frame["band"].tolist()[:2] == ["160<D≤320", "160<D≤320"]
    assert frame["band"].cat.categories.is_unique


def test_a_row_is_told_by_its_number_or_by_its_id() -> None:
    g = sr.grade({"id": ["a", "1", "a"], "L": [4, 6, 1], "S": [3, 6, 1]}, method="ls.coal_8")
    assert str(g.explain("1")) == str(g.explain(1)) == str(g.explain(-2))
    assert g.level("1") == g.level(1)
    assert g.explain("a").to_dict() == g.explain(0).to_dict()  # the first that has the id
    with pytest.raises(sr.NotFoundError, match="9"):
        g.explain("9")
    with pytest.raises(sr.InputError):
        g.explain(1.5)  # type: ignore[arg-type]


def test_the_page_of_methods_speaks_words() -> None:
    page = sr.methods()._repr_html_()
    assert not {word for word in ("True", "chain", "four_colours") if word in page}
    # A checklist of 64 items does not fill the page.
    assert not {w for w in ("重大危险源级别", "事故等级", "等 64 项") if w not in page}


def test_the_page_of_a_grading_says_levels_of_methods_without_colours() -> None:
    columns = {"id": ["x"], "deaths": [3], "serious_injuries": [0], "direct_loss": [10]}
    page = sr.grade(columns, method="accident_class.493")._repr_html_()
    assert "较大事故" in page
    assert not {word for word in ("未评估", "graded", "重大风险 0") if word in page}
    page = sr.grade({"id": ["a", "b"], "L": [6, None], "S": [6, 1]}, "ls.coal_8")._repr_html_()
    assert "未评估" in page
    assert not {word for word in ("not_gradable", "graded") if word in page}


def test_explain_refuses_names_that_nothing_reads() -> None:
    """A name mistyped is no input left out: `deth=是` must not pass for "no death"."""
    with pytest.raises(sr.InputError, match="near names are lost_days") as refused:
        sr.explain({"lost_day": 3}, "injury")
    assert refused.value.code == "input.unknown"
    for one in ({"L": 3, "S": 2, "C": 1}, {"L": 3, "S": 2, "breach_mandatory_clause": True}):
        with pytest.raises(sr.InputError, match=r"ls\.db37 reads no"):
            sr.explain(one, "ls")
    for one in ({"L": 3, "S": 2, "事故发生的可能性": 5}, {"L": 3, "l": 5, "S": 2}):
        with pytest.raises(sr.InputError, match="given twice"):
            sr.explain(one, "ls")
    said = {"breach_mandatory_clause": True, "name": "罐区", "后果严重性": 2, "L": 3}
    assert sr.explain(said, "ls", direct="direct.shandong").grade == sr.Grade.RED


def test_an_explanation_shows_itself_in_the_language_it_was_asked_in() -> None:
    inputs = {"deaths": 3, "serious_injuries": 0, "direct_loss": 0}
    for method, one in (("lec", {"L": 3, "E": 6, "C": 15}), ("accident_class", inputs)):
        page = sr.explain(one, method, lang="en")._repr_html_()
        # 依据 and units are quoted as the source has them.
        shown = re.sub(r"Source: .*|[人元万]", "", page)
        assert not re.search("[\u4e00-\u9fff]", shown), shown
        assert "Explanation of the grade" in page
        assert "等级说明" in sr.explain(one, method)._repr_html_()
    assert ">serious risk<" in sr.explain({"L": 3, "E": 6, "C": 15}, "lec", lang="en")._repr_html_()
    assert ">larger accident<" in sr.explain(inputs, "accident_class", lang="en")._repr_html_()
    # Ids of steps are the pack's business; a reader has their names.
    assert "by_deaths" not in sr.explain(inputs, "accident_class")._repr_html_()
