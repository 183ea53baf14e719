"""Indices of many criteria: published examples, other people's code, brute force, and bad input."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import safetyrisk as sr
from safetyrisk import _core, mcda

TZENG = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
DRINKS = ["coffee", "wine", "tea", "beer", "soda", "milk", "water"]
DRINK_PAIRS = {
    ("coffee", "wine"): 9,
    ("coffee", "tea"): 5,
    ("coffee", "beer"): 2,
    ("coffee", "soda"): 1,
    ("coffee", "milk"): 1,
    ("water", "coffee"): 2,
    ("water", "wine"): 9,
    ("water", "tea"): 9,
    ("water", "beer"): 3,
    ("water", "soda"): 2,
    ("water", "milk"): 3,
    ("tea", "wine"): 3,
    ("beer", "wine"): 9,
    ("beer", "tea"): 3,
    ("beer", "milk"): 1,
    ("soda", "wine"): 9,
    ("soda", "tea"): 4,
    ("soda", "beer"): 2,
    ("soda", "milk"): 2,
    ("milk", "wine"): 9,
    ("milk", "tea"): 3,
}
SMALL = [[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]]
JOB = [
    [1, 1, 1, 4, 1, "1/2"],
    [1, 1, 2, 4, 1, "1/2"],
    [1, "1/2", 1, 5, 3, "1/2"],
    ["1/4", "1/4", "1/5", 1, "1/3", "1/3"],
    [1, 1, "1/3", 3, 1, 1],
    [2, 2, 2, 3, 3, 1],
]
JOB_BELOW = [
    [[1, "1/4", "1/2"], [4, 1, 3], [2, "1/3", 1]],
    [[1, "1/4", "1/5"], [4, 1, "1/2"], [5, 2, 1]],
    [[1, 3, "1/3"], ["1/3", 1, "1/7"], [3, 7, 1]],
    [[1, "1/3", 5], [3, 1, 7], ["1/5", "1/7", 1]],
    [[1, 1, 7], [1, 1, 7], ["1/7", "1/7", 1]],
    [[1, 7, 9], ["1/7", 1, 1], ["1/9", 1, 1]],
]
CLOTHING = [[0.2, 0.5, 0.2, 0.1], [0.7, 0.2, 0.1, 0], [0, 0.4, 0.5, 0.1], [0.2, 0.3, 0.5, 0]]
DIAKOULAKI = np.array(
    [
        (61, 1.08, 4.33),
        (20.7, 0.26, 4.34),
        (16.3, 1.98, 2.53),
        (9, 3.29, 1.65),
        (5.4, 2.77, 2.33),
        (4, 4.12, 1.21),
        (-6.1, 3.52, 2.10),
        (-34.6, 3.31, 0.98),
    ]
)
SUPPLIERS = {
    "quality": [0.83, 0.90, 0.99, 0.92, 0.87, 0.95],
    "price": [326, 295, 340, 287, 310, 303],
    "distance": [21, 38, 25, 19, 27, 10],
    "after-sales": [3.2, 2.4, 2.2, 2.0, 0.9, 1.7],
    "technology": [0.20, 0.25, 0.12, 0.33, 0.20, 0.09],
    "benefit": [0.15, 0.20, 0.14, 0.09, 0.15, 0.17],
    "capacity": [250, 180, 300, 200, 150, 175],
    "influence": [0.23, 0.15, 0.27, 0.30, 0.18, 0.26],
    "delivery": [0.87, 0.95, 0.99, 0.89, 0.82, 0.94],
}
SUPPLIER_COSTS = ["price", "distance", "after-sales"]


def printed(values: Any, expected: list[float], digits: int) -> None:
    """Agree to the digits that the source prints."""
    assert [round(float(x), digits) for x in values] == expected


def comparisons(rng: np.random.Generator, n: int, noise: float) -> np.ndarray:
    """Complete reciprocal comparisons around random weights."""
    w = rng.uniform(0.1, 1.0, n)
    a = np.triu(w[:, None] / w[None, :] * np.exp(rng.normal(0, noise, (n, n))), 1)
    lower = np.divide(1.0, a.T, out=np.zeros((n, n)), where=a.T > 0)
    return a + lower + np.eye(n)


# AHP --------------------------------------------------------------------------------------------


def test_drinks_of_saaty_2008() -> None:
    a = mcda.ahp(DRINK_PAIRS)
    weights = a.to_dict()
    expected = [0.177457, 0.019149, 0.041831, 0.116417, 0.189572, 0.128781, 0.326793]
    printed([weights[d] for d in DRINKS], expected, 6)
    printed([a.lambda_max, a.ci], [7.176629, 0.029438], 6)
    assert round(a.cr or 0, 4) == 0.0223
    assert round(mcda.ahp(DRINK_PAIRS, ri="saaty_2005").cr or 0, 4) == 0.0218
    assert round(mcda.ahp(DRINK_PAIRS, ri="donegan_dodd").cr or 0, 4) == 0.0235


def test_three_elements_by_three_methods() -> None:
    a = mcda.ahp(SMALL)
    printed(a.weights, [0.636986, 0.258285, 0.104729], 6)
    printed([a.lambda_max, a.ci], [3.038511, 0.019256], 6)
    assert round(a.cr or 0, 4) == 0.0332
    assert round(mcda.ahp(SMALL, ri="saaty_2005").cr or 0, 4) == 0.0370
    columns = mcda.ahp(SMALL, method="和法")
    printed(columns.weights, [0.633346, 0.260498, 0.106156], 6)
    assert round(columns.lambda_max, 6) == 3.038715
    rows = mcda.ahp(SMALL, method="根法")
    np.testing.assert_allclose(rows.weights, a.weights, rtol=1e-14)


def job_choice() -> mcda.Hierarchy:
    criteria = ["c1", "c2", "c3", "c4", "c5", "c6"]
    # As published, c5 to c6 is 1 and c6 to c5 is 3.
    nodes: dict[str, Any] = {"job": mcda.ahp(JOB, labels=criteria, tolerance=math.inf)}
    for name, below in zip(criteria, JOB_BELOW, strict=True):
        nodes[name] = mcda.ahp(below, labels=["a", "b", "c"])
    return mcda.hierarchy(nodes)


def test_choice_of_a_job_in_three_levels() -> None:
    with pytest.raises(sr.InputError, match=r"column '4' is 3 and row 4 .* reciprocals"):
        mcda.ahp(JOB)
    h = job_choice()
    top = h.nodes["job"]
    assert top is not None
    printed(top.weights, [0.1507, 0.1792, 0.1886, 0.0472, 0.1464, 0.2879], 4)
    assert round(top.lambda_max, 4) == 6.6178
    assert round(top.cr or 0, 5) == 0.09964
    assert top.consistent is True
    assert h.labels == ["a", "b", "c"]
    printed(h.weights, [0.395198, 0.299621, 0.305181], 6)
    assert math.isclose(h.weights.sum(), 1.0, rel_tol=1e-15)


def test_a_hierarchy_may_be_of_any_depth_and_uneven() -> None:
    deep: dict[str, Any] = {f"n{i}": {f"n{i + 1}": 1, f"leaf{i}": 1} for i in range(2000)}
    h = mcda.hierarchy(deep)
    weights = h.to_dict()
    assert weights["leaf0"] == 0.5
    assert weights["leaf9"] == 2.0**-10
    assert len(h.labels) == 2001


def test_weights_go_down_by_every_way() -> None:
    h = mcda.hierarchy(
        {
            "top": {"x": 0.25, "y": 0.75},
            "x": {"a": 1, "b": 3},
            "y": {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): 1},
        }
    )
    assert h.to_dict() == pytest.approx({"a": 0.25 / 4 + 0.25, "b": 0.75 / 4 + 0.25, "c": 0.25})
    assert h.cr == {"top": None, "x": None, "y": pytest.approx(0.0, abs=1e-14)}
    rows = json.loads(h.to_json())["rows"]
    assert [(r["parent"], r["label"], r["level"]) for r in rows] == [
        ("top", "x", 1),
        ("top", "y", 1),
        ("x", "a", 2),
        ("x", "b", 2),
        ("y", "a", 2),
        ("y", "b", 2),
        ("y", "c", 2),
    ]


@pytest.mark.parametrize("n", [3, 4, 7, 9, 15])
@pytest.mark.parametrize("noise", [0.0, 0.3, 1.5])
def test_eigenvector_is_numpys(n: int, noise: float) -> None:
    for seed in range(20):
        a = comparisons(np.random.default_rng(seed), n, noise)
        values, vectors = np.linalg.eig(a)
        k = int(values.real.argmax())
        w = np.abs(vectors[:, k].real)
        got = mcda.ahp(a)
        np.testing.assert_allclose(got.weights, w / w.sum(), rtol=1e-10)
        assert got.lambda_max == pytest.approx(max(values[k].real, n), rel=1e-12)


def test_circular_judgements_still_have_their_eigenvector() -> None:
    # The second eigenvalue is as large as the first but for one part in a million.
    x = 1e6
    a = np.array([[1, x, 1 / x], [1 / x, 1, x], [x, 1 / x, 1]])
    got = mcda.ahp(a)
    np.testing.assert_allclose(got.weights, [1 / 3] * 3, rtol=1e-12)
    assert got.lambda_max == pytest.approx(1 + x + 1 / x)
    b = np.array([[1, x, 2 / x], [1 / x, 1, x], [x / 2, 1 / x, 1]])
    got = mcda.ahp(b)
    np.testing.assert_allclose(b @ got.weights / got.weights, got.lambda_max, rtol=1e-12)


def test_mean_methods_are_what_their_names_say() -> None:
    for seed in range(20):
        a = comparisons(np.random.default_rng(seed), 6, 0.5)
        columns = (a / a.sum(axis=0)).mean(axis=1)
        rows = np.exp(np.log(a).mean(axis=1))
        got = mcda.ahp_batch(a[None], method="column_mean").weights[0]
        np.testing.assert_allclose(got, columns, rtol=1e-13)
        got = mcda.ahp_batch(a[None], method="geometric_mean").weights[0]
        np.testing.assert_allclose(got, rows / rows.sum(), rtol=1e-13)


def test_batch_is_the_same_bytes_as_one_by_one_for_any_threads() -> None:
    rng = np.random.default_rng(3)
    many = np.stack([comparisons(rng, 9, 0.4) for _ in range(600)])
    for method in ("eigenvector", "column_mean", "geometric_mean"):
        one, two = (mcda.ahp_batch(many, method=method, threads=t) for t in (1, 2))
        assert one.weights.tobytes() == two.weights.tobytes()
        assert one.cr is not None
        assert one.consistent is not None
        for k in range(0, 600, 37):
            single = mcda.ahp(many[k], method=method)
            assert single.weights.tobytes() == one.weights[k].tobytes()
            assert single.cr == one.cr[k]
            assert single.consistent == one.consistent[k]


def test_one_or_two_elements_always_agree() -> None:
    assert mcda.ahp([[1]]).cr == 0.0
    two = mcda.ahp([[1, 7], ["1/7", 1]])
    assert (two.cr, two.ci, two.lambda_max, two.consistent) == (0.0, 0.0, 2.0, True)
    assert two.revisit is None
    np.testing.assert_allclose(two.weights, [7 / 8, 1 / 8], rtol=1e-15)


def test_beyond_the_table_of_ri_there_is_no_cr_and_no_verdict() -> None:
    a = mcda.ahp(np.ones((16, 16)))
    assert (a.ri, a.cr, a.consistent, a.revisit) == (None, None, None, None)
    np.testing.assert_allclose(a.weights, 1 / 16)
    assert mcda.ahp_batch(np.ones((2, 16, 16))).cr is None
    assert mcda.ahp(np.ones((15, 15))).cr == 0.0


def test_the_comparison_to_revisit_is_the_one_that_was_spoilt() -> None:
    w = {"人": 8, "机": 4, "环": 2, "管": 1}
    names = list(w)
    pairs: dict[tuple[str, str], Any] = {
        (a, b): w[a] / w[b] for i, a in enumerate(names) for b in names[i + 1 :]
    }
    assert mcda.ahp(pairs).revisit is None
    pairs["机", "管"] = "1/4"
    spoilt = mcda.ahp(pairs)
    assert spoilt.consistent is False
    advice = spoilt.revisit
    assert advice is not None
    assert (advice.row, advice.column, advice.value) == ("机", "管", 0.25)
    assert advice.suggested == 4.0
    assert advice.cr_after == pytest.approx(0.0, abs=1e-12)
    assert advice.accepted_after is True
    assert "“机”比“管”取 1/4" in advice.text
    assert "改为 4" in advice.text
    # By brute force: no other step in this place does better, and the deviation is the largest.
    best = min(
        mcda.ahp({**pairs, ("机", "管"): v}).cr or 0
        for v in [1 / s for s in range(2, 10)] + list(range(1, 10))
    )
    assert advice.cr_after == pytest.approx(best, abs=1e-12)
    table = spoilt.matrices["deviations"].values
    assert advice.deviation == pytest.approx(np.maximum(table, 1 / table).max())
    rows = spoilt.deviations.to_columns()
    assert (rows["row"][0], rows["column"][0]) == ("机", "管")
    assert (np.diff(rows["deviation"]) <= 1e-9).all()


def test_labels_come_from_wherever_they_are() -> None:
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    names = ["x", "y", "z"]
    plain = mcda.ahp(SMALL, labels=names)
    frame = pd.DataFrame(SMALL, index=names, columns=names)
    turned = frame.loc[["z", "x", "y"], names]
    beside = pd.DataFrame(
        {"item": names, **dict(zip(names, np.array(SMALL, object).T, strict=True))}
    )
    whole = pl.DataFrame(
        {"item": names, "x": [1.0, 1 / 3, 1 / 5], "y": [3.0, 1, 1 / 3], "z": [5.0, 3, 1]}
    )
    given_ways: list[Any] = [
        frame,
        turned,
        beside,
        whole,
        whole.to_arrow(),
        {"x": [1, "1/3", "1/5"], "y": [3, 1, "1/3"], "z": [5, 3, 1]},
        {("x", "y"): 3, ("x", "z"): 5, ("y", "z"): 3},
        {"x": {"y": 3, "z": 5}, "y": {"z": 3}, "z": {}},
        {
            "x": {"x": 1, "y": 3, "z": 5},
            "y": {"x": "1/3", "y": 1, "z": 3},
            "z": {"x": "1/5", "y": "1/3", "z": 1},
        },
    ]
    for one in given_ways:
        got = mcda.ahp(one)
        assert got.labels == names
        np.testing.assert_allclose(got.weights, plain.weights, rtol=1e-14)
    assert plain.to_pandas()["label"].tolist() == names


@pytest.mark.parametrize(
    ("comparisons", "told"),
    [
        (
            [[1, 3], [0.5, 1]],
            r"row 1 \(1\), column '0' is 0.5 and row 0 \(0\), column '1' is 3; they must be reciprocals \(0.333",
        ),
        ([[1, None], [0.5, 1]], r"row 0 \(0\), column '1' is missing"),
        ([[1, 3], [float("nan"), 1]], r"row 1 \(1\), column '0' is missing"),
        ([[1, ""], [0.5, 1]], "is missing"),
        ([[2, 3], [1 / 3, 1]], "compared with itself is 1"),
        ([[1, -3], [-1 / 3, 1]], "is -3; a comparison is above 0"),
        ([[1, 0], [0, 1]], "is 0; a comparison is above 0"),
        ([[1, math.inf], [0, 1]], "is inf; a comparison"),
        ([[1, "much"], [1, 1]], "'much'; write a number or a fraction"),
        ([[1, "1/0"], [1, 1]], "write a number"),
        ([[1, 2, 3], [1, 1, 1]], "square"),
        ([], "square"),
        ({("a", "b"): 2, ("a", "c"): 2}, r"the pair \('b', 'c'\) is missing"),
        ({("a", "b"): 2, ("b", "a"): 2}, "must be reciprocals"),
        ({"a": [1, 2], "b": [0.5]}, "differ in length"),
    ],
)
def test_incomplete_or_contradictory_comparisons_are_refused_by_cell(
    comparisons: Any, told: str
) -> None:
    with pytest.raises(sr.InputError, match=told):
        mcda.ahp(comparisons)


def test_rounded_reciprocals_need_a_tolerance() -> None:
    rounded = [[1, 3], [0.33, 1]]
    with pytest.raises(sr.InputError, match="within the tolerance"):
        mcda.ahp(rounded)
    assert mcda.ahp(rounded, tolerance=0.02).weights[0] == pytest.approx(0.75, abs=2e-3)


def test_bad_calls_of_ahp_are_refused() -> None:
    with pytest.raises(sr.InputError, match="method is 'sum'"):
        mcda.ahp(SMALL, method="sum")
    with pytest.raises(sr.NotFoundError, match=r"ahp_ri\.nobody"):
        mcda.ahp(SMALL, ri="nobody")
    with pytest.raises(sr.InputError, match="stands twice"):
        mcda.ahp(SMALL, labels=["a", "b", "a"])
    with pytest.raises(sr.InputError, match="2 labels do not fit 3"):
        mcda.ahp(SMALL, labels=["a", "b"])
    with pytest.raises(sr.InputError, match="matrix 1, row 1, column 0"):
        mcda.ahp_batch([[[1, 2], [0.5, 1]], [[1, 2], [2, 1]]])
    with pytest.raises(sr.InputError, match=r"\(b, n, n\)"):
        mcda.ahp_batch(np.ones((2, 3)))
    with pytest.raises(sr.InputError, match="kind method, not random_index"):
        mcda.ahp(SMALL, ri=next(p for p in sr.packs() if p.id == "lec.t1"))


def test_bad_hierarchies_are_refused() -> None:
    with pytest.raises(sr.InputError, match="is below itself"):
        mcda.hierarchy({"a": {"b": 1}, "b": {"c": 1}, "c": {"b": 1}}, goal="a")
    with pytest.raises(sr.InputError, match="no element is below no other"):
        mcda.hierarchy({"a": {"b": 1}, "b": {"a": 1}})
    with pytest.raises(sr.InputError, match="a, b are all below no other"):
        mcda.hierarchy({"a": {"x": 1}, "b": {"y": 1}})
    with pytest.raises(sr.InputError, match="'b' is not below 'a'"):
        mcda.hierarchy({"a": {"x": 1}, "b": {"y": 1}}, goal="a")
    with pytest.raises(sr.InputError, match="a: these comparisons have no labels"):
        mcda.hierarchy({"a": [[1, 2], [0.5, 1]]})
    with pytest.raises(sr.InputError, match="a: row 1 "):
        mcda.hierarchy({"a": {"x": [1, 2], "y": [2, 1]}})
    with pytest.raises(sr.NotFoundError, match="goal 'z'"):
        mcda.hierarchy({"a": {"x": 1}}, goal="z")


# Weights from data ------------------------------------------------------------------------------


def naive_entropy(x: np.ndarray) -> np.ndarray:
    """Divergence of each column by the formula as printed."""
    p = x / x.sum(axis=0)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return np.asarray(1 + (p * logs).sum(axis=0) / np.log(len(x)))


def test_entropy_of_published_examples() -> None:
    w = mcda.entropy_weights([[1, 2], [4, 16]])
    printed(w.divergence, [0.278072, 0.496742], 6)
    printed(w.weights, [0.358889, 0.641111], 6)
    printed(mcda.entropy_weights(TZENG).weights, [0.177954, 0.452149, 0.369897], 6)


def test_entropy_is_the_formula_with_zeros_too() -> None:
    rng = np.random.default_rng(1)
    for m, k in ((2, 1), (5, 3), (1000, 4)):
        x = rng.lognormal(0, 2, (m, k)) * (rng.random((m, k)) > 0.2)
        x[0] += 1
        w = mcda.entropy_weights(x)
        np.testing.assert_allclose(w.divergence, naive_entropy(x), rtol=1e-10, atol=1e-15)
        np.testing.assert_allclose(w.entropy, 1 - naive_entropy(x), rtol=1e-10)


def test_entropy_of_almost_constant_columns_keeps_its_digits() -> None:
    # To second order d is the squared coefficient of variation over 2·ln m; the formula as printed
    # has lost every digit here.
    t = np.array([[1, 2], [-1, 0], [0, -2], [2, 1], [-2, -1]], dtype=float)
    x = 1000 + t * 1e-5
    w = mcda.entropy_weights(x)
    expected = ((x - x.mean(axis=0)) ** 2).mean(axis=0) / x.mean(axis=0) ** 2 / 2 / math.log(5)
    np.testing.assert_allclose(w.divergence, expected, rtol=1e-4)
    np.testing.assert_allclose(w.weights, [0.5, 0.5], rtol=1e-4)


def test_constant_and_single_columns_have_stated_weights() -> None:
    x = np.array([[1.0, 3, 0], [2, 3, 0], [4, 3, 0]])
    for weigh in (mcda.entropy_weights, mcda.critic_weights):
        w = weigh(x)
        assert w.weights.tolist() == [1.0, 0.0, 0.0]
        assert np.isfinite(np.concatenate(list(_steps(w)))).all()
        assert weigh(x[:, :1]).weights.tolist() == [1.0]
        with pytest.raises(sr.InputError, match="no criterion tells the alternatives apart"):
            weigh(x[:, 1:])
        with pytest.raises(sr.InputError, match="two alternatives or more"):
            weigh(x[:1])
    # 0.1 three times is constant, whatever a rounding of its mean says.
    assert mcda.entropy_weights([[0.1, 1], [0.1, 2], [0.1, 3]]).weights.tolist() == [0.0, 1.0]


def _steps(w: mcda.Weights) -> list[np.ndarray]:
    columns = w.to_columns()
    return [columns[name] for name in columns if name != "label"]


def test_costs_of_entropy_need_a_stated_transformation() -> None:
    table = {"id": ["a", "b", "c"], "loss": [1.0, 2, 4], "gain": [3.0, 1, 2]}
    with pytest.raises(sr.InputError, match="say with transform= how costs become benefits"):
        mcda.entropy_weights(table, cost="loss")
    turned = mcda.entropy_weights(table, cost="loss", transform="reciprocal")
    direct = mcda.entropy_weights({"loss": [1, 0.5, 0.25], "gain": [3, 1, 2]})
    assert turned.weights.tolist() == direct.weights.tolist()
    scaled = mcda.entropy_weights(table, cost=["loss"], transform="min_max")
    direct = mcda.entropy_weights({"loss": [1, 2 / 3, 0], "gain": [1, 0, 0.5]})
    np.testing.assert_allclose(scaled.weights, direct.weights, rtol=1e-14)
    with pytest.raises(sr.InputError, match=r"row 1 \(b\), column 'loss' is 0; 1/x needs"):
        mcda.entropy_weights(
            {"id": ["a", "b"], "loss": [1, 0], "gain": [1, 2]}, cost="loss", transform="reciprocal"
        )


def test_critic_of_diakoulaki_1995_with_either_deviation() -> None:
    for deviation in ("sample", "population"):
        w = mcda.critic_weights(DIAKOULAKI, deviation=deviation)
        printed(w.weights, [0.20222554, 0.48090173, 0.31687273], 8)
    scaled = (DIAKOULAKI - DIAKOULAKI.min(axis=0)) / np.ptp(DIAKOULAKI, axis=0)
    sample = mcda.critic_weights(DIAKOULAKI)
    np.testing.assert_allclose(sample.deviation, scaled.std(axis=0, ddof=1), rtol=1e-13)
    r = np.corrcoef(scaled.T)
    np.testing.assert_allclose(sample.matrices["correlation"].values, r, rtol=1e-12)
    np.testing.assert_allclose(sample.conflict, (1 - r).sum(axis=1), rtol=1e-12)
    cost = mcda.critic_weights(DIAKOULAKI, cost=[0])
    r[0, 1:] *= -1
    r[1:, 0] *= -1
    np.testing.assert_allclose(cost.conflict, (1 - r).sum(axis=1), rtol=1e-12)


def test_critic_refuses_columns_that_all_say_the_same() -> None:
    x = np.array([0.1, 0.7, 0.3, 0.9])
    with pytest.raises(sr.InputError, match="every correlation is 1"):
        mcda.critic_weights(np.column_stack([x, 3 * x + 0.1]))


@settings(max_examples=60, deadline=None)
@given(st.floats(min_value=5e-324, max_value=1.7e308))
def test_the_logarithm_is_within_two_units_in_the_last_place(x: float) -> None:
    expected = math.log(x)
    assert abs(_core.natural_log(x) - expected) <= 2 * math.ulp(expected)


def test_the_logarithm_at_its_edges() -> None:
    assert _core.natural_log(1.0) == 0.0
    assert _core.natural_log(0.0) == -math.inf
    assert math.isnan(_core.natural_log(-1.0))
    assert _core.natural_log(math.inf) == math.inf


# TOPSIS -----------------------------------------------------------------------------------------


def by_numpy(
    x: np.ndarray, w: np.ndarray, cost: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    v = x / np.sqrt((x**2).sum(axis=0)) * w
    best = np.where(cost, v.min(axis=0), v.max(axis=0))
    worst = np.where(cost, v.max(axis=0), v.min(axis=0))
    near = np.sqrt(((v - best) ** 2).sum(axis=1))
    far = np.sqrt(((v - worst) ** 2).sum(axis=1))
    return far / (near + far), near, far


def test_topsis_of_tzeng_and_huang_2011() -> None:
    t = mcda.topsis(TZENG, [0.3, 0.4, 0.3])
    printed(t.closeness, [0.503720, 0.658085, 0.748249, 0.333997], 6)
    printed(t.to_ideal, [0.117496, 0.063536, 0.048666, 0.130660], 6)
    printed(t.to_anti_ideal, [0.119257, 0.122288, 0.144645, 0.065525], 6)
    assert t.rank.tolist() == [3, 2, 1, 4]
    printed(
        mcda.topsis([[1, 0, 3], [0, 5, 6]], [1, 1, 1], scaling="none").closeness,
        [0.146392, 0.853608],
        6,
    )


@pytest.mark.parametrize("rows", [2, 3, 5, 100, 5000])
def test_topsis_is_the_formula(rows: int) -> None:
    rng = np.random.default_rng(rows)
    x = rng.normal(3, 2, (rows, 5))
    w = rng.random(5)
    cost = np.array([True, False, False, True, False])
    t = mcda.topsis(x, w, cost=cost.tolist())
    for got, expected in zip(
        (t.closeness, t.to_ideal, t.to_anti_ideal), by_numpy(x, w, cost), strict=True
    ):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)
    r = mcda.topsis(x, w, cost=cost.tolist(), scaling="min_max")
    scaled = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    scaled = np.where(cost, 1 - scaled, scaled) * w
    near = np.sqrt(((scaled - w) ** 2).sum(axis=1))
    far = np.sqrt((scaled**2).sum(axis=1))
    np.testing.assert_allclose(r.closeness, far / (near + far), rtol=1e-12)
    np.testing.assert_allclose(r.matrices["weighted"].values, scaled, rtol=1e-12, atol=1e-15)


def test_closeness_does_not_depend_on_the_sum_of_weights_nor_on_units() -> None:
    x = np.random.default_rng(2).random((50, 4))
    base = mcda.topsis(x, [0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(mcda.topsis(x, [1, 2, 3, 4]).closeness, base.closeness, rtol=1e-13)
    scaled = mcda.topsis(x * [1, 1000, 1e-7, 3], [0.1, 0.2, 0.3, 0.4])
    np.testing.assert_allclose(scaled.closeness, base.closeness, rtol=1e-12)
    assert mcda.topsis(x * 4.0, [0.1, 0.2, 0.3, 0.4]).closeness.tolist() == base.closeness.tolist()
    e = mcda.entropy_weights(x)
    np.testing.assert_allclose(
        mcda.entropy_weights(x * [1, 1000, 1e-7, 3]).weights, e.weights, rtol=1e-12
    )


def test_columns_that_do_not_differ_add_nothing() -> None:
    x = np.random.default_rng(4).random((20, 2))
    base = mcda.topsis(x, [0.4, 0.6])
    more = np.column_stack([x, np.full(20, 7.0), np.zeros(20)])
    t = mcda.topsis(more, [0.4, 0.6, 5.0, 9.0])
    assert t.closeness.tolist() == base.closeness.tolist()
    assert all(np.isfinite(m.values).all() for m in t.matrices.values())
    g = mcda.grey(np.column_stack([x, np.zeros(20)]), [1, 1, 2])
    np.testing.assert_allclose(g.relation, mcda.grey(x).relation / 2 + 0.5, rtol=1e-14)
    assert set(g.matrices["coefficients"].values[:, 2].tolist()) == {1.0}


def test_alternatives_that_are_all_alike_have_no_closeness() -> None:
    for call in (mcda.topsis, mcda.grey):
        with pytest.raises(sr.InputError, match="tells the alternatives apart"):
            call([[1, 2], [1, 2]])
        with pytest.raises(sr.InputError, match="one alternative alone"):
            call([[1, 2]])
    with pytest.raises(sr.InputError, match="no criterion with a weight"):
        mcda.topsis([[1, 2], [1, 3]], [1, 0])


def test_equal_alternatives_share_a_rank() -> None:
    t = mcda.topsis([[1, 1], [2, 2], [2, 2], [0, 0], [1, 1]])
    assert t.rank.tolist() == [3, 1, 1, 5, 3]


def test_a_published_like_reversal_is_found_and_agrees_with_recomputing() -> None:
    rng = np.random.default_rng(11)
    seen = 0
    for _ in range(30):
        x = rng.integers(1, 10, (5, 3)).astype(float)
        t = mcda.topsis(x, [0.5, 0.3, 0.2])
        check = t.rank_reversal()
        columns = check.to_columns()
        for k in range(5):
            rest = np.delete(x, k, axis=0)
            after = mcda.topsis(rest, [0.5, 0.3, 0.2]).closeness
            before = np.delete(t.closeness, k)
            d, e = np.subtract.outer(before, before), np.subtract.outer(after, after)
            assert columns["reversed"][k] == bool(((d > 1e-12) & (e < -1e-12)).any())
            if columns["reversed"][k]:
                seen += 1
                better, worse = columns["pair"][k].split(" > ")
                places = [i for i in range(5) if i != k]
                a, b = places.index(int(better)), places.index(int(worse))
                assert before[a] > before[b]
                assert after[a] < after[b]
        assert check.any == bool(columns["reversed"].any())
    assert seen > 0


def test_a_hierarchy_shows_reversal_too() -> None:
    check = job_choice().rank_reversal()
    assert len(check) == 3
    # Belton and Gear (1983): three alternatives, B best; a copy of B puts A ahead.
    names = ["A", "B", "C", "D"]
    values = {"k1": [1, 9, 1, 9], "k2": [9, 1, 1, 1], "k3": [8, 9, 1, 9]}
    nodes: dict[str, Any] = {"goal": {"k1": 1, "k2": 1, "k3": 1}}
    for key, column in values.items():
        nodes[key] = {
            (a, b): column[i] / column[j]
            for i, a in enumerate(names)
            for j, b in enumerate(names)
            if i < j
        }
    h = mcda.hierarchy(nodes)
    assert max(h.to_dict(), key=lambda label: h.to_dict()[label]) == "A"
    found = {row["dropped"]: row for row in json.loads(h.rank_reversal().to_json())["rows"]}
    assert found["D"]["reversed"] is True
    assert (found["D"]["best_before"], found["D"]["best_after"]) == ("A", "B")


# Grey relation ----------------------------------------------------------------------------------


def test_grey_relation_of_six_suppliers() -> None:
    g = mcda.grey(SUPPLIERS, cost=SUPPLIER_COSTS)
    printed(g.relation, [0.462992, 0.555994, 0.649074, 0.652723, 0.493562, 0.613015], 6)
    assert (np.argsort(g.rank) + 1).tolist() == [4, 3, 6, 2, 5, 1]
    printed(g.matrices["coefficients"].values[:, 0], [0.3333, 0.4706, 1, 0.5333, 0.4, 0.6667], 4)


def test_grey_weights_are_divided_by_their_sum_and_rho_has_a_range() -> None:
    one = mcda.grey(TZENG, [1, 2, 1])
    assert one.weights.tolist() == [0.25, 0.5, 0.25]
    np.testing.assert_allclose(
        one.relation, mcda.grey(TZENG, [0.25, 0.5, 0.25]).relation, rtol=1e-15
    )
    for rho in (0.0, -1.0, 1.5, math.nan):
        with pytest.raises(sr.InputError, match="above 0 and at most 1"):
            mcda.grey(TZENG, rho=rho)


# Fuzzy evaluation -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "operator", "expected"),
    [
        ((0.1, 0.2, 0.3, 0.4), "max_min", [0.2, 0.3, 0.4, 0.1]),
        ((0.1, 0.2, 0.3, 0.4), "max_product", [0.14, 0.12, 0.20, 0.03]),
        ((0.1, 0.2, 0.3, 0.4), "sum_min", [0.5, 0.9, 0.9, 0.2]),
        ((0.1, 0.2, 0.3, 0.4), "sum_product", [0.24, 0.33, 0.39, 0.04]),
        ((0.4, 0.35, 0.15, 0.1), "max_min", [0.35, 0.40, 0.20, 0.10]),
        ((0.4, 0.35, 0.15, 0.1), "max_product", [0.245, 0.200, 0.080, 0.040]),
        ((0.4, 0.35, 0.15, 0.1), "sum_min", [0.65, 0.85, 0.55, 0.20]),
        ((0.4, 0.35, 0.15, 0.1), "sum_product", [0.345, 0.360, 0.240, 0.055]),
    ],
)
def test_clothing_by_four_operators(
    weights: tuple[float, ...], operator: str, expected: list[float]
) -> None:
    b = mcda.fuzzy(weights, CLOTHING, operator=operator)
    np.testing.assert_allclose(b.memberships, expected, atol=1e-15)
    np.testing.assert_allclose(b.shares, np.array(expected) / sum(expected), atol=1e-15)


def test_a_tie_is_reported_whole_and_goes_to_the_more_severe() -> None:
    a, r = (0.1, 0.2, 0.3, 0.4), CLOTHING
    tied = mcda.fuzzy(a, r, operator="取小上界和型")
    assert tied.largest == ["1", "2"]
    assert tied.chosen is None
    assert "未判定" in tied._repr_html_()
    assert mcda.fuzzy(a, r, operator="sum_min", worst="first").chosen == "1"
    assert mcda.fuzzy(a, r, operator="sum_min", worst="last").chosen == "2"
    grades = ["blue", "yellow", "orange", "red"]
    assert mcda.fuzzy(a, r, operator="sum_min", comments=grades).chosen == "orange"
    words = ["重大风险", "较大风险", "一般风险", "低风险"]
    assert mcda.fuzzy(a, r, operator="sum_min", comments=words).chosen == "较大风险"


def test_second_lecture_and_weighted_mean() -> None:
    r = [
        [0.2, 0.5, 0.3, 0],
        [0.1, 0.3, 0.5, 0.1],
        [0, 0.1, 0.6, 0.3],
        [0, 0.4, 0.5, 0.1],
        [0.5, 0.3, 0.2, 0],
    ]
    b = mcda.fuzzy([0.1, 0.1, 0.15, 0.3, 0.35], r, operator="max_min")
    np.testing.assert_allclose(b.memberships, [0.35, 0.30, 0.30, 0.15])
    printed(b.shares, [0.318, 0.273, 0.273, 0.136], 3)
    r = [
        [0.1, 0.5, 0.4, 0, 0],
        [0.2, 0.5, 0.2, 0.1, 0],
        [0.2, 0.5, 0.3, 0, 0],
        [0.2, 0.6, 0.2, 0, 0],
    ]
    b = mcda.fuzzy([0.25, 0.2, 0.25, 0.3], r)
    np.testing.assert_allclose(b.memberships, [0.175, 0.53, 0.275, 0.02, 0], atol=1e-15)
    assert b.chosen == "1"


def test_a_published_evaluation_of_two_levels() -> None:
    work = {
        "绩效": ((0.2, 0.3, 0.3, 0.2), [
            [0.8, 0.15, 0.05, 0, 0], [0.2, 0.6, 0.1, 0.1, 0], [0.5, 0.4, 0.1, 0, 0],
            [0.1, 0.3, 0.5, 0.05, 0.05]]),
        "态度": ((0.3, 0.2, 0.1, 0.2, 0.2), [
            [0.3, 0.5, 0.15, 0.05, 0], [0.2, 0.2, 0.4, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1, 0],
            [0.1, 0.3, 0.3, 0.2, 0.1], [0.3, 0.2, 0.2, 0.2, 0.1]]),
        "能力": ((0.1, 0.2, 0.3, 0.2, 0.2), [
            [0.1, 0.3, 0.5, 0.1, 0], [0.2, 0.3, 0.3, 0.1, 0.1], [0.2, 0.3, 0.35, 0.15, 0],
            [0.1, 0.3, 0.4, 0.1, 0.1], [0.1, 0.4, 0.3, 0.1, 0.1]]),
        "特长": ((0.3, 0.2, 0.2, 0.3), [
            [0.3, 0.4, 0.2, 0.1, 0], [0.1, 0.4, 0.3, 0.1, 0.1], [0.2, 0.3, 0.4, 0.1, 0],
            [0.4, 0.3, 0.2, 0.1, 0]]),
    }  # fmt: skip
    groups = {name: {"weights": w, "memberships": r} for name, (w, r) in work.items()}
    b = mcda.fuzzy(dict(zip(work, (0.4, 0.3, 0.2, 0.1), strict=True)), groups)
    np.testing.assert_allclose(b.memberships, [0.288, 0.354, 0.2355, 0.0865, 0.036], atol=1e-15)
    assert b.chosen == "1"


def test_levels_are_evaluated_from_the_bottom() -> None:
    lower = mcda.fuzzy({"a": 0.4, "b": 0.6}, {"a": [0.2, 0.8], "b": [0.5, 0.5]})
    whole = mcda.fuzzy(
        {"x": 0.3, "y": 0.7},
        {
            "x": {
                "weights": {"a": 0.4, "b": 0.6},
                "memberships": {"a": [0.2, 0.8], "b": [0.5, 0.5]},
            },
            "y": [0.9, 0.1],
        },
        values=[10, 20],
    )
    np.testing.assert_allclose(whole.groups["x"].memberships, lower.memberships)
    np.testing.assert_allclose(
        whole.memberships, 0.3 * lower.memberships + 0.7 * np.array([0.9, 0.1])
    )
    assert whole.score == pytest.approx(10 * whole.shares[0] + 20 * whole.shares[1])
    assert whole._repr_html_().count("模糊综合评价") == 2
    coarse = {"weights": [0.5, 0.5], "memberships": [[0.2, 0.1], [0.3, 0.1]]}
    raw = mcda.fuzzy([1.0], {"g": coarse}, operator="max_min")
    each = mcda.fuzzy([1.0], {"g": coarse}, operator="max_min", normalise_groups=True)
    np.testing.assert_allclose(raw.memberships, [0.3, 0.1])
    np.testing.assert_allclose(each.memberships, [0.75, 0.25])


@pytest.mark.parametrize(
    ("weights", "memberships", "told"),
    [
        ([0.5, 0.6], [[1, 0], [0, 1]], r"sum to 1\.1, not to 1"),
        ([0.5, 0.5], [[1, 0], [0, 1.5]], r"row 1 \(1\), column '1' is 1\.5; a membership"),
        ([0.5, 0.5], [[1, 0], [0, None]], "is missing"),
        ([1.5, -0.5], [[1, 0], [0, 1]], "weight of"),
        ([1.0], [[1, 0], [0, 1]], "1 weights do not fit 2"),
        ({"a": 1, "b": 0}, {"a": [1, 0], "c": [0, 1]}, "there is no weight for 'c'"),
        ([0.5, 0.5], {"a": [1, 0], "b": [0, 1, 0]}, "other numbers of comments"),
        ([1.0], {"a": {"weights": [0.3], "memberships": [[1, 0]]}}, "a: the weights sum to 0.3"),
    ],
)
def test_wrong_fuzzy_input_is_refused(weights: Any, memberships: Any, told: str) -> None:
    with pytest.raises(sr.InputError, match=told):
        mcda.fuzzy(weights, memberships)


def test_nothing_is_chosen_when_every_membership_is_zero() -> None:
    b = mcda.fuzzy([0.5, 0.5], [[0, 0], [0, 0]])
    assert (b.largest, b.chosen, b.score) == ([], None, None)
    assert b.shares.tolist() == [0.0, 0.0]


# Tables -----------------------------------------------------------------------------------------


METHODS: list[Callable[[Any], Any]] = [
    mcda.entropy_weights,
    mcda.critic_weights,
    mcda.topsis,
    mcda.grey,
]


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
def test_rows_in_another_order_and_threads_give_the_same_bytes(method: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    x = rng.lognormal(0, 3, (70_000, 4))  # more than one block of rows
    order = rng.permutation(len(x))
    for other in (x[order], np.asfortranarray(x[order]), x[order].repeat(2, axis=1)[:, ::2]):
        base, moved = method(x), method(other, threads=2)
        if isinstance(base, mcda.Weights):
            for a, b in zip(_steps(base), _steps(moved), strict=True):
                assert a.tobytes() == b.tobytes()
        else:
            assert base._scores[order].tobytes() == moved._scores.tobytes()
            assert (base.rank[order] == moved.rank).all()


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
def test_columns_in_another_order_permute_the_result(method: Callable[..., Any]) -> None:
    x = np.random.default_rng(6).random((40, 4))
    names = np.array(["a", "b", "c", "d"])
    order = [2, 0, 3, 1]
    base = method(dict(zip(names, x.T, strict=True)))
    moved = method(dict(zip(names[order], x[:, order].T, strict=True)))
    assert moved.to_dict() == pytest.approx(base.to_dict(), rel=1e-13)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
def test_every_kind_of_table_gives_the_same(method: Callable[..., Any]) -> None:
    pd = pytest.importorskip("pandas")
    pl = pytest.importorskip("polars")
    columns = {
        "区": ["甲", "乙", "丙", "丁"],
        "p": [5, 7, 8, 7],
        "q": [8.0, 6, 8, 4],
        "r": [4, 8, 6, 6],
    }
    base = method({k: v for k, v in columns.items() if k != "区"})
    kinds: list[Any] = [
        columns,
        pd.DataFrame(columns),
        pd.DataFrame(columns).set_index("区"),
        pd.DataFrame(columns).convert_dtypes(),
        pl.DataFrame(columns),
        pl.DataFrame(columns).to_arrow(),
        {row: dict(zip("pqr", TZENG[i], strict=True)) for i, row in enumerate(columns["区"])},
    ]
    for table in kinds:
        got = method(table)
        if isinstance(base, mcda.Weights):
            assert got.to_dict() == base.to_dict()
            assert list(got.to_dict()) == ["p", "q", "r"]
        else:
            assert list(got.to_dict()) == ["甲", "乙", "丙", "丁"]
            assert list(got.to_dict().values()) == list(base.to_dict().values())
            assert got.to_pandas()["label"].tolist() == ["甲", "乙", "丙", "丁"]
        array = method(TZENG.tolist())
        assert list(array.to_dict().values()) == list(base.to_dict().values())
        assert got.matrices
        for matrix in got.matrices.values():
            assert matrix.to_pandas().shape[0] == len(matrix.rows)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
@pytest.mark.parametrize("bad", [None, math.nan, math.inf, -math.inf, 1e200])
def test_a_cell_that_is_no_number_is_named(method: Callable[..., Any], bad: float | None) -> None:
    table = {"id": ["甲", "乙", "丙"], "p": [1, 2, 3], "q": [4, 5, bad]}
    with pytest.raises(sr.InputError, match=r"row 2 \(丙\), column 'q' is "):
        method(table)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.__name__)
def test_tables_that_are_none_are_refused(method: Callable[..., Any]) -> None:
    for table, told in [
        ({"p": ["x", "y"], "q": ["u", "v"]}, "row 0, column 'p' holds the text 'x'"),
        ({"x": [1, "约3"]}, "row 1, column 'x' holds the text '约3'"),
        ({"区": ["甲", "乙"], "x": [1, "约3"]}, "row 1, column 'x' holds the text '约3'"),
        ({"x": ["约3", 1], "y": [1, 2]}, "row 0, column 'x' holds the text '约3'"),
        ({"id": ["a", "b"]}, "no column of numbers"),
        ({"id": ["a", "a"], "p": [1, 2]}, "row 'a' stands twice"),
        ({"id": ["a", None], "p": [1, 2]}, "row 1 has no label"),
        ([1, 2, 3], "two dimensions"),
        ([["a", 1], ["b", 2]], "no matrix of numbers"),
        ("table.csv", "no matrix of numbers|two dimensions"),
        (np.ma.masked_array([[1.0, 2], [3, 4]], [[0, 0], [1, 0]]), "masked"),
        (np.empty((0, 3)), "no cells"),
        ([[1, 2], [3]], "no matrix of numbers"),
        (np.array([[1j, 2], [3, 4]]), "complex"),
    ]:
        with pytest.raises(sr.InputError, match=told):
            method(table)
    with pytest.raises(sr.InputError, match="not below 0"):
        mcda.entropy_weights({"id": ["a", "b"], "p": [1, -2]})


def test_weights_and_costs_go_by_label() -> None:
    table = {"id": ["a", "b", "c"], "p": [1, 2, 3], "q": [9, 5, 7]}
    by_label = mcda.topsis(table, {"q": 0.7, "p": 0.3}, cost=["q"])
    assert (
        by_label.closeness.tolist()
        == mcda.topsis(table, [0.3, 0.7], cost=[False, True]).closeness.tolist()
    )
    assert by_label.closeness.tolist() == mcda.topsis(table, [0.3, 0.7], cost=-1).closeness.tolist()
    e = mcda.entropy_weights(table)
    assert (
        mcda.topsis(table, e).closeness.tolist() == mcda.topsis(table, e.weights).closeness.tolist()
    )
    a = mcda.ahp({("q", "p"): 3})
    assert mcda.topsis(table, a).frame.to_columns()["weight"].tolist() == [0.25, 0.75]
    for weights, told in [
        ({"p": 1}, "no weight for 'q'"),
        ({"p": 1, "q": 1, "z": 1}, "a weight for 'z'"),
        ([1], "1 weights do not fit 2"),
        ([1, -1], "weight of 'q' is -1"),
        ([0, 0], "all weights are 0"),
        ([1, math.nan], "weight of 'q' is missing"),
    ]:
        with pytest.raises(sr.InputError, match=told):
            mcda.topsis(table, weights)
    for cost, told in [("z", "no column 'z'"), ([5], "no column 5"), ([True], "1 flags for 2")]:
        with pytest.raises(sr.InputError, match=told):
            mcda.topsis(table, cost=cost)


def test_results_show_their_chain_and_escape_what_comes_from_data() -> None:
    bad = "<b>x</b>"
    table = {"id": [bad, "b", "c"], "p<": [1, 2, 3], "q": [9, 5, 7]}
    spoilt = {("a", "b"): 9, ("b", bad): 9, (bad, "a"): 9}
    shown = [
        mcda.topsis(table),
        mcda.grey(table),
        mcda.entropy_weights(table),
        mcda.critic_weights(table),
        mcda.topsis(table).rank_reversal(),
        mcda.topsis(table).matrices["weighted"],
        mcda.ahp(spoilt),
        mcda.ahp(spoilt).deviations,
        mcda.hierarchy({"goal<b>x</b>": spoilt}),
        mcda.fuzzy({bad: 1.0}, {bad: {bad: 0.5, "y": 0.5}}),
    ]
    for result in shown:
        page = result._repr_html_()
        assert "<table" in page
        assert bad not in page
        assert "nan" not in page.lower().replace("dominan", "")
        assert repr(result).startswith("<safetyrisk ")
        assert len(result.to_pandas()) == len(result)
        assert json.loads(result.to_json())["rows"]
    assert "建议复核" in mcda.ahp(spoilt)._repr_html_()


def test_what_a_result_says_does_not_change_with_the_callers_memory() -> None:
    x = TZENG.copy()
    w = np.array([0.3, 0.4, 0.3])
    t = mcda.topsis(x, w)
    page, check = t._repr_html_(), t.rank_reversal().to_json()
    x[:] = 1
    w[:] = 9
    assert (t._repr_html_(), t.rank_reversal().to_json()) == (page, check)
    with pytest.raises(ValueError, match="read-only"):
        t.closeness[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        t.matrices["values"].values[0, 0] = 1


def test_matrices_of_large_tables_are_kept_when_asked_for() -> None:
    x = np.random.default_rng(1).random((60_000, 2))
    t = mcda.topsis(x)
    with pytest.raises(sr.InputError, match="matrices=True"):
        _ = t.matrices
    kept = mcda.topsis(x, matrices=True)
    assert kept.matrices["scaled"].values.shape == x.shape
    with pytest.raises(sr.InputError, match="name some with drop="):
        kept.rank_reversal()
    assert len(kept.rank_reversal(drop=["0", "7"])) == 2


# Other people's code ----------------------------------------------------------------------------


def peer_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(9)
    return rng.uniform(1, 9, (40, 5)), rng.dirichlet(np.ones(5)), np.array([1, -1, 1, 1, -1])


def test_pymcdm_agrees() -> None:
    methods = pytest.importorskip("pymcdm.methods")
    norms = pytest.importorskip("pymcdm.normalizations")
    weigh = pytest.importorskip("pymcdm.weights")
    x, w, types = peer_table()
    cost = (types < 0).tolist()
    theirs = methods.TOPSIS(norms.minmax_normalization)(x, w, types)
    ours = mcda.topsis(x, w, cost=cost, scaling="min_max").closeness
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    # Its vector normalisation turns costs into 1 - r; distances are the same as from r itself.
    theirs = methods.TOPSIS(norms.vector_normalization)(x, w, types)
    np.testing.assert_allclose(mcda.topsis(x, w, cost=cost).closeness, theirs, rtol=1e-9)
    np.testing.assert_allclose(mcda.entropy_weights(x).weights, weigh.entropy_weights(x), rtol=1e-9)
    np.testing.assert_allclose(mcda.critic_weights(x).weights, weigh.critic_weights(x), rtol=1e-9)


def test_scikit_criteria_agrees() -> None:
    skc = pytest.importorskip("skcriteria")
    similarity = pytest.importorskip("skcriteria.agg.similarity")
    weighters = pytest.importorskip("skcriteria.preprocessing.weighters")
    scalers = pytest.importorskip("skcriteria.preprocessing.scalers")
    x, w, types = peer_table()
    cost = (types < 0).tolist()
    matrix = skc.mkdm(x, types.tolist(), weights=w)
    scaled = scalers.VectorScaler("matrix").transform(matrix)
    with pytest.warns(UserWarning, match="minimization"):
        theirs = similarity.TOPSIS().evaluate(scaled).e_.similarity
    np.testing.assert_allclose(mcda.topsis(x, w, cost=cost).closeness, theirs, rtol=1e-9)
    # It ignores directions and takes the raw columns.
    theirs = weighters.EntropyWeighter().transform(matrix).weights.to_numpy()
    np.testing.assert_allclose(mcda.entropy_weights(x).weights, theirs, rtol=1e-9)
    benefits = skc.mkdm(x, [1] * 5, weights=w)
    theirs = weighters.CRITIC(scale=True, correlation="pearson").transform(benefits)
    np.testing.assert_allclose(mcda.critic_weights(x).weights, theirs.weights.to_numpy(), rtol=1e-9)


def test_ahpy_agrees_to_the_digits_that_it_gives() -> None:
    ahpy = pytest.importorskip("ahpy")
    theirs = ahpy.Compare("Drinks", DRINK_PAIRS, precision=9, random_index="saaty")
    ours = mcda.ahp(DRINK_PAIRS, ri="saaty_2005")
    for drink, weight in theirs.target_weights.items():
        assert ours.to_dict()[drink] == pytest.approx(weight, abs=1e-9)
    assert ours.cr == pytest.approx(theirs.consistency_ratio, abs=1e-9)
    theirs = ahpy.Compare("Drinks", DRINK_PAIRS, precision=9, random_index="dd")
    assert mcda.ahp(DRINK_PAIRS, ri="donegan_dodd").cr == pytest.approx(
        theirs.consistency_ratio, abs=1e-9
    )


def test_scikit_fuzzy_agrees_on_the_compositions_that_it_has() -> None:
    fuzzymath = pytest.importorskip("skfuzzy.fuzzymath.fuzzy_ops")
    a, r = np.array([[0.1, 0.2, 0.3, 0.4]]), np.array(CLOTHING)
    ours = mcda.fuzzy(a[0], r, operator="max_min").memberships
    np.testing.assert_allclose(ours, fuzzymath.maxmin_composition(a, r)[0], atol=1e-15)
    ours = mcda.fuzzy(a[0], r, operator="max_product").memberships
    np.testing.assert_allclose(ours, fuzzymath.maxprod_composition(a, r)[0], atol=1e-15)


def test_scipy_agrees_on_entropy() -> None:
    stats = pytest.importorskip("scipy.stats")
    x, _, _ = peer_table()
    theirs = 1 - stats.entropy(x, axis=0) / np.log(len(x))
    np.testing.assert_allclose(mcda.entropy_weights(x).divergence, theirs, rtol=1e-9)


@pytest.mark.parametrize("known", [{"a": 0.5, "b": 0.6}, {"a": 0.3, "b": 0.1}])
def test_known_weights_of_a_hierarchy_that_are_no_shares_are_refused(known: Any) -> None:
    with pytest.raises(sr.InputError, match="sum to"):
        mcda.hierarchy({"g": {("x", "y"): 2}, "x": known})


def test_known_weights_of_a_hierarchy_may_be_ratios_or_rounded() -> None:
    for known in ({"a": 1, "b": 3}, {"a": 25, "b": 75}, {"a": 0.25, "b": 0.75}):
        assert mcda.hierarchy({"g": known}).to_dict() == {"a": 0.25, "b": 0.75}
    rounded = mcda.hierarchy({"g": {"a": 0.333, "b": 0.333, "c": 0.333}}).to_dict()
    assert sum(rounded.values()) == pytest.approx(1.0, abs=1e-15)
