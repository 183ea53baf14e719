"""Scores and grades of arrays: judgements as numbers or as step codes, and what adds up by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arguments import expect_threads
from ._core import Method, Pack
from ._errors import InputError, NotFoundError
from ._methods import method

__all__ = ["Tallies", "encode", "isa", "lec", "ls", "score_codes", "tally"]


def isa() -> str:
    """Instruction set that the kernels use: ``"scalar"``, ``"avx2"`` or ``"avx512"``.

    The widest that the machine has, or what the environment variable ``SAFETYRISK_ISA`` said when
    it was first needed. Results are the same bytes.

    Raises
    ------
    InputError
        ``SAFETYRISK_ISA`` names no instruction set, or one that this machine does not have.

    Examples
    --------
    >>> isa() in ("scalar", "avx2", "avx512")
    True
    """
    return _core.isa()


def lec(
    L: ArrayLike,
    E: ArrayLike,
    C: ArrayLike,
    pack: str | Pack | Method = "lec",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float64], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """LEC score ``D = L * E * C`` and grade of n judgements.

    Parameters
    ----------
    L, E, C
        Likelihood, exposure and consequence, dimensionless, shape (n,) each; steps of the pack's
        scales. Contiguous arrays of float64, float32, int64, int32 and uint8 are used where they
        lie; a float32 stands for the step whose nearest float32 it is.
    pack
        Profile: ``"lec"`` is the default one, ``"lec.t1"``.
    threads
        0 for as many as the machine has.
    out
        Arrays to write to instead of new ones, shape (n,) each. For large n new memory takes as
        long as grading.

    Returns
    -------
    score : ndarray of float64, shape (n,)
        NaN where a value is missing or off the scale.
    grade : ndarray of uint8, shape (n,)
        0 not graded, 1 blue, 2 yellow, 3 orange, 4 red.

    Raises
    ------
    InputError
        An array is not one-dimensional or not of numbers, or the lengths differ.

    Notes
    -----
    Bands of the default profile: D>320 red, 160<D≤320 orange, 70<D≤160 yellow, else blue.

    Examples
    --------
    >>> score, grade = lec([3, 1, 3], [10, 10, 4], [15, 7, 15])
    >>> score.tolist(), grade.tolist()
    ([450.0, 70.0, nan], [4, 1, 0])
    """
    try:
        return _core.score_arrays((L, E, C), method(pack), threads, out)
    except TypeError:
        expect_threads(threads)
        raise


def ls(
    L: ArrayLike,
    S: ArrayLike,
    pack: str | Pack | Method = "ls",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float64], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Risk matrix score ``R = L * S`` and grade of n judgements; otherwise like :func:`lec`.

    Examples
    --------
    >>> score, grade = ls([3, 3, 4], [5, 4, 5])
    >>> score.tolist(), grade.tolist()
    ([15.0, 12.0, 20.0], [3, 2, 4])
    """
    try:
        return _core.score_arrays((L, S), method(pack), threads, out)
    except TypeError:
        expect_threads(threads)
        raise


def encode(
    values: ArrayLike, factor: str, pack: str | Pack | Method = "lec", *, threads: int = 1
) -> NDArray[np.uint8]:
    """Step codes of n judgements of one factor: a byte each, an eighth of float64.

    Parameters
    ----------
    values
        As for :func:`lec`, shape (n,).
    factor
        Id of the factor, ``"L"``.

    Returns
    -------
    ndarray of uint8, shape (n,)
        1 for the smallest step of the factor, 2 for the next; 0 for a value that is no step.

    Raises
    ------
    NotFoundError
        The method has no such factor.

    Examples
    --------
    >>> encode([0.1, 10, 4], "L").tolist()
    [1, 7, 0]
    """
    chosen = method(pack)
    ids = [known["id"] for known in chosen.factors]
    if factor not in ids:
        raise NotFoundError(f"{chosen.id} has the factors {', '.join(ids)}, not {factor!r}")
    return _core.encode_steps(values, ids.index(factor), chosen, threads)


def score_codes(
    factors: Sequence[NDArray[np.uint8]],
    pack: str | Pack | Method = "lec",
    *,
    threads: int = 1,
    out: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Score and grade of n judgements given as step codes (:func:`encode`).

    Parameters
    ----------
    factors
        Codes of each factor in the method's order, shape (n,) each. A code that the factor does
        not have counts as 0.
    out
        Arrays to write to instead of new ones, shape (n,) each.

    Returns
    -------
    score : ndarray of float32, shape (n,)
        The nearest to the exact score; NaN without one.
    grade : ndarray of uint8, shape (n,)
        As of :func:`lec`.

    Examples
    --------
    >>> codes = [encode([0.1, 3], "L"), encode([6, 10], "E"), encode([15, 15], "C")]
    >>> score, grade = score_codes(codes)
    >>> score.tolist(), grade.tolist()
    ([9.0, 450.0], [1, 4])
    """
    return _core.score_codes(tuple(factors), method(pack), threads, out)


class Tallies:
    """What adds up over groups of judgements, one entry for each of k groups.

    Attributes
    ----------
    data
        Structured array, shape (k,): ``sum`` and ``worst`` score in whole units of the method,
        ``ungraded``, and counts of ``blue``, ``yellow``, ``orange``, ``red``.
    method
        The method.
    """

    def __init__(self, data: NDArray[np.void], method: Method) -> None:
        self.data = data
        self.method = method

    @property
    def counts(self) -> NDArray[np.uint32]:
        """Rows of each grade, shape (k, 4): blue, yellow, orange, red."""
        return self.data.view(np.uint32).reshape(-1, 8)[:, 4:]

    @property
    def score_sum(self) -> NDArray[np.float64]:
        """Sum of the scores, shape (k,)."""
        return self.data["sum"] / self.method.unit

    @property
    def worst_score(self) -> NDArray[np.float64]:
        """Largest score, shape (k,); 0 without any."""
        return self.data["worst"] / self.method.unit

    def of_parents(self, parents: ArrayLike, n_groups: int) -> Tallies:
        """Tallies of groups of groups.

        Parameters
        ----------
        parents
            For each group the group above it, whole numbers below `n_groups`, shape (k,).
        n_groups
            How many groups there are above.
        """
        return Tallies(_core.tally_parents(self.data, parents, n_groups), self.method)

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        blue, yellow, orange, red = self.counts.sum(axis=0, dtype=np.int64).tolist()
        return (
            f"<safetyrisk tallies: {len(self)} groups; red {red}, orange {orange}, "
            f"yellow {yellow}, blue {blue}, ungraded {int(self.data['ungraded'].sum())}>"
        )


def tally(
    factors: Sequence[ArrayLike],
    pack: str | Pack | Method = "lec",
    *,
    offsets: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    n_groups: int | None = None,
    codes: bool = False,
    threads: int = 1,
) -> Tallies:
    """Grade n judgements and add them up by group, in one pass.

    Parameters
    ----------
    factors
        Judgements of each factor in the method's order, shape (n,) each: values as for :func:`lec`,
        or step codes.
    offsets
        For rows that stand group by group: group g has the rows from ``offsets[g]`` up to, and
        without, ``offsets[g + 1]``; shape (k + 1,), from 0 to n.
    groups
        For rows in any order: the group of each row, whole numbers from 0, shape (n,).
    n_groups
        How many groups there are; with `groups` the largest plus one when left out.
    codes
        Whether `factors` are step codes (:func:`encode`), as uint8, instead of values.
    threads
        0 for as many as the machine has.

    Returns
    -------
    Tallies
        Whole numbers, the same for every order of the rows and number of threads.

    Raises
    ------
    InputError
        Neither or both of `offsets` and `groups` are given, lengths differ, offsets fall, or a
        group is negative or not below `n_groups`.

    Examples
    --------
    >>> t = tally(([3, 1, 3], [10, 10, 4], [15, 7, 15]), groups=[1, 0, 1])
    >>> t.counts.tolist(), t.data["ungraded"].tolist(), t.score_sum.tolist()
    ([[1, 0, 0, 0], [0, 0, 0, 1]], [0, 1], [70.0, 450.0])
    """
    chosen = method(pack)
    if (offsets is None) == (groups is None):
        raise InputError("tally takes either offsets= or groups=")
    if offsets is not None:
        data = _core.tally_offsets(tuple(factors), offsets, chosen, codes, threads)
        if n_groups is not None and n_groups != len(data):
            raise InputError(f"n_groups is {n_groups}, and offsets are of {len(data)} groups")
        return Tallies(data, chosen)
    ids = np.asarray(groups)
    if n_groups is None:
        n_groups = int(ids.max()) + 1 if ids.size else 0
    return Tallies(
        _core.tally_groups(tuple(factors), ids, n_groups, chosen, codes, threads), chosen
    )
