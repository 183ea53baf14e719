"""Indices of many criteria: TOPSIS of many alternatives, AHP of many matrices, weights from data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from measure import LIBRARY, Contestant, race
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import vector_normalization
from pymcdm.weights import entropy_weights

import safetyrisk as sr

CRITERIA = 8
ELEMENTS = 9
MATRICES = 10_000


def numpy_topsis(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """As one writes it."""
    v = x / np.sqrt((x**2).sum(axis=0)) * w
    near = np.sqrt(((v - v.max(axis=0)) ** 2).sum(axis=1))
    far = np.sqrt(((v - v.min(axis=0)) ** 2).sum(axis=1))
    return far / (near + far)


def numpy_lean_topsis(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """With as few passes over memory as NumPy allows."""
    v = x * (w / np.sqrt(np.einsum("ij,ij->j", x, x)))
    best, worst = v.max(axis=0), v.min(axis=0)
    d = v - best
    near = np.sqrt(np.einsum("ij,ij->i", d, d))
    np.subtract(v, worst, out=d)
    far = np.sqrt(np.einsum("ij,ij->i", d, d))
    return far / (near + far)


def numpy_entropy(x: np.ndarray) -> np.ndarray:
    """The formula; no cell is 0."""
    p = x / x.sum(axis=0)
    d = 1 + (p * np.log(p)).sum(axis=0) / np.log(len(x))
    return d / d.sum()


def numpy_eigenvectors(a: np.ndarray) -> np.ndarray:
    """LAPACK, all matrices in one call."""
    values, vectors = np.linalg.eig(a)
    place = values.real.argmax(axis=1)
    w = np.abs(np.take_along_axis(vectors.real, place[:, None, None], axis=2)[..., 0])
    return w / w.sum(axis=1, keepdims=True)


def comparisons(rng: np.random.Generator) -> np.ndarray:
    """Judgements 1 to 9 around random weights, CR mostly below 0.1."""
    w = rng.uniform(0.1, 1.0, (MATRICES, ELEMENTS))
    a = w[:, :, None] / w[:, None, :] * np.exp(rng.normal(0, 0.25, (MATRICES, ELEMENTS, ELEMENTS)))
    upper = np.triu(np.ones((ELEMENTS, ELEMENTS), bool), 1)
    steps = np.where(a >= 1, np.clip(np.rint(a), 1, 9), 1 / np.clip(np.rint(1 / a), 1, 9))
    out = np.where(upper, steps, 1.0)
    return np.where(upper.T, 1 / out.transpose(0, 2, 1), out)


def run(n: int, repeats: int, threads: int) -> None:
    """Race with `n` alternatives."""
    rng = np.random.default_rng(20261122)
    x, w = rng.uniform(1, 9, (n, CRITERIA)), rng.dirichlet(np.ones(CRITERIA))
    types, pymcdm = np.ones(CRITERIA), TOPSIS(vector_normalization)

    def like(reference: np.ndarray) -> Callable[[Any], bool]:
        return lambda values: bool(np.abs(values - reference).max() <= 1e-9)

    agrees = like(sr.mcda.topsis(x, w).closeness)
    both = sorted({1, threads})
    race(
        f"TOPSIS, {n:,} alternatives, {CRITERIA} criteria, from an array to closeness and distances",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: sr.mcda.topsis(x, w, threads=t),
                    lambda r: agrees(r.closeness),
                    True,
                    n,
                    t,
                )
                for t in both
            ),
            Contestant("numpy, as one writes it", lambda: numpy_topsis(x, w), agrees, True, n),
            Contestant("numpy, least memory", lambda: numpy_lean_topsis(x, w), agrees, True, n),
            Contestant("pymcdm", lambda: pymcdm(x, w, types), agrees, True, n),
        ],
        repeats,
    )
    agrees = like(sr.mcda.entropy_weights(x).weights)
    race(
        f"Entropy weights, {n:,} alternatives, {CRITERIA} criteria",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: sr.mcda.entropy_weights(x, threads=t),
                    lambda r: agrees(r.weights),
                    True,
                    n,
                    t,
                )
                for t in both
            ),
            Contestant("numpy", lambda: numpy_entropy(x), agrees, True, n),
            Contestant("pymcdm", lambda: entropy_weights(x), agrees, True, n),
        ],
        repeats,
    )
    a = comparisons(rng)
    agrees = like(sr.mcda.ahp_batch(a).weights)
    race(
        f"AHP, {MATRICES:,} matrices of {ELEMENTS} elements, weights and CR",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: sr.mcda.ahp_batch(a, threads=t),
                    lambda r: agrees(r.weights),
                    True,
                    MATRICES,
                    t,
                )
                for t in both
            ),
            Contestant("numpy.linalg.eig", lambda: numpy_eigenvectors(a), agrees, True, MATRICES),
        ],
        repeats,
        "k matrices/s",
        1e3,
    )
