"""Methods as chains of steps: every operation against fractions, edges, threads, order, faults."""

from __future__ import annotations

import copy
import itertools
import json
import math
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk import _core
from safetyrisk.scoring import check_file


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def number(name: str, bounds: str = "[0, 100]", **more: Any) -> dict[str, Any]:
    return {"id": name, "name": words(name), "kind": "number", "range": bounds, **more}


def flag(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": words(name), "kind": "flag", **more}


def choice(name: str, *ids: str, **more: Any) -> dict[str, Any]:
    choices = [{"id": one, "zh": f"{one}类", "en": f"class {one}"} for one in ids]
    return {"id": name, "name": words(name), "kind": "choice", "choices": choices, **more}


def step(name: str, do: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": words(name), "do": do, **more}


def pack(inputs: list[Any], steps: list[Any], bands: list[Any] | None, **more: Any) -> str:
    content: dict[str, Any] = {
        "form": "chain",
        "scale": {"id": "mine", "kind": "risk", "name": words("我的级别")},
        "inputs": inputs,
        "steps": steps,
        "result": steps[-1]["id"],
        "score": {"symbol": "R", "name": words("分值")},
        "bands": bands,
        **more,
    }
    content = {key: value for key, value in content.items() if value is not None}
    return json.dumps(
        {
            "pack": "mine.one",
            "kind": "method",
            "version": "1",
            "title": words("我的方法"),
            "source": [{"document": "某省办法", "clause": "第三条", "edition": "2026"}],
            "region": None,
            "valid_from": None,
            "valid_to": None,
            "confidence": "D",
            "default": False,
            "content": content,
            "tests": [],
        }
    )


def band(label: str, bounds: str, grade: str | None = None, **more: Any) -> dict[str, Any]:
    out = {"label": label, "word": words(f"{label}级"), "range": bounds, **more}
    return out | ({"grade": grade} if grade else {})


WHOLE = [band("2", "(0, inf)"), band("1", "(-inf, 0]")]


def method(text: str) -> sr.Pack:
    return _core.parse_pack(text, "my.json")


def scores(text: str, rows: list[dict[str, Any]], **more: Any) -> list[Any]:
    names = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    table = {name: [row.get(name) for row in rows] for name in names}
    result = sr.grade({"id": list(range(len(rows)))} | table, method(text), **more)
    return result.to_columns()["score"].tolist()


def exact(value: float) -> Fraction:
    return Fraction(repr(float(value)))


def rows_of(rng: random.Random, n: int = 300) -> list[dict[str, Any]]:
    return [
        {
            "a": rng.randrange(0, 10001) / 100,
            "b": rng.randrange(-100, 101) / 10,
            "c": rng.randrange(0, 12),
            "f": rng.choice([True, False]),
            "g": rng.choice([True, False]),
            "k": rng.choice(["甲", "乙", "丙"]),
        }
        for _ in range(n)
    ]


INPUTS = [
    number("a", decimals=2),
    number("b", "[-10, 10]", decimals=1),
    {"id": "c", "name": words("c"), "kind": "count"},
    flag("f"),
    flag("g"),
    choice("k", "甲", "乙", "丙"),
]
POINTS = {"甲": Fraction(-5, 2), "乙": Fraction(0), "丙": Fraction(3)}


def using(*names: str) -> list[Any]:
    return [one for one in INPUTS if one["id"] in names]


def half_up(x: Fraction) -> int:
    return math.floor(x + Fraction(1, 2))


def clamp(x: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(high, x))


FORMS: dict[str, tuple[list[Any], list[Any], Any]] = {
    "product": (
        using("a", "b", "c"),
        [step("R", "product", of=["a", "b", "c"])],
        lambda r: exact(r["a"]) * exact(r["b"]) * r["c"],
    ),
    "largest": (
        using("a", "b", "c"),
        [step("R", "largest", of=["a", "b", "c"])],
        lambda r: max(exact(r["a"]), exact(r["b"]), Fraction(r["c"])),
    ),
    "smallest": (
        using("a", "b"),
        [step("R", "smallest", of=["a", "b"])],
        lambda r: min(exact(r["a"]), exact(r["b"])),
    ),
    "weighted sum": (
        using("a", "b", "c"),
        [
            step(
                "R",
                "sum",
                of=[{"step": "a", "weight": 0.3}, {"step": "b", "weight": -1.25}, "c"],
                divide_by=7,
                at_least=-1.5,
                at_most=4.25,
            )
        ],
        lambda r: clamp(
            (exact(r["a"]) * Fraction(3, 10) - exact(r["b"]) * Fraction(5, 4) + r["c"]) / 7,
            Fraction(-3, 2),
            Fraction(17, 4),
        ),
    ),
    "rounded up": (
        using("a", "b"),
        [step("R", "sum", of=["a", "b"], divide_by=2.5, round="up")],
        lambda r: Fraction(math.ceil((exact(r["a"]) + exact(r["b"])) / Fraction(5, 2))),
    ),
    "rounded down": (
        using("a", "b"),
        [step("R", "sum", of=["a", "b"], divide_by=2.5, round="down", at_least=0.5)],
        lambda r: max(
            Fraction(1, 2), Fraction(math.floor((exact(r["a"]) + exact(r["b"])) / Fraction(5, 2)))
        ),
    ),
    "half up": (
        using("a", "b"),
        [step("R", "sum", of=["a", "b"], round="half_up")],
        lambda r: Fraction(half_up(exact(r["a"]) + exact(r["b"]))),
    ),
    "checklist": (
        using("f", "c", "k"),
        [
            step(
                "R",
                "checklist",
                points=10,
                floor=0,
                ceiling=11.5,
                items=[
                    {"id": "i1", "name": words("i1"), "input": "c", "points": -0.7},
                    {
                        "id": "i2",
                        "name": words("i2"),
                        "input": "k",
                        "is": {k: float(v) for k, v in POINTS.items()},
                    },
                ],
                bonuses=[{"id": "b1", "name": words("b1"), "input": "f", "points": 5}],
            )
        ],
        lambda r: (
            clamp(10 - Fraction(7, 10) * r["c"] + POINTS[r["k"]], Fraction(0), Fraction(23, 2))
            + 5 * r["f"]
        ),
    ),
    "count": (
        using("f", "g"),
        [step("R", "count", of=["f", "g"])],
        lambda r: Fraction(r["f"] + r["g"]),
    ),
    "scale and table": (
        using("a", "k"),
        [
            step(
                "q",
                "scale",
                of="a",
                rows=[
                    {"range": "[0, 20)", "value": "小"},
                    {"range": "(50, 100]", "value": "大"},
                    {"range": "[20, 50]", "value": "中"},
                ],
            ),
            step(
                "R",
                "table",
                rows="q",
                columns="k",
                row_keys=["小", "中", "大"],
                column_keys=["甲", "乙", "丙"],
                cells=[[1, 2, 3], [2.5, 4, 6], [5, 7, 9]],
            ),
        ],
        lambda r: exact(
            [[1, 2, 3], [2.5, 4, 6], [5, 7, 9]][0 if r["a"] < 20 else 1 if r["a"] <= 50 else 2][
                "甲乙丙".index(r["k"])
            ]
        ),
    ),
    "first": (
        using("a", "b", "f", "k"),
        [
            step(
                "R",
                "first",
                rules=[
                    {"when": [["a", "<", {"of": "b"}]], "value": 9},
                    {"when": [["a", ">=", 50], ["f", "=", True]], "value": 4},
                    {"when": [["k", "in", ["甲", "乙"]], ["b", "!=", 0]], "value": 2.5},
                ],
                **{"else": 1},
            )
        ],
        lambda r: Fraction(
            9
            if r["a"] < r["b"]
            else 4
            if r["a"] >= 50 and r["f"]
            else Fraction(5, 2)
            if r["k"] in ("甲", "乙") and r["b"] != 0
            else 1
        ),
    ),
    "ratio": (
        using("a", "b", "c"),
        [step("R", "ratio", over=["a", "b"], under=["c"], times=1000)],
        lambda r: None if r["c"] == 0 else exact(r["a"]) * exact(r["b"]) / r["c"] * 1000,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_operation_is_what_fractions_say(name: str) -> None:
    inputs, steps, expected = FORMS[name]
    rows = rows_of(random.Random(name))
    text = pack(inputs, steps, [band("高", "(1.5, inf)"), band("低", "(-inf, 1.5]")])
    used = {one["id"] for one in inputs}
    given = [{k: v for k, v in row.items() if k in used} for row in rows]
    table = {k: [row[k] for row in given] for k in used}
    graded = sr.grade({"id": list(range(len(rows)))} | table, method(text)).to_columns()
    for row, score, label in zip(rows, graded["score"], graded["band"], strict=True):
        wanted = expected(row)
        if wanted is None:
            assert math.isnan(score)
            assert label is None
            continue
        assert score == float(wanted), row  # the double nearest to the exact value
        assert label == ("(1.5, inf)" if wanted > Fraction(3, 2) else "(-inf, 1.5]"), row


def test_edges_of_bands_are_exact_from_both_sides() -> None:
    bands = [band("A", "[0, 60)"), band("B", "[60, 70)"), band("C", "[70, 100]")]
    text = pack([number("a", decimals=2)], [step("R", "sum", of=["a"])], bands)
    table = {"id": [0, 1, 2, 3, 4], "a": [59.99, 60, 69.99, 70, 100]}
    result = sr.grade(table, method(text))
    assert [result.level(i).label for i in range(5)] == list("ABBCC")
    # 0.1 + 0.2 is above 0.3 in doubles, and is 0.3 here.
    inputs = [number("a", decimals=1), number("b", decimals=1)]
    bands = [band("1", "(0.3, inf)"), band("2", "[0, 0.3]")]
    summed = pack(inputs, [step("R", "sum", of=["a", "b"])], bands)
    assert sr.grade({"id": [1], "a": [0.1], "b": [0.2]}, method(summed)).level(0).label == "2"


def vetoed() -> str:
    return pack(
        [number("a", decimals=2), flag("v", needed=False)],
        [step("R", "sum", of=["a"])],
        [
            band("A", "[0, 60)", "red"),
            band("B", "[60, 75)", "orange"),
            band("C", "[75, 100]", "blue"),
        ],
        vetoes=[
            {
                "id": "D1",
                "when": [["v", "=", True]],
                "label": "A",
                "text": words("出过重大事故"),
                "clause": "第八条",
            }
        ],
    )


def test_a_veto_sets_the_band_and_the_score_alone_is_told() -> None:
    table = {"id": ["a", "b", "c", "d"], "a": [90, 90, 50, None], "v": ["是", None, "否", "1"]}
    result = sr.grade(table, method(vetoed()))
    shown = result.to_columns()
    assert shown["grade"].tolist() == ["red", "blue", "red", "red"]
    assert shown["override"].tolist() == ["D1", None, None, "D1"]
    assert shown["clause"].tolist()[0] == "第八条"
    why = result.explain(0)
    assert why.to_dict()["override"]["level_by_score"]["label"] == "C"
    assert "直接判定（D1）：出过重大事故" in why.text
    assert "仅按分值为 C" in why.text
    assert result.issues.counts() == {"scoring.veto_unclear": 1}  # row 3 lacks a, and is vetoed
    columns = result.explanations().to_columns()
    assert columns["level_by_score"].tolist() == ["C", None, None, None]
    assert columns["R_step"].tolist()[:3] == [90.0, 90.0, 50.0]
    assert "<table" in why._repr_html_()


def test_missing_and_wrong_cells_have_their_issues() -> None:
    text = pack(
        [
            number("a", decimals=1),
            {"id": "c", "name": words("c"), "kind": "count"},
            choice("k", "甲", "乙"),
            flag("f"),
        ],
        [
            step(
                "s", "scale", of="k", rows=[{"is": ["甲"], "value": 0}, {"is": ["乙"], "value": 2}]
            ),
            step("R", "sum", of=["a", "c", "s", "f"]),
        ],
        WHOLE,
    )
    good = {"a": "1.5", "c": "2", "k": "甲", "f": "是"}
    cases = {
        "scoring.missing_input": {"a": ""},
        "scoring.too_many_decimals": {"a": "1.55"},
        "scoring.out_of_range": {"a": "100.1"},
        "scoring.not_a_number": {"a": "很多"},
        "scoring.infinite": {"a": "inf"},
        "scoring.not_whole": {"c": "2.5"},
        "scoring.choice_unknown": {"k": "丁"},
        "scoring.not_a_flag": {"f": "也许"},
    }
    rows = [good | change for change in cases.values()] + [good | {"k": "乙类"}]
    table = {name: [row[name] for row in rows] for name in good}
    result = sr.grade({"id": [str(i) for i in range(len(rows))]} | table, method(text))
    found = {issue.row: issue.code for issue in result.issues}
    assert [found.get(i) for i in range(len(rows))] == [*cases, None]
    counts = result.counts()
    assert (counts["not_gradable"], counts["rejected"], counts["graded"]) == (1, 7, 1)
    assert counts["without_colour"] == 1
    assert sr.grade({"id": [1]}, method(text)).issues.counts()["scoring.column_missing"] == 4


def test_optional_inputs_say_what_happens_without_them() -> None:
    parts = [number(name, decimals=0, needed=False) for name in ("p", "q")]
    worst = pack(parts, [step("R", "largest", of=["p", "q"], at_least_filled=1)], WHOLE)
    assert scores(worst, [{"p": 3, "q": None}, {"p": 3, "q": 8}])[:2] == [3.0, 8.0]
    result = sr.grade({"id": [1], "p": [None], "q": [None]}, method(worst))
    assert result.counts()["not_gradable"] == 1
    assert [issue.code for issue in result.issues] == ["scoring.step_undetermined"]
    flags = [flag(name, needed=False) for name in ("f", "g", "h")]
    enough = pack(flags, [step("R", "count", of=["f", "g", "h"], enough=1)], WHOLE)
    result = sr.grade(
        {
            "id": [1, 2, 3],
            "f": ["是", "否", "否"],
            "g": [None, None, "否"],
            "h": [None, "否", "否"],
        },
        method(enough),
    )
    assert result.to_columns()["status"].tolist() == ["graded", "not_gradable", "graded"]


def test_threads_and_row_order_change_nothing_and_methods_mix_by_row() -> None:
    rng = random.Random(5)
    n = 20000
    ids = list(range(n))
    names = [rng.choice(["lec", "ls", "lec.t2", "nonsense", None]) for _ in ids]
    table = {
        "id": ids,
        "method": names,
        "L": [rng.choice([1, 3, 6, 0.5]) for _ in ids],
        "E": [rng.choice([1, 2, 3, None]) for _ in ids],
        "C": [rng.choice([1, 7, 15, 2]) for _ in ids],
        "S": [rng.choice([1, 2, 5, 9]) for _ in ids],
    }
    one = sr.grade(table, threads=1).to_columns()
    two = sr.grade(table, threads=2).to_columns()
    order = ids[:]
    rng.shuffle(order)
    moved = sr.grade({k: [v[i] for i in order] for k, v in table.items()}, threads=2).to_columns()
    for name in ("grade", "status", "band", "method"):
        assert one[name].tolist() == two[name].tolist()
        assert moved[name].tolist() == [one[name].tolist()[i] for i in order]
    for label in ("lec", "ls", "lec.t2"):
        mine = [i for i in ids if names[i] == label]
        alone = sr.grade(
            {k: [v[i] for i in mine] for k, v in table.items() if k != "method"}, label
        )
        assert alone.to_columns()["grade"].tolist() == [one["grade"].tolist()[i] for i in mine]


def test_levels_of_different_scales_are_never_compared() -> None:
    a, b = sr.Level("park", "A", 1), sr.Level("park", "B", 2)
    assert a > b
    assert sorted([a, b])[0] is b
    assert a != b
    for compare in (lambda: a < sr.Level("mine", "A", 1), lambda: a == sr.Level("mine", "A", 1)):
        with pytest.raises(sr.InputError, match="different scales"):
            compare()


def test_colours_are_given_by_a_map_that_the_caller_names() -> None:
    bands = [band("A", "[0, 60)"), band("B", "[60, 100]")]
    text = method(pack([number("a", decimals=1)], [step("R", "sum", of=["a"])], bands))
    envelope = json.loads(text.canonical)
    envelope |= {
        "pack": "mine.colours",
        "kind": "colour_map",
        "content": {
            "scale": "mine",
            "levels": [{"label": "A", "grade": "red"}, {"label": "B", "grade": "blue"}],
        },
    }
    table = {"id": [1, 2], "a": [10, 90], "division": ["360924", "360924"]}
    plain = sr.grade(table, text)
    assert plain.counts()["without_colour"] == 2
    assert plain.grades.tolist() == [0, 0]
    painted = sr.grade(table, text, colours=method(json.dumps(envelope)))
    assert painted.to_columns()["grade"].tolist() == ["red", "blue"]
    assert "方法本身不规定颜色" in painted.explain(0).text
    envelope["content"]["levels"].pop()
    with pytest.raises(sr.InputError, match="no colour for the level"):
        sr.grade(table, text, colours=method(json.dumps(envelope)))


FAULTS: dict[str, tuple[Any, str]] = {
    "gap": (lambda c: c["bands"][0].update(range="(3, inf)"), "空隙"),
    "overlap": (lambda c: c["bands"][0].update(range="[2, inf)"), "重叠"),
    "unknown": (lambda c: c["steps"][0].update(of=["a", "zz"]), "没有名为“zz”"),
    "unused": (lambda c: c["inputs"].append(flag("z")), "没有任何步骤"),
    "twice": (lambda c: c["inputs"].append(number("a")), "已被使用"),
    "key": (lambda c: c["steps"][0].update(fudge=1), "不认识的键“fudge”"),
    "operation": (lambda c: c["steps"][0].update(do="magic"), "应为 scale"),
    "unordered": (
        lambda c: c.update(bands=[band("1", "(5, inf)"), band("2", "[0, 2]"), band("3", "(2, 5]")]),
        "从最严重到最轻",
    ),
    "unreachable": (
        lambda c: (
            c["bands"].insert(0, band("0", "(1000, inf)"))
            or c["bands"][1].update(range="(2, 1000]")
        ),
        "没有任何取值",
    ),
    "range": (lambda c: c["inputs"][0].update(range="0-100"), "不是范围"),
    "result": (lambda c: c.update(result="nothing"), "没有名为"),
    "no bands": (lambda c: c.pop("bands"), "缺少“bands”"),
}


@pytest.mark.parametrize(
    ("second", "word"),
    [
        ({"id": "y", "zh": "露天", "en": "open air", "also": ["外面"]}, "外面"),
        ({"id": "y", "zh": "室外", "en": "open air"}, "室外"),
        ({"id": "y", "zh": "露天", "en": "open air", "also": ["X"]}, "x"),
        ({"id": "y", "zh": "露天", "en": "Out side"}, "outside"),
    ],
)
def test_two_choices_share_no_word(second: dict[str, Any], word: str, tmp_path: Any) -> None:
    """The first of them would be taken without a word, and it may be the milder one."""
    first = {"id": "x", "zh": "室外", "en": "outside", "also": ["外面"]}
    place = {"id": "w", "name": words("w"), "kind": "choice", "choices": [first, second]}
    points = step("R", "scale", of="w", cases=[])
    file = tmp_path / "a.json"
    file.write_text(pack([place], [points], None), encoding="utf-8")
    wrong = check_file(file)
    assert wrong is not None
    assert f"“{word}”也指选项“x”" in wrong["zh"]


def test_two_inputs_have_different_names(tmp_path: Any) -> None:
    other = number("b") | {"name": words("a")}
    file = tmp_path / "a.json"
    total = step("R", "sum", of=["a", "b"])
    file.write_text(pack([number("a"), other], [total], None), encoding="utf-8")
    wrong = check_file(file)
    assert wrong is not None
    assert "也指输入“a”" in wrong["zh"]
    product = json.loads(next(one for one in sr.packs() if one.id == "lec.t1").canonical)
    factors = product["content"]["factors"]
    factors[1]["name"] = factors[0]["name"]
    file.write_text(json.dumps(product), encoding="utf-8")
    wrong = check_file(file)
    assert wrong is not None
    assert "也叫这个名称" in wrong["zh"]


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_pack_is_told_in_chinese_with_its_place(name: str, tmp_path: Any) -> None:
    text = pack(
        [number("a", decimals=1)],
        [step("R", "sum", of=["a"])],
        [band("1", "(2, inf)"), band("2", "[0, 2]")],
    )
    document = json.loads(text)
    path = tmp_path / "办法.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert check_file(path) is None
    change, said = FAULTS[name]
    broken = copy.deepcopy(document)
    change(broken["content"])
    path.write_text(json.dumps(broken), encoding="utf-8")
    wrong = check_file(path)
    assert wrong is not None
    assert said in wrong["zh"], wrong
    assert "content" in wrong["path"]


def test_the_worked_example_of_the_readme_loads_and_grades() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("### A method of your own") :]
    example = section[section.index("```json") + 7 :].split("```")[0]
    why = sr.explain({"p": "0.5", "fire": "二类", "people": 12}, method(example))
    assert why.to_dict()["score"] == 12
    assert why.grade == sr.Grade("red")
    assert "压力分 L1 = 2：p = 0.5，属 (0.1, 1.6)" in why.text


def test_where_a_file_is_no_json_is_told_by_line_and_column(tmp_path: Any) -> None:
    path = tmp_path / "办法.json"
    path.write_text('{\n "pack": "甲乙",,\n}', encoding="utf-8")
    wrong = check_file(path)
    assert wrong is not None
    assert "第 2 行第 15 列" in wrong["zh"]


def test_a_step_says_why_its_input_is_not_there() -> None:
    inputs = [number("a", decimals=1), flag("b")]
    rows = [{"range": "[0, 2]", "value": 1}, {"range": "(2, inf)", "value": 2}]
    steps = [
        step("A", "scale", of="a", rows=rows),
        step(
            "B",
            "checklist",
            points=0,
            items=[{"id": "x", "name": words("b"), "input": "b", "points": 3}],
        ),
        step("R", "sum", of=["A", "B"]),
    ]
    made = method(pack(inputs, steps, [band("1", "(3, inf)"), band("2", "[0, 3]")]))
    shown = sr.grade({"id": [1, 2, 3], "a": [-1, None, 1], "b": [True] * 3}, made)
    off, empty, fine = (str(shown.explain(k)) for k in range(3))
    assert "a = 取值无效" in off
    assert "未填写" not in off
    assert "a = 未填写" in empty
    assert fine.count("b = 是") == 2  # the input and the item, each once


def test_a_measure_has_a_score_and_no_level() -> None:
    text = pack(
        [number("e", "[0, inf)"), {"id": "s", "name": words("s"), "kind": "count"}],
        [step("R", "ratio", over=["e"], under=["s"], times=1000)],
        None,
        scale={"id": "rate", "kind": "measure", "name": words("率")},
    )
    result = sr.grade({"id": [1, 2], "e": [120, 1], "s": [400, 0]}, method(text))
    assert result.to_columns()["score"].tolist()[0] == 300.0
    assert result.level(0) is None
    assert result.to_columns()["band"].tolist() == [None, None]
    assert result.to_columns()["status"].tolist() == ["graded", "rejected"]


def test_no_ordered_input_of_a_shipped_chain_turns_its_direction() -> None:
    """Worsening a judgement never improves a level: along each input levels move one way only."""
    rng = random.Random(11)
    for one in _core.methods():
        if one.form != "chain" or one.scale["kind"] == "measure":
            continue
        ordered = [i for i in one.inputs if i["kind"] == "steps"]
        if not ordered or len(ordered) != len(one.inputs):
            continue
        ranks = {b["printed"]: k for k, b in enumerate(one.bands)}
        for _ in range(20):
            base = {i["id"]: rng.choice(i["steps"])["value"] for i in one.inputs}
            for moved in ordered:
                values = sorted(s["value"] for s in moved["steps"])
                rows = [base | {moved["id"]: value} for value in values]
                table = {k: [row[k] for row in rows] for k in base}
                shown = sr.grade({"id": list(range(len(rows)))} | table, one).to_columns()
                found = [ranks[b] for b in shown["band"].tolist() if b is not None]
                assert found in (sorted(found), sorted(found, reverse=True)), (one.id, moved["id"])


def test_words_of_a_chain_name_what_has_no_symbol() -> None:
    columns = {"id": ["x"], "deaths": [3], "serious_injuries": [0], "direct_loss": [10]}
    why = sr.grade(columns, method="accident_class.493").explain("x")
    # Ids that nobody prints stay in the data.
    assert not {w for w in ("deaths", "by_loss", "larger") if w in str(why)}
    assert str(why).startswith("对象 x：较大事故\n")
    assert "按死亡人数 = 2：死亡人数 = 3，属 [3, 10)" in str(why)
    assert why.to_dict()["level"]["label"] == "larger"
    # Symbols that readers know stay: R = M×E×S and the letter of a park.
    park = sr.grade({"id": ["x"], "total": [70], "veto": ["否"]}, method="park.2023").explain(0)
    assert str(park).startswith("风险点 x：C（一般安全风险）\n")
    assert "总分 R = 70" in str(park)


def test_a_cell_counts_alike_however_its_column_lies() -> None:
    np = pytest.importorskip("numpy")
    pa = pytest.importorskip("pyarrow")
    inputs = [
        flag("f"),
        {"id": "c", "name": words("c"), "kind": "count"},
        number("w", "(0, 9]", decimals=0),
        choice("k", "甲", "乙", "丙"),
    ]
    points = {"甲": -2.5, "乙": 0.0, "丙": 3.0}
    items = [
        {"id": "i1", "name": words("i1"), "input": "f", "points": -0.7},
        {"id": "i2", "name": words("i2"), "input": "c", "points": 1.5},
        {"id": "i3", "name": words("i3"), "input": "w", "points": 2},
    ]
    bonus = [{"id": "b", "name": words("b"), "input": "k", "is": points}]
    text = pack(
        inputs, [step("R", "checklist", points=1, floor=-5, items=items, bonuses=bonus)], WHOLE
    )
    rng = np.random.default_rng(9)
    n = 3000
    f = rng.random(n) < 0.3
    c = rng.integers(0, 4, n)
    w = rng.integers(1, 10, n)
    k = np.array(["甲", "乙", "丙"], dtype=object)[rng.integers(0, 3, n)]
    c[2000:] = rng.integers(0, 5000, 1000)  # after the first rows there are many values
    expected = [
        max(1 - 0.7 * bool(a) + 1.5 * int(b) + 2 * int(d), -5) + points[e]
        for a, b, d, e in zip(f, c, w, k, strict=True)
    ]
    forms = {
        "bool": lambda x: x,
        "float": lambda x: x.astype(np.float64) if x.dtype != object else x,
        "integer": lambda x: x.astype(np.int64) if x.dtype != object else x,
        "text": lambda x: np.array(
            [str(int(v)) if not isinstance(v, str) else v for v in x], object
        ),
        "dictionary": lambda x: pa.array(
            [str(int(v)) if not isinstance(v, str) else v for v in x]
        ).dictionary_encode(),
    }
    for name, form in forms.items():
        table = {"id": list(range(n)), "f": form(f), "c": form(c), "w": form(w), "k": form(k)}
        graded = sr.grade(table, method(text))
        assert graded.counts()["graded"] == n, name
        assert graded.to_columns()["score"].tolist() == pytest.approx(expected), name
    # Cells that are none, at the end of a block of cells in order.
    wrong: dict[str, Any] = {
        "f": [2.0, None, True], "c": [-1, 1.5, None], "w": [0, 10, None], "k": ["丁", None, ""],
    }  # fmt: skip
    for name, cells in wrong.items():
        base = {
            "f": f[:500].tolist(),
            "c": c[:500].tolist(),
            "w": w[:500].tolist(),
            "k": k[:500].tolist(),
        }
        if name == "f":
            base["f"] = [float(v) for v in base["f"]]
        base[name] = base[name][:-3] + [float(v) if isinstance(v, bool) else v for v in cells]
        graded = sr.grade({"id": list(range(500)), **base}, method(text))
        states = graded.to_columns()["status"].tolist()
        assert set(states[:-3]) == {"graded"}
        slow = [
            sr.explain({n_: v[i] for n_, v in base.items()}, method(text)) for i in (-3, -2, -1)
        ]
        assert [why.to_dict()["status"] for why in slow] == states[-3:], name
        assert states[-3:] != ["graded"] * 3
