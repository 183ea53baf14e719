"""Accident types and harm by the codes of GB 6441, and from one edition to the next."""

from __future__ import annotations

from typing import Any

from . import _core
from ._core import Classification, ClassificationMap, Pack
from ._display import details, table_html
from ._result import Result

__all__ = [
    "Classification",
    "ClassificationMap",
    "Classified",
    "classification",
    "classify",
    "convert_codes",
]


class Classified(Result):
    """What a column of a register says by the codes of a classification, row by row.

    Columns of `classify`: ``text`` (as given), ``code``, ``name``, ``status`` (``known unknown
    missing``). Of `convert_codes`: ``text``, ``from``, ``to`` (None unless there is one code
    only), ``name`` of it, ``candidates`` (separated by ``;``), ``status`` (``one several unknown
    missing``).
    """

    _kind = "classified"

    def __init__(self, table: _core.Table, pack: Pack) -> None:
        self._codes = table
        self._pack = pack

    def _table(self) -> _core.Table:
        return self._codes

    @property
    def pack(self) -> Pack:
        """The pack that was used, with its source and confidence."""
        return self._pack

    def counts(self) -> dict[str, int]:
        """How many rows have which status, and ``rows_in``, their sum."""
        statuses = self._codes.column("status").tolist()
        found = sorted(set(statuses))
        return {"rows_in": len(statuses)} | {one: statuses.count(one) for one in found}

    def __repr__(self) -> str:
        said = ", ".join(f"{count} {name}" for name, count in self.counts().items())
        return f"<safetyrisk classified by {self._pack.id}: {said}>"

    def _repr_html_(self) -> str:
        words = {
            "text": "原文", "code": "代码", "from": "原代码", "to": "新代码", "name": "名称",
            "candidates": "可能的代码", "status": "状态",
        }  # fmt: skip
        columns = {name: words[name] for name in self._codes.names}
        return details(
            f"{self._pack.title()}（{self._pack.id}）", table_html(self._rows(30), columns)
        )


def classification(name: str | Pack | Classification, as_of: str | None = None) -> Classification:
    """The classification of a name (full id or family), or of a pack of your own.

    Parameters
    ----------
    name
        ``accident_types`` (GB 6441), ``accident_harm``, a full id, or a pack of kind
        ``classification``.
    as_of
        A day, YYYY-MM-DD: the edition that held then.

    Raises
    ------
    NotFoundError
        There is no pack of that name.
    InputError
        No edition holds on `as_of`, or the pack is of another kind or contradicts itself.

    Examples
    --------
    >>> classification("accident_types").code("粉尘爆炸")
    'WSA10018'
    >>> classification("accident_types", as_of="2026-06-30").code("放炮")
    '13'
    """
    if isinstance(name, Classification):
        return name
    if isinstance(name, Pack):
        return _core.compile_classification(name)
    return _core.find_classification(name, as_of)


def classify(
    values: Any,
    name: str | Pack | Classification = "accident_types",
    as_of: str | None = None,
    lang: str = "zh",
) -> Classified:
    """Codes of a column of names or codes; what is in no list keeps its row and says so.

    Parameters
    ----------
    values
        A sequence, array or series of n names or codes.
    name, as_of
        As of `classification`.
    lang
        Language of the column ``name``, ``zh`` or ``en``.

    Raises
    ------
    InputError, NotFoundError
        As `classification` does.

    Examples
    --------
    >>> classify(["粉尘爆炸", "坠落", None]).to_columns()["code"].tolist()
    ['WSA10018', None, None]
    """
    chosen = classification(name, as_of)
    return Classified(chosen.read(values, lang), chosen.pack)


def convert_codes(
    values: Any,
    source: str | Pack | Classification = "accident_types.1986",
    target: str | Pack | Classification = "accident_types.2025",
    by: Pack | None = None,
    lang: str = "zh",
) -> Classified:
    """Codes of a newer classification for names or codes of an older one.

    The way is not one-to-one: where several new codes are possible all are listed and none is
    chosen.

    Parameters
    ----------
    values
        A sequence, array or series of n names or codes of `source`.
    source, target
        As `name` of `classification`.
    by
        A pack of kind ``classification_map`` of your own; without it the library's.
    lang
        Language of the column ``name``, ``zh`` or ``en``.

    Raises
    ------
    NotFoundError
        There is no map between the two.
    InputError
        A pack is of another kind or contradicts itself.

    Examples
    --------
    >>> t = convert_codes(["透水", "车辆伤害"]).to_columns()
    >>> t["to"].tolist(), t["candidates"].tolist()
    (['WSA10013', None], ['WSA10013', 'WSA10002;WSA10003'])
    """
    old, new = classification(source), classification(target)
    if by is None:
        way: ClassificationMap = _core.find_classification_map(old, new)
    else:
        way = _core.compile_classification_map(by, old, new)
    return Classified(way.read(values, lang), way.pack)
