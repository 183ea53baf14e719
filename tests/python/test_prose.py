"""Explanations of all rows in words are what explain() says of each."""

from __future__ import annotations

import json

import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk import _core
from safetyrisk.scoring import method

L, E, C = [0.1, 0.2, 0.5, 1, 3, 6, 10], [0.5, 1, 2, 3, 6, 10], [1, 3, 7, 15, 40, 100]


def every_triple() -> dict[str, np.ndarray]:
    grid = np.array(np.meshgrid(L, E, C)).reshape(3, -1)
    return {"id": np.arange(grid.shape[1])} | dict(zip("LEC", grid, strict=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_triples_say_what_explain_says(lang: str) -> None:
    graded = sr.grade(every_triple(), "lec")
    texts = graded.prose(lang).to_columns()
    assert texts["id"].tolist() == list(range(252))
    for row, text in enumerate(texts["text"].tolist()):
        assert text == graded.explain(row, lang).text


def test_rows_of_many_methods_faults_and_rules_say_what_explain_says() -> None:
    rng = np.random.default_rng(3)
    n = 70_000  # more than two blocks
    names = np.array(["lec", "ls", "lec.shandong_a", "mes", "nonsense", None], dtype=object)
    table = {
        "id": [f"风险点{i % 69_990}" for i in range(n)],  # some stand twice
        "method": rng.choice(names, n, p=[0.5, 0.2, 0.2, 0.06, 0.02, 0.02]),
        "L": rng.choice([1, 3, 6, 0.5, np.nan], n, p=[0.5, 0.2, 0.2, 0.09, 0.01]),
        "E": rng.choice([1.0, 2, 3, 10], n),
        "C_people": rng.choice([1.0, 2, 7, 15, np.nan], n), "C": rng.choice([np.nan, 15], n),
        "S": rng.choice([1.0, 2, 5], n), "M": rng.choice([1.0, 3, 5], n),
        "major_hazard_source": rng.choice([True, False], n),
    }  # fmt: skip
    graded = sr.grade(table, direct="direct.shandong")
    one = graded.prose(threads=1).to_columns()["text"].tolist()
    assert graded.prose(threads=3).to_columns()["text"].tolist() == one
    states = graded.statuses
    picked = [*range(300), *(int(i) for i in rng.integers(0, n, 300)), n - 1]
    picked += [int(i) for i in np.flatnonzero(states == 2)[:50]]
    for row in picked:
        assert one[row] == graded.explain(row).text, row


def test_chains_say_inputs_score_band_override_and_what_the_score_alone_gives() -> None:
    rows = [case["inputs"] for case in json.loads(method("diagnosis.2018").pack.canonical)["tests"]]
    names = dict.fromkeys(name for row in rows for name in row)
    table = {"id": list(range(len(rows)))} | {k: [r.get(k) for r in rows] for k in names}
    graded = sr.grade(table, "diagnosis.2018")
    for lang in ("zh", "en"):
        texts = graded.prose(lang).to_columns()["text"].tolist()
        assert texts == [graded.explain(row, lang).text for row in range(len(rows))]
    told = [text for text in graded.prose().to_columns()["text"] if "直接判定" in text]
    assert told
    assert any("仅按分值为" in text for text in told)  # not where a veto decides without a score


def test_prose_of_no_rows_and_of_averages() -> None:
    empty = sr.grade({"id": [], "L": [], "E": [], "C": []}, "lec").prose()
    assert len(empty) == 0
    table = {"id": ["a", "b"], "L": [3.5, 3], "E": [6, 6], "C": [15, 15]}
    graded = sr.grade(table, "lec", averaged=True)
    texts = graded.prose().to_columns()["text"].tolist()
    assert texts == [graded.explain(0).text, graded.explain(1).text]
    with pytest.raises(sr.InputError):
        graded.prose(threads=-1)
    with pytest.raises(sr.InputError):
        graded.prose("fr")


def test_prose_lies_in_one_piece_of_arrow_memory() -> None:
    pa = pytest.importorskip("pyarrow")
    graded = sr.grade(every_triple(), "lec")
    column = pa.table(graded.prose()).column("text")
    assert column.type == pa.large_string()
    assert column.to_pylist()[7] == graded.explain(7).text
    assert isinstance(graded.prose()._table(), _core.Table)


def test_a_change_that_goes_further_than_asked_says_where_to() -> None:
    # L from 1 to 3 makes 1*10*7 = 70 (blue) 210 (orange): past yellow, which C = 15 reaches.
    answer = sr.counterfactual({"id": ["a"], "L": [1], "E": [10], "C": [7]}, "lec")
    raised = answer.text().split("\n")[1]
    assert raised.startswith("升为一般风险（黄色）：")
    assert "由 1 改为 3（分值 210），成为较大风险（橙色）；" in raised
    assert raised.endswith("由 7 改为 15（分值 150）。")
    words = sr.counterfactual({"id": ["a"], "L": [1], "E": [10], "C": [7]}, "lec", lang="en").text()
    assert "(score 210), which makes it serious risk (orange)" in words
