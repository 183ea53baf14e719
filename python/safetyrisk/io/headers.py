"""Which column of a table a header means.

Canonical English names and the usual Chinese headers (pack ``aliases.headers``) are compared in
a normal form: half-width, small letters, without blanks, line breaks and marks of required
fields, and without brackets that hold a unit. A header that fits two columns, or two headers that
fit one, become an issue and keep their own names: nothing is guessed.

Order of precedence: ``columns=`` of the caller; a header that is the canonical name to the
letter; aliases; and aliases that the pack lists under ``otherwise`` (a name where an id is wanted,
say), which count only when no other header fits the column.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._errors import NotFoundError
from .._faults import fault

__all__ = [
    "HeaderMap",
    "IssueArgs",
    "TableSpec",
    "label",
    "map_headers",
    "normal",
    "table_names",
    "table_spec",
]


class IssueArgs(NamedTuple):
    """What :meth:`IssueTable.add` needs, apart from table and source."""

    code: str
    row: int = -1
    line: int = -1
    column: str = ""
    value: str = ""
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSpec:
    """The columns that a table of the library may have.

    Attributes
    ----------
    types
        ``text number integer date boolean list`` by canonical name, in the table's order.
    required
        Names that the table must have.
    in_graph
        Headers that only the responsibility graph takes for a column (names of places, grades found
        earlier), in normal form, the first one there counts.
    notes, examples
        What to write in a column, by language, and an example of it, where there are.
    words
        What may be written in a column in place of what it means: Chinese word to value.
    filled_in
        Columns that a form to fill in has.
    """

    name: str
    title: Mapping[str, str]
    types: Mapping[str, str]
    required: tuple[str, ...]
    labels: Mapping[str, str]
    first: Mapping[str, tuple[str, ...]] = field(repr=False)
    second: Mapping[str, tuple[str, ...]] = field(repr=False)
    third: Mapping[str, tuple[str, ...]] = field(repr=False)
    in_graph: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    notes: Mapping[str, Mapping[str, str]] = field(repr=False, default_factory=dict)
    examples: Mapping[str, Any] = field(repr=False, default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(repr=False, default_factory=dict)
    filled_in: tuple[str, ...] = field(repr=False, default=())


@dataclass
class HeaderMap:
    """Column names for the headers of one table.

    Attributes
    ----------
    names
        One name for each header, in order, all different: canonical where the header was
        recognised, else the header itself.
    mapping
        Header to canonical name, for the recognised ones.
    issues
        Headers that could not be decided.
    """

    names: list[str]
    mapping: dict[str, str]
    issues: list[IssueArgs]


_BLANK = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff]+")
_BRACKET = re.compile(r"\(([^()]*)\)")
_TO_ROUND = str.maketrans("[]{}【】〔〕〈〉《》「」", "()()()()()()()")


def normal(header: str) -> str:
    """Form in which headers are compared."""
    text = unicodedata.normalize("NFKC", header).translate(_TO_ROUND)
    text = _BLANK.sub("", text).casefold()
    return text.strip("*:;,.、。")


@functools.cache
def _pack() -> dict[str, Any]:
    from ._pack import alias_pack

    content: dict[str, Any] = json.loads(alias_pack())["content"]
    return content


@functools.cache
def _units() -> frozenset[str]:
    return frozenset(normal(unit) for unit in _pack()["units"])


@functools.cache
def table_names() -> frozenset[str]:
    """Names of all tables that the library knows."""
    return frozenset(_pack()["tables"])


@functools.cache
def table_spec(table: str) -> TableSpec:
    """Columns of a table, from the pack ``aliases.headers``.

    Raises
    ------
    NotFoundError
        There is no table of that name.

    Examples
    --------
    >>> table_spec("risk_points").types["lon"]
    'number'
    """
    tables = _pack()["tables"]
    if table not in tables:
        raise NotFoundError(f"there is no table '{table}'; there are: {', '.join(tables)}")
    entry = tables[table]
    first: dict[str, list[str]] = {}
    second: dict[str, list[str]] = {}
    third: dict[str, list[str]] = {}
    for column in entry["columns"]:
        name = column["name"]
        for header in [name, *column["headers"]]:
            _append(first, normal(header), name)
        for header in column.get("otherwise", ()):
            _append(second, normal(header), name)
        for header in column.get("at_last", ()):
            _append(third, normal(header), name)
    return TableSpec(
        name=table,
        title=entry["title"],
        types={c["name"]: c["type"] for c in entry["columns"]},
        required=tuple(c["name"] for c in entry["columns"] if c.get("required")),
        labels={c["name"]: c["headers"][0] for c in entry["columns"]},
        first={k: tuple(v) for k, v in first.items()},
        second={k: tuple(v) for k, v in second.items()},
        third={k: tuple(v) for k, v in third.items()},
        in_graph={
            name: tuple(map(normal, headers)) for name, headers in entry.get("in_graph", {}).items()
        },
        notes={c["name"]: c["note"] for c in entry["columns"] if "note" in c},
        examples={c["name"]: c["example"] for c in entry["columns"] if "example" in c},
        words={c["name"]: c["words"] for c in entry["columns"] if "words" in c},
        filled_in=tuple(c["name"] for c in entry["columns"] if c.get("template", True)),
    )


def _append(index: dict[str, list[str]], key: str, name: str) -> None:
    names = index.setdefault(key, [])
    if name not in names:
        names.append(name)


def label(table: str, column: str, lang: str = "zh") -> str:
    """Header to print over a column: the first Chinese header, or the name itself.

    Examples
    --------
    >>> label("risk_points", "lon")
    '经度'
    >>> label("risk_points", "lon", lang="en")
    'lon'
    """
    if lang != "zh":
        return column
    return table_spec(table).labels.get(column, column)


def _candidates(
    header: str, index: Mapping[str, tuple[str, ...]], symbols: Mapping[str, str]
) -> tuple[str, ...]:
    """Columns that a header may mean."""
    plain = normal(header)
    if plain in index:
        return index[plain]
    inside = [text.strip() for text in _BRACKET.findall(plain)]
    if not inside:
        return ()
    # 可能性(L): the symbol in brackets says which column; 经度(°): the unit says nothing.
    hints = [symbols[text] for text in inside if text in symbols]
    if any(text and text not in _units() and text not in symbols for text in inside):
        return ()
    found = index.get(_BRACKET.sub("", plain).strip("*:;,.、。"), ())
    if not hints:
        return found
    if len(set(hints)) == 1 and (not found or hints[0] in found):
        return (hints[0],)
    return tuple(dict.fromkeys([*found, *hints]))


def _find_source(wanted: str, headers: Sequence[str]) -> list[int]:
    exact = [i for i, header in enumerate(headers) if header == wanted]
    if exact:
        return exact
    return [i for i, header in enumerate(headers) if normal(header) == normal(wanted)]


def map_headers(
    names: Iterable[object],
    table: str = "",
    columns: Mapping[str, str] | None = None,
    *,
    extra: Iterable[str | tuple[str, ...]] = (),
) -> HeaderMap:
    """Canonical column names for the headers of a table.

    Parameters
    ----------
    names
        The headers as they stand in the file or data frame.
    table
        Name of the table (``"risk_points"``); empty for one that the library does not know,
        whose headers keep their names.
    columns
        Ours to theirs, ``{"name": "风险点"}``; goes before all aliases.
    extra
        Further columns of ours that ``columns`` may name and that match by their own name, such
        as the inputs of a method; or tuples of a name and headers that mean it, which count where
        the table does not know the header.

    Raises
    ------
    InputError
        ``columns`` names a column of ours that the table does not have, or a header that is not
        there or stands there twice, or one header for two columns.
    NotFoundError
        There is no such table.

    Examples
    --------
    >>> m = map_headers(["风险点名称", "经度(°)", "车间"], "risk_points")
    >>> m.names
    ['name', 'lon', '车间']
    """
    headers = ["" if name is None else str(name) for name in names]
    spec = table_spec(table) if table else None
    more = {name: words for name, *words in ((e,) if isinstance(e, str) else e for e in extra)}
    known = list(dict.fromkeys([*(spec.types if spec else ()), *more]))
    first = dict(spec.first) if spec else {}
    for name in more:
        first[normal(name)] = tuple(dict.fromkeys([name, *first.get(normal(name), ())]))
    own: dict[str, list[str]] = {}
    for name, words in more.items():
        for word in words:
            if normal(word) not in first:
                _append(own, normal(word), name)
    first |= {word: tuple(found) for word, found in own.items()}
    symbols = {s.casefold(): s for s in _pack()["symbols"] if s in known}

    target: dict[int, str] = _by_caller(headers, columns or {}, known if spec else None)
    issues: list[IssueArgs] = []

    def open_headers() -> list[int]:
        return [i for i, header in enumerate(headers) if i not in target and header]

    # To the letter. The same header twice is left open, and reported below.
    for i in open_headers():
        name = headers[i]
        if name in known and name not in target.values() and headers.count(name) == 1:
            target[i] = name

    undecided: set[int] = set()
    settled = set(target.values())
    tiers = (first, spec.second, spec.third) if spec else (first,)
    for level, index in enumerate(tiers):
        fits: dict[str, list[int]] = {}
        several: dict[int, tuple[str, ...]] = {}
        for i in open_headers():
            if i in undecided:
                continue
            found = _candidates(headers[i], index, symbols)
            for name in found:
                fits.setdefault(name, []).append(i)
            if len(found) > 1:
                several[i] = found
        for i, found in several.items():
            undecided.add(i)
            issues.append(
                IssueArgs("io.ambiguous_header", column=headers[i], args=("、".join(found),))
            )
        for name, positions in fits.items():
            alone = [i for i in positions if i not in several]
            rivals = [headers[i] for i in positions]
            if name in settled:
                # A weaker alias of a column that is already found is an attribute, no rival.
                if level == 0:
                    undecided.update(alone)
                    issues.extend(
                        IssueArgs("io.header_not_used", column=headers[i], args=(name,))
                        for i in alone
                    )
            elif len(positions) == 1 and alone:
                target[alone[0]] = name
            elif len(positions) > 1 and alone:
                undecided.update(alone)
                issues.append(IssueArgs("io.rival_headers", column=name, args=("、".join(rivals),)))
        settled |= set(target.values()) | set(fits)
    return HeaderMap(*_unique(headers, target, known, issues), issues)


def _by_caller(
    headers: Sequence[str], columns: Mapping[str, str], known: Sequence[str] | None
) -> dict[int, str]:
    """Positions that the caller's ``columns`` settle."""
    target: dict[int, str] = {}
    for ours, theirs in columns.items():
        if known is not None and ours not in known:
            raise fault("column.unknown", ours=ours, known=list(known))
        found = _find_source(str(theirs), headers)
        if not found:
            there = [f"'{h}'" for h in headers if h]
            raise fault("column.no_header", theirs=theirs, ours=ours, known=there)
        if len(found) > 1:
            raise fault("column.header_twice", theirs=theirs, count=len(found))
        if found[0] in target:
            raise fault("column.for_two", theirs=theirs, one=target[found[0]], ours=ours)
        target[found[0]] = ours
    return target


def _unique(
    headers: Sequence[str],
    target: Mapping[int, str],
    known: Iterable[str],
    issues: list[IssueArgs],
) -> tuple[list[str], dict[str, str]]:
    """Name each header differently, and say which became which canonical column."""
    # A header that was not settled never passes for one of our columns by its spelling.
    taken = set(target.values()) | set(known)
    repeated = {header for header, count in Counter(headers).items() if count > 1}
    names: list[str] = []
    reached: dict[str, int] = {}  # the number at which a name was last free
    for i, header in enumerate(headers):
        if i in target:
            names.append(target[i])
            continue
        wanted = header.strip() or f"column_{i + 1}"
        name, n = wanted, reached.get(wanted, 1)
        while name in taken:
            n += 1
            name = f"{wanted}_{n}"
        reached[wanted] = n
        taken.add(name)
        names.append(name)
        if header in repeated and header and name != wanted:
            issues.append(IssueArgs("io.repeated_header", column=header, args=(name,)))
    return names, {headers[i]: name for i, name in sorted(target.items())}
