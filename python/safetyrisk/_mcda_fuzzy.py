"""Fuzzy comprehensive evaluation of one level or several."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._errors import InputError
from ._mcda_tables import (
    Labelled,
    Matrix,
    expect_unique,
    frozen,
    label_texts,
    named,
    read_matrix,
    read_weights,
    titled,
)
from ._result import Result

__all__ = ["Fuzzy", "fuzzy"]

_OPERATORS = {
    "max_min": "M(∧,∨) 主因素决定型",
    "max_product": "M(·,∨) 主因素突出型",
    "sum_min": "M(∧,⊕) 取小上界和型",
    "sum_product": "M(·,⊕) 加权平均型",
}

#: Comments whose order is known, the mildest first.
_SCALES = (
    ("blue", "yellow", "orange", "red"),
    ("蓝", "黄", "橙", "红"),
    ("蓝色", "黄色", "橙色", "红色"),
    ("低风险", "一般风险", "较大风险", "重大风险"),
)


class Fuzzy(Result):
    """What factors say together.

    Columns: ``comment``, ``membership`` (B), ``share`` (B divided by its sum).

    Attributes
    ----------
    comments, memberships, shares
        The comments, B and normalised B, shape (m,).
    largest
        The comments of the largest membership; several are a tie.
    chosen
        The one that counts: the more severe of a tie. None for a tie when it is not known which
        end is the more severe (`worst`), and when every membership is 0.
    score
        Σ share·value, None without values.
    weights
        Of the factors, shape (n,).
    matrix
        R, factors by comments.
    groups
        Results of the factors that are made of factors themselves.
    operator
        ``max_min max_product sum_min sum_product``.
    """

    _kind = "fuzzy"

    def __init__(
        self,
        weights: NDArray[np.float64],
        matrix: Matrix,
        operator: str,
        groups: dict[str, Fuzzy],
        worst: str,
        values: NDArray[np.float64] | None,
        digits: int,
    ) -> None:
        self.weights = frozen(weights)
        self.matrix = matrix
        self.operator = operator
        self.groups = groups
        self.comments = matrix.columns
        self.memberships: NDArray[np.float64] = _core.mcda_fuzzy_compose(
            weights, matrix.values, operator
        )
        frozen(self.memberships)
        total = float(self.memberships.sum())
        self.shares = frozen(self.memberships / total) if total > 0.0 else self.memberships
        largest, chosen = _core.mcda_fuzzy_decide(self.memberships, worst, digits)
        self.largest = [self.comments[i] for i in largest]
        self.chosen = None if chosen is None else self.comments[chosen]
        self.score = None if values is None or total == 0.0 else float(self.shares @ values)

    def to_dict(self) -> dict[str, float]:
        """Normalised memberships by comment."""
        return dict(zip(self.comments, self.shares.tolist(), strict=True))

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        table.add("comment", self.comments)
        table.add("membership", self.memberships)
        table.add("share", self.shares)
        return table

    def _verdict(self) -> str:
        if not self.largest:
            return "各评语的隶属度都是 0，无法判定"
        if len(self.largest) == 1:
            return f"最大隶属度：{self.chosen}"
        tied = "、".join(self.largest)
        if self.chosen is None:
            return f"最大隶属度并列：{tied}；不知道哪一端更严重，未判定（可用 worst= 指明）"
        return f"最大隶属度并列：{tied}；取较严重的 {self.chosen}"

    def __repr__(self) -> str:
        return f"<safetyrisk fuzzy: {self.chosen if self.chosen else self.largest}>"

    def _repr_html_(self) -> str:
        score = "" if self.score is None else f"；得分 {self.score:.6g}"
        weights = "，".join(
            f"{label} {weight:.4g}"
            for label, weight in zip(self.matrix.rows, self.weights, strict=True)
        )
        inside = "".join(
            f'<div style="margin-left:1.5em">{html.escape(label)}：{group._repr_html_()}</div>'
            for label, group in self.groups.items()
        )
        return (
            titled(
                self,
                f"模糊综合评价 {_OPERATORS[self.operator]}",
                html.escape("权重：" + weights),
                html.escape(self._verdict() + score),
            )
            + inside
        )


def fuzzy(
    weights: Any,
    memberships: Any,
    *,
    operator: str = "sum_product",
    comments: Sequence[Any] | None = None,
    worst: str | None = None,
    values: Any = None,
    normalise_groups: bool = False,
    digits: int = 9,
) -> Fuzzy:
    """Fuzzy comprehensive evaluation (模糊综合评价), B = A∘R.

    Parameters
    ----------
    weights
        A, of the n factors: a sequence, a dict by factor, or a result with weights. They sum to 1.
    memberships
        R, n × m from 0 to 1: an array, a table (labels of rows are factors, columns comments), or a
        dict by factor of memberships (a sequence, or a dict by comment). In such a dict a factor
        that is made of factors itself is ``{"weights": …, "memberships": …}``, to any depth: its B
        is its row.
    operator
        ``"max_min"`` M(∧,∨), ``"max_product"`` M(·,∨), ``"sum_min"`` M(∧,⊕), ``"sum_product"``
        M(·,⊕); or their names 主因素决定型, 主因素突出型, 取小上界和型, 加权平均型.
    comments
        Names of the comments, where the memberships have none.
    worst
        Which comment is the most severe: ``"first"`` or ``"last"``. Known without it when the
        comments are the four grades (``blue … red``, ``低风险 … 重大风险``) in their order.
    values
        Numbers of the comments, for a score: a sequence, or a dict by comment.
    normalise_groups
        Whether B of a group is divided by its sum before it goes up; the last B is given both ways.
    digits
        Decimals that the largest memberships must differ in, so that rounding decides no tie.

    Returns
    -------
    Fuzzy

    Raises
    ------
    InputError
        A membership or weight is missing or not from 0 to 1, or weights do not sum to 1.

    Examples
    --------
    >>> r = [[0.2, 0.5, 0.2, 0.1], [0.7, 0.2, 0.1, 0], [0, 0.4, 0.5, 0.1], [0.2, 0.3, 0.5, 0]]
    >>> b = fuzzy([0.1, 0.2, 0.3, 0.4], r, operator="sum_min", worst="last")
    >>> b.memberships.round(9).tolist(), b.largest, b.chosen
    ([0.5, 0.9, 0.9, 0.2], ['1', '2'], '2')
    """
    how = _operator(operator)
    if worst not in (None, "first", "last"):
        raise InputError(f"worst is {worst!r}; it is 'first' or 'last'")
    return _evaluate(weights, memberships, how, comments, worst, values, normalise_groups, digits)


def _operator(name: str) -> str:
    for english, chinese in _OPERATORS.items():
        if name == english or name in chinese.split():
            return english
    known = ", ".join(f"{a} ({b})" for a, b in _OPERATORS.items())
    raise InputError(f"operator is '{name}'; known are {known}")


def _evaluate(
    weights: Any,
    memberships: Any,
    operator: str,
    comments: Sequence[Any] | None,
    worst: str | None,
    values: Any,
    normalise_groups: bool,
    digits: int,
) -> Fuzzy:
    groups: dict[str, Fuzzy] = {}
    if isinstance(memberships, Mapping) and any(_is_group(v) for v in memberships.values()):
        rows: dict[str, Any] = {}
        for factor, given in memberships.items():
            label = str(factor)
            if not _is_group(given):
                rows[label] = given
                continue
            try:
                groups[label] = _evaluate(
                    given["weights"],
                    given["memberships"],
                    operator,
                    comments,
                    worst,
                    None,
                    normalise_groups,
                    digits,
                )
            except InputError as error:
                raise InputError(f"{label}: {error}") from None
            group = groups[label]
            of = group.shares if normalise_groups else group.memberships
            rows[label] = dict(zip(group.comments, of.tolist(), strict=True))
        memberships = rows
    matrix = _memberships(memberships, comments)
    factors = label_texts(matrix.rows, len(matrix.values))
    turned = Labelled(matrix.values.T, matrix.columns, factors)
    given = read_weights(weights, turned, equal=False)
    names = matrix.column_labels
    end = worst or _known_end(names)
    marks: NDArray[np.float64] | None = None
    if values is not None:
        marks = read_weights(values, Labelled(matrix.values, factors, names), equal=False)
        if not np.isfinite(marks).all():
            raise InputError("the values of comments are finite numbers")
    kept = Matrix(matrix.values, factors, names, "隶属度矩阵 R")
    try:
        return Fuzzy(given, kept, operator, groups, end, marks, digits)
    except InputError as error:
        text = str(error)
        weight_of = factors if text.startswith("weight ") else names
        raise named(error, factors, weight_of) from None


def _is_group(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"weights", "memberships"}


def _memberships(data: Any, comments: Sequence[Any] | None) -> Labelled:
    if isinstance(data, Mapping) and data:
        rows = list(data)
        if all(isinstance(value, Mapping) for value in data.values()):
            matrix = read_matrix(data)
        else:
            cells: list[Any] = []
            names: list[str] | None = None if comments is None else [str(c) for c in comments]
            for value in data.values():
                if isinstance(value, Mapping):
                    own = [str(c) for c in value]
                    if names is None or names == own:
                        names = own
                        cells.append([value[c] for c in value])
                        continue
                    if sorted(names) != sorted(own):
                        raise InputError("the factors have memberships in other comments")
                    by_text = {str(c): x for c, x in value.items()}
                    cells.append([by_text[c] for c in names])
                else:
                    cells.append(list(value))
            if len({len(row) for row in cells}) > 1:
                raise InputError("the factors have memberships in other numbers of comments")
            made = read_matrix(cells)
            matrix = Labelled(made.values, [str(r) for r in rows], names)
    else:
        matrix = read_matrix(data)
    if comments is not None and matrix.columns is None:
        names = [str(c) for c in comments]
        if len(names) != matrix.values.shape[1]:
            raise InputError(
                f"{len(names)} comments do not fit {matrix.values.shape[1]} memberships a factor"
            )
        matrix = Labelled(matrix.values, matrix.rows, names)
    expect_unique(matrix.column_labels, "comment")
    return matrix


def _known_end(comments: Sequence[str]) -> str:
    for scale in _SCALES:
        if all(comment in scale for comment in comments):
            order = [scale.index(comment) for comment in comments]
            if order == sorted(order):
                return "last"
            if order == sorted(order, reverse=True):
                return "first"
    return ""
