"""GB 18218 from Python: every row of table 1, the printed examples, every edge, every wrong row."""

import json
import math
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import polars as pl
import pytest

import safetyrisk as sr
from safetyrisk import cli
from support_cli import Run

# Table 1 written down a second time: number | name | aliases | CAS numbers | Q in tonnes | β of
# table 3, empty where it goes by category. Widths and brackets are mixed as people type them.
TABLE_1 = """\
1|氨|液氨；氨气|7664-41-7|10|2
2|二氟化氧|一氧化二氟|7783-41-7|1|
3|二氧化氮||10102-44-0|1|10
4|二氧化硫|亚硫酸酐|7446-09-5|20|2
5|氟||7782-41-4|1|
6|碳酰氯|光气|75-44-5|0.3|20
7|环氧乙烷|氧化乙烯|75-21-8|10|2
8|甲醛(含量＞90%)|蚁醛|50-00-0|5|
9|磷化氢|磷化三氢；膦|7803-51-2|1|20
10|硫化氢||7783-06-4|5|5
11|氯化氢(无水)||7647-01-0|20|3
12|氯|液氯；氯气|7782-50-5|5|4
13|煤气(CO,CO和H2、CH4的混合物等)|||20|
14|砷化氢|砷化三氢；胂|7784-42-1|1|
15|锑化氢|三氢化锑；锑化三氢|7803-52-3|1|
16|硒化氢||7783-07-5|1|
17|溴甲烷|甲基溴|74-83-9|10|3
18|丙酮氰醇|丙酮合氰化氢；2-羟基异丁腈；氰丙醇|75-86-5|20|
19|丙烯醛|烯丙醛；败脂醛|107-02-8|20|
20|氟化氢||7664-39-3|1|5
21|1-氯-2,3-环氧丙烷|环氧氯丙烷 (3-氯-1,2-环氧丙烷)|106-89-8|20|
22|3-溴-1,2-环氧丙烷|环氧溴丙烷；溴甲基环氧乙烷；表溴醇|3132-64-7|20|
23|甲苯二异氰酸酯|二异氰酸甲苯酯；TDI|26471-62-5|100|
24|一氯化硫|氯化硫|10025-67-9|1|
25|氰化氢|无水氢氰酸|74-90-8|1|10
26|三氧化硫|硫酸酐|7446-11-9|75|
27|3-氨基丙烯|烯丙胺|107-11-9|20|
28|溴|溴素|7726-95-6|20|
29|乙撑亚胺|吖丙啶；1-氮杂环丙烷；氮丙啶|151-56-4|20|
30|异氰酸甲酯|甲基异氰酸酯|624-83-9|0.75|20
31|叠氮化钡|叠氮钡|18810-58-7|0.5|
32|叠氮化铅||13424-46-9|0.5|
33|雷汞|二雷酸汞；雷酸汞|628-86-4|0.5|
34|三硝基苯甲醚|三硝基茴香醚|28653-16-9|5|
35|2,4,6-三硝基甲苯|梯恩梯；TNT|118-96-7|5|
36|硝化甘油|硝化丙三醇；甘油三硝酸酯|55-63-0|1|
37|硝化纤维素［干的或含水(或乙醇)<25%]|硝化棉|9004-70-0|1|
38|硝化纤维素(未改型的，或增塑的，含增塑剂<18%)|硝化棉|9004-70-0|1|
39|硝化纤维素(含乙醇≥25%)|硝化棉|9004-70-0|10|
40|硝化纤维素(含氮≤12.6%)|硝化棉|9004-70-0|50|
41|硝化纤维素(含水≥25%)|硝化棉|9004-70-0|50|
42|硝化纤维素溶液(含氮≤12.6%,含NC≤55%)|硝化棉溶液|9004-70-0|50|
43|硝酸铵(含可燃物>0.2%)||6484-52-2|5|
44|硝酸铵(含可燃物≤0.2%)||6484-52-2|50|
45|硝酸铵肥料(含可燃物≤0.4%)|||200|
46|硝酸钾||7757-79-1|1000|
47|1,3-丁二烯|联乙烯|106-99-0|5|
48|二甲醚|甲醚|115-10-6|50|
49|甲烷，天然气||74-82-8(甲烷); 8006-14-2(天然气)|50|
50|氯乙烯|乙烯基氯|75-01-4|50|
51|氢|氢气|1333-74-0|5|
52|液化石油气(含丙烷、丁烷及其混合物)|石油气(液化的)|68476-85-7; 74-98-6(丙烷); 106-97-8(丁烷)|50|
53|一甲胺|氨基甲烷；甲胺|74-89-5|5|
54|乙炔|电石气|74-86-2|1|
55|乙烯||74-85-1|50|
56|氧(压缩的或液化的)|液氧；氧气|7782-44-7|200|
57|苯|纯苯|71-43-2|50|
58|苯乙烯|乙烯苯|100-42-5|500|
59|丙酮|二甲基酮|67-64-1|500|
60|2-丙烯腈|丙烯腈；乙烯基氰；氰基乙烯|107-13-1|50|
61|二硫化碳||75-15-0|50|
62|环己烷|六氢化苯|110-82-7|500|
63|1,2-环氧丙烷|氧化丙烯；甲基环氧乙烷|75-56-9|10|
64|甲苯|甲基苯；苯基甲烷|108-88-3|500|
65|甲醇|木醇；木精|67-56-1|500|
66|汽油(乙醇汽油、甲醇汽油)||86290-81-5(汽油)|200|
67|乙醇|酒精|64-17-5|500|
68|乙醚|二乙基醚|60-29-7|10|
69|乙酸乙酯|醋酸乙酯|141-78-6|500|
70|正己烷|己烷|110-54-3|500|
71|过乙酸|过醋酸；过氧乙酸；乙酰过氧化氢|79-21-0|10|
72|过氧化甲基乙基酮(10%<有效氧≤10.7%,A型稀释剂≥48%)||1338-23-4|10|
73|白磷|黄磷|12185-10-3|50|
74|烷基铝|三烷基铝||1|
75|戊硼烷|五硼烷|19624-22-7|1|
76|过氧化钾||17014-71-0|20|
77|过氧化钠|双氧化钠；二氧化钠|1313-60-6|20|
78|氯酸钾||3811-04-9|100|
79|氯酸钠||7775-09-9|100|
80|发烟硝酸||52583-42-3|20|
81|硝酸(发红烟的除外，含硝酸＞70%)||7697-37-2|100|
82|硝酸胍|硝酸亚氨脲|506-93-4|50|
83|碳化钙|电石|75-20-7|100|
84|钾|金属钾|7440-09-7|1|
85|钠|金属钠|7440-23-5|10|
"""
# Tables 2 and 4: symbol, Q, β.
TABLE_2 = {
    "J1": ("5", "4"), "J2": ("50", "1"), "J3": ("50", "2"), "J4": ("50", "2"), "J5": ("500", "1"),
    "W1.1": ("1", "2"), "W1.2": ("10", "2"), "W1.3": ("50", "2"), "W2": ("10", "1.5"),
    "W3": ("150", "1"), "W4": ("50", "1"), "W5.1": ("10", "1.5"), "W5.2": ("50", "1"),
    "W5.3": ("1000", "1"), "W5.4": ("5000", "1"), "W6.1": ("10", "1.5"), "W6.2": ("50", "1"),
    "W7.1": ("10", "1.5"), "W7.2": ("50", "1"), "W8": ("50", "1"), "W9.1": ("50", "1"),
    "W9.2": ("200", "1"), "W10": ("200", "1"), "W11": ("200", "1"),
}  # fmt: skip
NITROCELLULOSE, NITRATE = [37, 38, 39, 40, 41, 42], [43, 44]


class Row:
    """A row of TABLE_1."""

    def __init__(self, line: str) -> None:
        no, self.name, aliases, cas, self.q, self.beta = line.split("|")
        self.no = int(no)
        self.aliases = [a.strip() for a in aliases.split("；") if a]
        self.cas = [c.partition("(")[0].strip() for c in cas.split(";") if c]


ROWS = [Row(line) for line in TABLE_1.splitlines()]


def alpha(people: int) -> Fraction:
    if people == 0:
        return Fraction("0.5")
    return Fraction(
        "1" if people < 30 else "1.2" if people < 50 else "1.5" if people < 100 else "2"
    )


def level_of(r: Fraction) -> str:
    return "一级" if r >= 100 else "二级" if r >= 50 else "三级" if r >= 10 else "四级"


def judge(rows: list[dict[str, Any]], exposed: Any = 60, **options: Any) -> sr.MajorHazards:
    """Judges rows given as dicts; absent cells are None."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = {name: [row.get(name) for row in rows] for name in names}
    return sr.major_hazard(table, exposed, **options)


def units(m: sr.MajorHazards) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in json.loads(m.to_json())["rows"]}


def one(m: sr.MajorHazards) -> dict[str, Any]:
    """The only unit, after checks of what holds for every result."""
    check(m)
    (row,) = units(m).values()
    return row


def check(m: sr.MajorHazards) -> None:
    c = m.counts()
    assert c["units"] == c["yes"] + c["no"] + c["undetermined"] == len(m)
    assert c["rows_in"] == c["graded"] + c["not_gradable"] + c["rejected"] == len(m.rows)
    for row in units(m).values():
        assert row["complete"] == (row["missing"] is None)
        assert (row["S"] is None) or row["S"] == row["S_at_least"]
        assert (row["level"] is None) == (row["R"] is None)
        assert row["rows"] == row["graded"] + row["not_gradable"] + row["rejected"]
        if row["R"] is not None:
            assert row["complete"]
            assert row["S"] >= 1
        assert row["major"] == "yes" if row["S_at_least"] >= 1 else row["major"] != "yes"
        if row["complete"] and row["S"] < 1:
            assert row["major"] == "no"
    faulty = {i.row for i in m.issues if i.row is not None and i.severity == "error"}
    for row in json.loads(m.rows.to_json())["rows"]:
        assert (row["status"] != "graded") == (row["row"] in faulty)


def codes(m: sr.MajorHazards) -> list[str]:
    return [issue.code.removeprefix("scoring.") for issue in m.issues]


# ---- which row ------------------------------------------------------------------------------------


def test_table_1_has_85_rows_with_their_quantities_and_betas() -> None:
    standard = sr.scoring.major_hazard_standard()
    assert len(ROWS) == len(standard.substances) == 85
    for row, ours in zip(ROWS, standard.substances, strict=True):
        assert (row.no, Fraction(row.q)) == (ours["no"], Fraction(str(ours["Q"])))
        assert ours["beta"] == (float(row.beta) if row.beta else None)
        assert ours["cas"] == row.cas
    assert sum(row.beta != "" for row in ROWS) == 13  # the 14th gas of table 3 is CO
    assert {c["symbol"]: (c["Q"], c["beta"]) for c in standard.categories} == {
        symbol: (float(q), float(beta)) for symbol, (q, beta) in TABLE_2.items()
    }


def test_every_name_alias_and_cas_leads_to_its_row_or_to_the_rows_that_share_it() -> None:
    standard = sr.scoring.major_hazard_standard()
    for row in ROWS:
        assert standard.by_name(row.name) == [row.no]
        for alias in row.aliases:
            assert standard.by_name(alias) == (
                [37, 38, 39, 40, 41] if alias == "硝化棉" else [row.no]
            )
        for cas in row.cas:
            shared = {"9004-70-0": NITROCELLULOSE, "6484-52-2": NITRATE}.get(cas, [row.no])
            assert standard.by_cas(cas) == shared
            assert standard.by_cas(cas.replace("-", "")) == shared
            digits = [int(d) for d in cas.replace("-", "")]
            weighted = sum(i * d for i, d in enumerate(reversed(digits[:-1]), 1))
            assert weighted % 10 == digits[-1]


FULL_WIDTH = str.maketrans("()<>%,;[]", "（）＜＞％，；［］") | {
    c: c - 0x20 + 0xFF00 for c in range(ord("0"), ord("z") + 1) if chr(c).isalnum()
}
SPELLINGS: list[Callable[[str], str]] = [
    lambda s: s.translate(FULL_WIDTH),
    lambda s: s.replace("(", "【").replace(")", "】"),
    lambda s: s.replace("(", "〔").replace(")", "〕").replace("≥", ">=").replace("≤", "<="),
    lambda s: " " + "\u3000".join(s) + "\xa0",
    lambda s: s.replace("，", ",").replace("-", "－").replace("≥", "≧").replace("≤", "≦"),
    lambda s: s.lower(),
]


@pytest.mark.parametrize("spell", SPELLINGS)
def test_width_brackets_blanks_and_signs_do_not_matter(spell: Callable[[str], str]) -> None:
    standard = sr.scoring.major_hazard_standard()
    for row in ROWS:
        assert standard.by_name(spell(row.name)) == [row.no], spell(row.name)
        for alias in row.aliases:
            assert standard.by_name(spell(alias)) == standard.by_name(alias) != []


def test_a_name_without_its_condition_is_known_only_where_it_is_one_row() -> None:
    standard = sr.scoring.major_hazard_standard()
    for name, rows in {
        "甲醛": [8], "氯化氢": [11], "煤气": [13], "硝化纤维素溶液": [42], "硝酸铵肥料": [45],
        "液化石油气": [52], "丙烷": [52], "丁烷": [52], "氧": [56], "汽油": [66], "乙醇汽油": [66],
        "甲醇汽油": [66], "甲烷": [49], "天然气": [49], "过氧化甲基乙基酮": [72], "硝酸": [81],
        "硝化纤维素": [37, 38, 39, 40, 41], "硝酸铵": [43, 44], "硝化棉(含水≥25%)": [41],
        "丙烯腈[稳定的]": [60], "氟化氢（无水）": [20], "氨（液氨）": [1], "液氯/氯气": [12],
        "甲醛(37%)": [], "氯化氢(水溶液)": [], "盐酸": [], "二甲苯": [], "": [], "氨(氯)": [],
        "chlorine": [12], "TDI": [23], "tnt": [35],
    }.items():  # fmt: skip
        assert standard.by_name(name) == rows, name


@pytest.mark.parametrize("row", ROWS, ids=[str(r.no) for r in ROWS])
def test_each_row_of_table_1_counts_with_its_q_and_beta(row: Row) -> None:
    q = 3.5 * float(row.q)
    given = [
        {"unit": "A", "name": row.name, "cas": cas, "quantity_t": q} for cas in [None, *row.cas]
    ]
    for substance in given:
        m = judge([{**substance, "symbol": "W2"}], 10)  # W2: β 1.5
        unit = one(m)
        beta = Fraction(row.beta or "1.5")
        assert unit["S"] == float(Fraction(str(q)) / Fraction(row.q))
        assert unit["R"] == float(beta * Fraction(str(q)) / Fraction(row.q))
        assert m.rows.to_columns()["substance_no"].tolist() == [row.no]


def test_the_bare_cas_of_a_shared_row_is_not_gradable_and_the_candidates_are_named() -> None:
    for cas, rows in (("9004-70-0", NITROCELLULOSE), ("6484-52-2", NITRATE)):
        m = judge([{"unit": "A", "cas": cas, "quantity_t": 999}])
        unit = one(m)
        assert (unit["S"], unit["major"], unit["S_at_least"]) == (None, "undetermined", 0)
        assert m.issues[0].code == "scoring.substance_ambiguous"
        for no in rows:
            assert ROWS[no - 1].name.replace("［", "[").replace("＞", ">") in m.issues[0].message
    m = judge([{"unit": "A", "name": "硝化棉", "cas": "9004-70-0", "quantity_t": 999}])
    assert codes(m) == ["substance_ambiguous", "major_undetermined"]
    m = judge([{"unit": "A", "name": "硝化棉溶液", "cas": "9004-70-0", "quantity_t": 5}])
    assert m.rows.to_columns()["substance_no"].tolist() == [42]


def test_a_condition_that_is_not_stated_is_reported_but_a_stated_one_is_not() -> None:
    for name, reported in (
        ("甲醛", True),
        ("蚁醛", True),
        ("甲醛(含量>90%)", False),
        ("液氧", False),
    ):
        m = judge([{"unit": "A", "name": name, "quantity_t": 1, "symbol": "W2"}])
        assert ("condition_not_stated" in codes(m)) == reported
        assert one(m)["complete"]


def test_a_name_that_only_this_library_reads_is_said_to_be_one() -> None:
    m = judge([{"unit": "A", "name": "LNG", "quantity_t": 120, "symbol": "W2"}], 100)
    assert (one(m)["S"], codes(m)) == (2.4, ["substance_reading"])
    m = judge(
        [{"unit": "A", "name": "三乙基铝", "cas": "97-93-8", "quantity_t": 2, "symbol": "W8"}]
    )
    assert one(m)["S"] == 2  # 烷基铝, not W8 with Q = 50
    m = judge([{"unit": "A", "name": "一氧化碳", "quantity_t": 20}], 10)
    assert one(m)["R"] == 2  # table 1 prints it as 煤气(CO …), table 3 as 一氧化碳
    m = judge([{"unit": "A", "name": "煤气", "quantity_t": 20}], 10)
    assert (one(m)["R"], codes(m)) == (None, ["beta_missing", "major_undetermined"])


def test_a_substance_by_category_takes_the_lowest_q_and_names_its_neighbour() -> None:
    for symbol, (q, beta) in TABLE_2.items():
        m = judge(
            [{"unit": "A", "name": "某化学品", "symbol": symbol, "quantity_t": 2 * float(q)}], 1
        )
        unit = one(m)
        assert (unit["S"], unit["R"]) == (2, 2 * float(beta))
    m = judge([{"unit": "A", "name": "某化学品", "symbol": "w5.3；Ｊ５", "quantity_t": 250}], 1)
    assert (one(m)["S"], m.rows.to_columns()["symbol"].tolist()) == (0.5, ["J5"])
    m = judge([{"unit": "A", "name": "工业乙醇", "symbol": "W5.3", "quantity_t": 1}])
    assert (codes(m), "67 乙醇" in m.issues[0].message) == (["near_table"], True)


# ---- printed examples and edges ------------------------------------------------------------------

EXAMPLES = [
    ([("氯", 5, None), ("氨", 5, None)], 60, 1.5, 7.5, "四级"),
    ([("氯", 40, None)], 100, 8, 64, "二级"),
    ([("氨", 60, None)], 45, 6, 14.4, "三级"),
    ([("甲醇", 200, "W5.3"), ("苯", 50, "W5.3"), ("汽油", 100, "W5.3")], 60, 1.9, 2.85, "四级"),
    ([("液化天然气", 120, "W2")], 100, 2.4, 7.2, "四级"),
    ([("光气", 0.3, None)], 0, 1, 10, "三级"),
    ([("氨", 9.9, None)], 200, 0.99, None, None),
    ([("氯", 62.5, None)], 100, 12.5, 100, "一级"),
]


@pytest.mark.parametrize(("substances", "people", "s", "r", "level"), EXAMPLES)
def test_examples(
    substances: Any, people: int, s: float, r: float | None, level: str | None
) -> None:
    rows = [{"unit": "A", "name": n, "quantity_t": q, "symbol": c} for n, q, c in substances]
    for exposed in (people, {"A": people}):
        unit = one(judge(rows, exposed))
        assert (unit["S"], unit["R"], unit["level"]) == (s, r, level)
        assert unit["major"] == ("yes" if s >= 1 else "no")
    with_column = [{**row, "people": people} for row in rows]
    assert one(judge(with_column, "people"))["R"] == r


@pytest.mark.parametrize("people", [0, 1, 29, 30, 49, 50, 99, 100, 10**9])
def test_alpha_at_every_edge(people: int) -> None:
    unit = one(judge([{"unit": "A", "name": "氯", "quantity_t": 5}], people))
    assert Fraction(str(unit["alpha"])) == alpha(people)
    assert Fraction(str(unit["R"])) == 4 * alpha(people)


def test_levels_at_every_edge_and_a_hair_beside_it() -> None:
    # R = 2·20·q/0.3 for phosgene at α 2; the edge lies at q = 0.075·edge/10 …, all exact decimals.
    for edge, above, below in ((10, "三级", "四级"), (50, "二级", "三级"), (100, "一级", "二级")):
        exact = Fraction(edge) / 2 / 4 * 5  # chlorine, β 4, α 2
        for q, want in (
            (float(exact), above),
            (math.nextafter(float(exact), 0), below),
            (math.nextafter(float(exact), 1e9), above),
        ):
            unit = one(judge([{"unit": "A", "name": "氯", "quantity_t": q}], 100))
            assert unit["level"] == want
            assert (unit["R"] >= edge) == (want == above)


def test_s_decides_at_one_exactly() -> None:
    for parts in (
        [0.3],
        [0.1, 0.2],
        [0.1] * 3,
        [0.01] * 30,
        [0.29999999999999993, 0.00000000000000007],
    ):
        unit = one(judge([{"unit": "A", "name": "光气", "quantity_t": q} for q in parts], 0))
        assert (unit["S"], unit["major"], unit["R"], unit["level"]) == (1, "yes", 10, "三级")
    for parts in ([math.nextafter(0.3, 0)], [0.1, math.nextafter(0.2, 0)]):
        unit = one(judge([{"unit": "A", "name": "光气", "quantity_t": q} for q in parts], 0))
        assert unit["major"] == "no"
        assert unit["S"] < 1
        assert unit["R"] is None


def test_brute_force_against_fractions() -> None:
    draw = random.Random(18218)
    named = [row for row in ROWS if row.no not in (*NITROCELLULOSE, *NITRATE)]
    rows: list[dict[str, Any]] = []
    exposed: dict[str, int] = {}
    want: dict[str, tuple[Fraction, Fraction]] = {}
    for u in range(600):
        unit = f"单元{u}"
        exposed[unit] = draw.choice([0, 1, 29, 30, 49, 50, 99, 100, 5000])
        s = r = Fraction(0)
        for _ in range(draw.randrange(1, 7)):
            digits = draw.choice([1, 3, 17])
            row = draw.choice(named)
            symbol = draw.choice(list(TABLE_2))
            q = round(float(row.q) * draw.uniform(0, 1.5), digits)
            listed = draw.random() < 0.7
            amount = Fraction(repr(q))
            big_q = Fraction(row.q if listed else TABLE_2[symbol][0])
            beta = Fraction(row.beta if listed and row.beta else TABLE_2[symbol][1])
            form = draw.choice(["t", "kg", "m3", "L"])
            cells: dict[str, Any] = {"unit": unit, "symbol": symbol}
            cells |= {"name": row.name if listed else f"混合物{u}"}
            if form == "t":
                cells |= {"quantity_t": q}
            else:
                density = round(draw.uniform(0.5, 2), 4)
                factor = {"kg": Fraction(1, 1000), "m3": Fraction(repr(density)),
                          "L": Fraction(repr(density)) / 1000}[form]  # fmt: skip
                cells |= {"quantity": q, "quantity_unit": form, "density_t_m3": density}
                amount *= factor
            s += amount / big_q
            r += beta * amount / big_q
            rows.append(cells)
        want[unit] = (s, alpha(exposed[unit]) * r)
    draw.shuffle(rows)
    m = judge(rows, exposed)
    check(m)
    for unit, got in units(m).items():
        s, r = want[unit]
        assert got["S"] == pytest.approx(float(s), rel=1e-15)
        assert got["major"] == ("yes" if s >= 1 else "no")
        assert got["level"] == (level_of(r) if s >= 1 else None)
        if s >= 1:
            assert got["R"] == pytest.approx(float(r), rel=1e-15)
    assert {"yes", "no"} == {row["major"] for row in units(m).values()}
    again = judge(draw.sample(rows, len(rows)), exposed)
    assert again.to_json() == m.to_json()  # the order of the rows does not matter


# ---- what cannot be counted ----------------------------------------------------------------------

CHLORINE = {"unit": "A", "name": "氯", "quantity_t": 5}
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"name": "某物", "quantity_t": 1}, "symbol_missing", "not_gradable", "某物: symbol"),
    ({"name": None, "quantity_t": 1, "symbol": "W2"}, "substance_missing", "not_gradable", "?: name"),
    ({"name": "—", "cas": "/", "quantity_t": 1}, "substance_missing", "not_gradable", "?: name"),
    ({"name": "硝酸铵", "quantity_t": 1}, "substance_ambiguous", "not_gradable", "硝酸铵: name"),
    ({"name": "某物", "symbol": "W5", "quantity_t": 1}, "symbol_unknown", "rejected", "某物: symbol"),
    ({"name": "某物", "symbol": "易燃", "quantity_t": 1}, "symbol_unknown", "rejected", "某物: symbol"),
    ({"name": "盐酸", "cas": "7647-01-0", "quantity_t": 1}, "substance_conditional", "not_gradable",
     "盐酸: name"),
    ({"name": "氨", "cas": "7782-50-5", "quantity_t": 1}, "substance_contradiction", "rejected",
     "氨: cas"),
    ({"name": "氨", "cas": "7732-18-5", "quantity_t": 1}, "substance_contradiction", "rejected",
     "氨: cas"),
    ({"name": "氨", "cas": "7664-41-7;7782-50-5", "quantity_t": 1}, "substance_contradiction",
     "rejected", "氨: cas"),
    ({"name": "氨", "cas": "7664-41-8", "quantity_t": 1}, "cas_bad", "rejected", "氨: cas"),
    ({"name": "氨", "cas": "7664417x", "quantity_t": 1}, "cas_bad", "rejected", "氨: cas"),
    ({"name": "氨", "quantity_t": None}, "quantity_missing", "not_gradable", "氨: quantity_t"),
    ({"name": "氨", "quantity_t": math.nan}, "quantity_missing", "not_gradable", "氨: quantity_t"),
    ({"name": "氨", "quantity_t": "若干"}, "not_a_number", "rejected", "氨: quantity_t"),
    ({"name": "氨", "quantity_t": -1}, "negative", "rejected", "氨: quantity_t"),
    ({"name": "氨", "quantity_t": math.inf}, "infinite", "rejected", "氨: quantity_t"),
    ({"name": "氨", "quantity": 3}, "quantity_unit_missing", "not_gradable", "氨: quantity_unit"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "桶"}, "quantity_unit_unknown", "rejected",
     "氨: quantity_unit"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "m³"}, "density_missing", "not_gradable",
     "氨: density_t_m3"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "升"}, "density_missing", "not_gradable",
     "氨: density_t_m3"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "L", "density_t_m3": 0}, "density_impossible",
     "rejected", "氨: density_t_m3"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "L", "density_t_m3": 610}, "density_impossible",
     "rejected", "氨: density_t_m3"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "L", "density_t_m3": "轻"}, "not_a_number",
     "rejected", "氨: density_t_m3"),
    ({"name": "氨", "quantity": 3, "quantity_unit": "kg", "quantity_t": 3}, "quantity_contradiction",
     "rejected", "氨: quantity_t"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "code", "status", "missing"), WRONG)
def test_a_row_that_cannot_be_counted_leaves_its_unit_open(
    cells: dict[str, Any], code: str, status: str, missing: str
) -> None:
    m = judge([{"unit": "A", **cells}])
    unit = one(m)
    assert (unit["S"], unit["R"], unit["level"], unit["complete"]) == (None, None, None, False)
    assert (unit["S_at_least"], unit["major"], unit["missing"]) == (0, "undetermined", missing)
    assert codes(m)[0] == code
    assert m.rows.to_columns()["status"].tolist() == [status]
    assert m.rows.to_columns()["reason"].tolist() == [f"scoring.{code}"]
    # Beside enough chlorine the unit is a major hazard installation all the same.
    unit = one(judge([{"unit": "A", **cells}, CHLORINE]))
    assert (unit["S"], unit["R"], unit["level"]) == (None, None, None)
    assert (unit["S_at_least"], unit["major"], unit["complete"]) == (1, "yes", False)
    for lang in ("zh", "en"):
        assert m.explain("A", lang).to_dict()["issues"][0]["code"] == f"scoring.{code}"


def test_quantities_in_every_unit_and_beside_the_tonnes() -> None:
    for cells in (
        {"quantity": 10000, "quantity_unit": "kg"},
        {"quantity": 10000, "quantity_unit": "公斤"},
        {"quantity": "10", "quantity_unit": "吨"},
        {"quantity": 16, "quantity_unit": "m3", "density_t_m3": 0.625},
        {"quantity": 16000, "quantity_unit": "Ｌ", "density_t_m3": 0.625},
        {"quantity": 16, "quantity_unit": "立方米", "density_t_m3": 0.625, "quantity_t": 10},
        {"quantity": 10, "quantity_t": 10},
        {"quantity_t": 10, "quantity_unit": "t", "density_t_m3": 99},
    ):
        assert one(judge([{"unit": "A", "name": "氨", **cells}]))["S"] == 1
    # A spreadsheet's product differs from the exact one in the last bit.
    noisy = {
        "quantity": 12.3,
        "quantity_unit": "m3",
        "density_t_m3": 0.791,
        "quantity_t": 12.3 * 0.791,
    }
    assert one(judge([{"unit": "A", "name": "氨", **noisy}]))["S"] < 1


def test_a_substance_without_beta_is_not_gradable_and_counts_nowhere() -> None:
    methanol = {"unit": "A", "name": "甲醇", "quantity_t": 600}
    m = judge([methanol])
    unit = one(m)
    assert (unit["S"], unit["R"], unit["level"]) == (None, None, None)
    assert (unit["S_at_least"], unit["major"]) == (0, "undetermined")
    assert (unit["complete"], unit["missing"]) == (False, "甲醇: symbol")
    assert codes(m) == ["beta_missing", "major_undetermined"]
    beside = one(judge([methanol, {"unit": "A", "name": "氯", "quantity_t": 5}]))
    assert (beside["S"], beside["S_at_least"], beside["major"]) == (None, 1, "yes")
    below = one(judge([{**methanol, "quantity_t": 1}]))
    assert (below["S"], below["complete"]) == (None, False)
    several = judge([{"unit": "A", "name": "煤气", "quantity_t": 40, "symbol": "J3;W2"}], 10)
    assert (one(several)["R"], codes(several)) == (None, ["beta_several", "major_undetermined"])
    alike = judge([{**methanol, "symbol": "J5;W5.3"}], 10)
    assert (one(alike)["R"], codes(alike)) == (1.2, [])
    unread = judge([{**methanol, "symbol": "易燃液体"}])
    assert (one(unread)["S"], codes(unread)) == (
        None,
        ["beta_symbol_unknown", "major_undetermined"],
    )


def test_the_largest_beta_is_taken_on_request_and_reported() -> None:
    m = judge([{"unit": "A", "name": "煤气", "quantity_t": 40, "symbol": "J3;W2"}], 10, beta="max")
    assert (one(m)["R"], codes(m)) == (4, ["beta_assumed"])
    m = judge([{"unit": "A", "name": "甲醇", "quantity_t": 600}], 10, beta="max")
    assert (one(m)["R"], codes(m)) == (4.8, ["beta_assumed"])  # table 4 goes up to 4
    assert "标准未规定" in m.explain("A").text
    m = judge([{"unit": "A", "name": "某物", "quantity_t": 600}], 10, beta="max")
    assert codes(m) == ["symbol_missing", "major_undetermined"]


def test_people_outside_must_be_known_for_a_level_and_only_then() -> None:
    unit = one(m := judge([CHLORINE], None))
    assert (unit["S"], unit["R"], unit["level"], unit["missing"]) == (1, None, None, "exposed")
    assert codes(m) == ["exposed_missing"]
    assert one(judge([{**CHLORINE, "quantity_t": 1}], None))["complete"]
    m = judge([{**CHLORINE, "exposed": 10}, {**CHLORINE, "exposed": 20}], None)
    assert (one(m)["missing"], codes(m)) == ("exposed", ["exposed_conflict"])
    m = judge([{**CHLORINE, "exposed": 10}, {**CHLORINE, "exposed": None}], None)
    assert one(m)["R"] == 8
    m = judge([CHLORINE], {"B": 10})
    assert codes(m) == ["exposed_missing", "exposed_unit_absent"]


@pytest.mark.parametrize("people", [-1, 0.5, "很多", math.inf])
def test_a_number_of_people_that_cannot_be_is_an_issue_in_a_column_and_an_error_in_a_call(
    people: Any,
) -> None:
    m = judge([{**CHLORINE, "exposed": people}], None)
    assert units(m)["A"]["level"] is None
    assert codes(m)[0] == "exposed_invalid"
    if not isinstance(people, str):
        with pytest.raises(sr.InputError, match="people"):
            judge([CHLORINE], people)
    with pytest.raises(sr.InputError, match="people"):
        judge([CHLORINE], {"A": people})


def test_rows_without_a_unit_and_units_in_two_spellings() -> None:
    m = judge([CHLORINE, {**CHLORINE, "unit": None}, {**CHLORINE, "unit": " "}])
    check(m)
    assert list(units(m)) == ["A", ""]
    assert units(m)[""]["missing"] == "unit"
    assert codes(m) == ["unit_missing", "unit_missing"]
    m = judge([{**CHLORINE, "unit": "1号 罐区"}, {**CHLORINE, "unit": "１号罐区"}])
    assert one(m)["S"] == 2
    assert codes(m) == ["unit_spellings"]


def test_a_table_without_a_needed_column_says_so_and_counts_nothing() -> None:
    for drop in ("unit", "name", "quantity_t"):
        m = judge([{key: value for key, value in CHLORINE.items() if key != drop}])
        check(m)
        assert codes(m)[0] == "column_missing"
        assert m.counts()["graded"] == 0
    assert len(sr.major_hazard({"unit": [], "name": [], "quantity_t": []})) == 0


# ---- tables, files and the command line -------------------------------------------------------------


def test_any_kind_of_table_gives_the_same_result() -> None:
    table = {"单元": ["A", "A", "B"], "危险化学品名称": ["氯", "氨", "甲醇"], "CAS号": [None, None, "67-56-1"],
             "类别": [None, None, "W5.3"], "设计最大量(t)": [5.0, 5.0, 600.0],
             "厂外可能暴露人员数量": [60, 60, 0]}  # fmt: skip
    want = sr.major_hazard(table).to_json()
    frame = pd.DataFrame(table)
    assert sr.major_hazard(frame).to_json() == want
    assert sr.major_hazard(pl.DataFrame(table)).to_json() == want
    assert sr.major_hazard(pl.DataFrame(table).to_arrow()).to_json() == want
    renamed = frame.rename(columns={"单元": "u", "厂外可能暴露人员数量": "n"})
    assert sr.major_hazard(renamed, "n", columns={"unit": "u"}).to_json() == want


@pytest.mark.parametrize(
    ("header", "column"),
    [("设计最大量(t)", "quantity_t"), ("设计最大量（吨）", "quantity_t"), ("最大储量(T)", "quantity_t"),
     ("数量", "quantity"), ("单位", "quantity_unit"), ("密度(t/m3)", "density_t_m3"),
     ("类别/符号", "symbol"), ("CAS 号", "cas"), ("暴露人员数量(人)", "exposed")],
)  # fmt: skip
def test_usual_headers_are_known(header: str, column: str) -> None:
    assert sr.io.map_headers([header], "substances").names == [column]


def test_the_colours_are_a_step_of_their_own_that_says_so() -> None:
    m = judge([{**CHLORINE, "unit": u, "quantity_t": q} for u, q in
               [("a", 62.5), ("b", 32), ("c", 10), ("d", 5), ("e", 1)]], 100)  # fmt: skip
    assert "colour" not in json.dumps(units(m))
    assert "grade" not in m.to_columns()
    coloured = m.colours().to_columns()
    assert coloured["grade"].tolist() == ["red", "orange", "yellow", "blue", None]
    assert set(coloured["rule"]) == {"hazard_colours.usual"}
    assert set(coloured["confidence"]) == {"D"}
    with pytest.raises(sr.NotFoundError, match=r"hazard_colours\.usual"):
        m.colours("nope")
    pack = next(p for p in sr.packs() if p.id == "hazard_colours.usual")
    broken = json.loads(pack.canonical)
    del broken["content"]["levels"][1]
    with pytest.raises(sr.InputError, match="二级"):
        m.colours(sr._core.parse_pack(json.dumps(broken)))
    with pytest.raises(sr.InputError, match="not for gb18218"):
        m.colours(next(p for p in sr.packs() if p.id == "park_colours.usual"))


def test_one_kind_of_colour_map_serves_the_standard_of_2018_and_the_grading_of_2011() -> None:
    assert {p.kind for p in sr.packs() if "colours" in p.id} == {"colour_map"}
    ratios = {one["id"]: [0, 0] for one in sr.scoring.method("gb18218_2011.from_ratios").inputs}
    ratios |= {"gases_4": [0.5, 30], "exposed": [0, 100]}  # R = 2·4·30
    table = {"id": ["a", "b"], **ratios}
    graded = sr.grade(table, "gb18218_2011.from_ratios", colours="hazard_colours.usual")
    assert [graded.level(k).label for k in (0, 1)] == ["0", "1"]
    assert graded.to_columns()["grade"].tolist() == [None, "red"]
    assert graded.counts()["without_colour"] == 1


def test_results_print_and_explain_themselves_and_escape_what_comes_from_data() -> None:
    m = judge(
        [{**CHLORINE, "unit": "<b>罐区</b>"}, {"unit": "C", "name": "<i>某物</i>", "quantity_t": 1}]
    )
    for shown in (m, m.rows, m.colours(), m.explain(0), m.explain("C")):
        assert "<b>" not in shown._repr_html_()
        assert "<i>" not in shown._repr_html_()
    assert repr(m).startswith("<safetyrisk major hazards: 2 units = 1 yes (一级 0")
    assert "罐区" in repr(m.explain(0))
    assert m.explain(-1).to_dict()["unit"] == "C"
    english = m.explain(0, lang="en").text
    assert "R = α·Σβ·q/Q = 1.5×(4×5/5) = 6, level 4" in english
    with pytest.raises(sr.NotFoundError, match="no unit"):
        m.explain("nope")
    with pytest.raises(sr.NotFoundError, match="no unit"):
        m.explain(2)


def test_wrong_calls_are_refused() -> None:
    table = {"unit": ["A"], "name": ["氯"], "quantity_t": [5]}
    with pytest.raises(sr.InputError, match="beta"):
        sr.major_hazard(table, beta="min")  # type: ignore[arg-type]
    with pytest.raises(sr.InputError, match="no header '人数'"):
        sr.major_hazard(table, "人数")
    with pytest.raises(sr.InputError, match=r"2018-12-31"):
        sr.major_hazard(table, as_of="2018-12-31")
    with pytest.raises(sr.NotFoundError, match="gb18219"):
        sr.major_hazard(table, pack="gb18219")
    with pytest.raises(sr.InputError, match="method"):
        sr.major_hazard(table, pack="lec.t1")
    with pytest.raises(sr.InputError, match=r"major_hazard\(\)"):
        sr.grade({"id": [1]}, method="gb18218")


BREAKS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda c: c["substances"][0].update(cas=["7664-41-8"]), "check digit of 7664-41-8"),
    (lambda c: c["substances"][0].update(cas=["7664417"]), "no CAS number as printed"),
    (lambda c: c["substances"][1]["aliases"].append("液氨"), "'液氨' leads to this row and to row 1"),
    (lambda c: c["substances"][1].update(cas=["7664-41-7"]), "'7664-41-7' leads to this row"),
    (lambda c: c["substances"].pop(), "table 1 has 84 rows"),
    (lambda c: c["substances"][3].update(no=5), "numbered from 1 without a gap"),
    (lambda c: c["substances"][0].update(q=0), "finite and above zero"),
    (lambda c: c["substances"][7].update(condition={"zh": "含量>80%", "en": "x"}), "in brackets"),
    (lambda c: c["ambiguous"].pop(0), "'硝化棉' leads to this row and to row 37"),
    (lambda c: c["ambiguous"].append({"key": "苯", "rows": [57, 58]}), "does not lead to"),
    (lambda c: c["gases"][0].update(name="氦"), "is not one row of table 1"),
    (lambda c: c["gases"].append({"name": "液氯", "beta": 4}), "stands twice in table 3"),
    (lambda c: c["categories"][1].update(symbol="J1"), "two categories have this symbol"),
    (lambda c: c["exposure"].pop(1), "gap or overlap"),
    (lambda c: c["exposure"].pop(), "down to nobody"),
    (lambda c: c["exposure"][0].update({"from": 101}), "gap or overlap"),
    (lambda c: c["levels"][1].update(range="[50, 99)"), "gap or overlap"),
    (lambda c: c["levels"].pop(), "down to 0"),
    (lambda c: c["major"].update(range="(1, inf)"), "is no range"),
    (lambda c: c.update(form="sum"), "unknown form"),
    (lambda c: c.update(extra=1), "unknown key 'extra'"),
    (lambda c: c["levels"][0].update(level={"zh": "二级", "en": "2"}), "stands twice"),
    (lambda c: c["gases"][6].update(beta=5), "R is"),  # a self-test notices
]  # fmt: skip


@pytest.mark.parametrize(("break_it", "message"), BREAKS)
def test_a_pack_that_contradicts_itself_does_not_load(
    break_it: Callable[[dict[str, Any]], Any], message: str, tmp_path: Path
) -> None:
    document = json.loads(sr.scoring.major_hazard_standard().pack.canonical)
    document |= {"pack": "mine.one", "default": False}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    table = {"unit": ["A"], "name": ["氯"], "quantity_t": [5]}
    assert sr.major_hazard(table, 0, pack=sr.load_pack(path)).to_columns()["R"].tolist() == [2]
    break_it(document["content"])
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(sr.InputError) as refused:
        sr.load_pack(path)
    assert message in str(refused.value)


def test_saved_as_csv_workbook_and_json(tmp_path: Path) -> None:
    m = judge([CHLORINE, {"unit": "B", "name": "某物", "quantity_t": 1}])
    assert "A,1,6,四级,true,1," in sr.save(m, tmp_path / "m.csv").read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(sr.save(m, tmp_path / "m.xlsx"))
    assert book.sheetnames == ["单元", "物质明细", "问题", "说明"]
    assert [cell.value for cell in book["单元"][1]][:4] == ["单元", "S", "R", "重大危险源级别"]
    assert "构成危险化学品重大危险源，四级" in book["单元"].cell(2, 17).value
    book = openpyxl.load_workbook(sr.save(m, tmp_path / "m.xlsx", lang="en"))
    assert book.sheetnames == ["units", "rows", "issues", "about"]
    document = json.loads(sr.save(m, tmp_path / "m.json").read_text(encoding="utf-8"))
    assert [unit["level"] for unit in document["units"]] == ["四级", None]
    with pytest.raises(sr.InputError, match="xlsx"):
        sr.save(m, tmp_path / "m.pdf")


def test_the_command_line(tmp_path: Path, run: Run) -> None:
    source = tmp_path / "in.csv"
    source.write_text("单元,物质名称,设计最大量(t),人数\n罐区,液氯,62.5,100\n", encoding="utf-8")

    out = tmp_path / "out.csv"
    for exposed in ("100", "人数"):
        status, said, _ = run("major-hazard", source, "-o", out, "--exposed", exposed)
        assert (status, "一级 1" in said) == (0, True)
        assert "罐区,12.5,100,一级,true" in out.read_text(encoding="utf-8-sig")
    status, said, err = run("major-hazard", source, "-o", out)
    assert (status, "exposed_missing" in err) == (1, True)
    assert run("major-hazard", source, "-o", source)[0] == 2
    assert run("major-hazard", source, "-o", out, "--beta", "min")[0] == 2
    assert run("major-hazard", tmp_path / "none.csv", "-o", out)[0] == 2
    status, said, _ = run("methods", "gb18218.2018", "--lang", "en")
    assert (status, "85      10  sodium" in said, "R≥100" in said) == (0, True, True)


def test_a_workbook_says_it_in_chinese_and_json_keeps_its_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "s.csv"
    # 氯 62.5/5 = 12.5 ≥ 1 alone, so the unit is one whatever 某物 is; its level cannot be told.
    source.write_text(
        "单元,物质名称,数量(t)\n罐区,氯,62.5\n罐区,某物,1\n仓库,氨,5\n", encoding="utf-8"
    )
    m = sr.major_hazard(source, exposed=0)
    assert m.counts()["yes"] == 1
    book = openpyxl.load_workbook(sr.save(m, tmp_path / "m.xlsx"))
    texts = [
        str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None
    ]
    for code in ("undetermined", "not_gradable", "graded", "symbol:", ": symbol", "yes", "False"):
        assert not [t for t in texts if t == code or (":" in code and code in t)], code
    for sheet in ("单元", "物质明细"):
        assert not [
            c.value
            for row in book[sheet].iter_rows()
            for c in row
            if str(c.value).startswith("scoring.")
        ]
    head, *rows = book["单元"].iter_rows(values_only=True)
    unit = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    tank = unit["罐区"]
    assert (tank["是否构成重大危险源"], tank["重大危险源级别"], tank["是否完整"]) == (
        "是",
        "待定",
        "否",
    )
    assert tank["缺少"] == "某物：危险性类别符号"
    assert (unit["仓库"]["是否构成重大危险源"], unit["仓库"]["是否完整"]) == ("否", "是")
    issues = list(book["问题"].iter_rows(values_only=True))
    assert "行号从0起" not in issues[0]
    assert issues[1][:4] == ("错误", "scoring.symbol_missing", "危险化学品存量", "s.csv")
    document = json.loads(sr.save(m, tmp_path / "m.json").read_text(encoding="utf-8"))
    assert {u["major"] for u in document["units"]} == {"yes", "no"}
    with pytest.raises(SystemExit):
        cli.main(["major-hazard", str(source), "-o", str(tmp_path / "x.csv"), "--exposed", "0"])
    assert "级别待定 1）" in capsys.readouterr().out
