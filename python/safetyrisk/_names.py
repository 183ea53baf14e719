"""Names of units in time, and collective names: whom a text means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _core
from ._faults import fault

__all__ = ["Collective", "NameMatch", "ResolvedName", "node_named"]


def node_named(graph: _core.ResponsibilityGraph, text: str) -> str:
    """The id that a text is, or of the one node that has it as its name; else the text itself.

    Raises
    ------
    InputError
        Several nodes have that name.
    """
    if text in graph:
        return text
    nodes = graph.node_table()
    ids = nodes.column("id")[nodes.column("name") == text].tolist()
    if len(ids) > 1:
        raise fault("name.several", name=text, ids="、".join(map(str, ids[:5])), count=len(ids))
    return str(ids[0]) if ids else text


@dataclass(frozen=True)
class NameMatch:
    """One node that a name means.

    Attributes
    ----------
    node, name
        Its id and its name.
    how
        ``"name"``, ``"alias"``, ``"successor"``, ``"predecessor"`` or ``"function"``.
    confidence
        ``"stated"`` by name, ``"expanded"`` by lineage, ``"inferred"`` by function.
    """

    node: str
    name: str
    how: str
    confidence: str


@dataclass(frozen=True)
class ResolvedName:
    """What a name means on a day.

    Attributes
    ----------
    matches
        The nodes, in the order of their ids; several are all given.
    finding
        Empty, ``"obsolete"``, ``"not_yet"``, ``"ambiguous"`` or ``"unknown"`` (rule RK-05).
    former, former_name
        The unit that had the name; empty when only the pack ``departments`` knows it.
    since
        First day on which the name was no longer (or is) in use, YYYY-MM-DD.
    message
        The same as a sentence.
    """

    text: str
    on: str
    matches: tuple[NameMatch, ...]
    finding: str
    former: str
    former_name: str
    since: str | None
    message: str

    @property
    def nodes(self) -> list[str]:
        """The ids alone."""
        return [match.node for match in self.matches]

    def __repr__(self) -> str:
        return f"ResolvedName({self.message})"


@dataclass(frozen=True)
class Collective:
    """Whom a collective name (各有关部门, 各县(市、区)政府) means in a context.

    Attributes
    ----------
    id
        Of the pack ``collectives``; empty when no collective has that name.
    open
        Whether it may mean more than those found.
    unrestricted
        Whether it goes by sectors and none were given.
    nodes
        Ids, in id order. They are expanded, not stated.
    selectors
        The selectors that were asked, as JSON.
    lacking
        What the context lacked: ``"in"``, ``"committee"``, ``"addressees"``.
    """

    text: str
    id: str
    open: bool
    unrestricted: bool
    nodes: tuple[str, ...]
    selectors: tuple[str, ...]
    lacking: tuple[str, ...]


def resolved_name(raw: dict[str, Any]) -> ResolvedName:
    return ResolvedName(**{**raw, "matches": tuple(NameMatch(**one) for one in raw["matches"])})


def collective(raw: dict[str, Any]) -> Collective:
    lists = {key: tuple(raw[key]) for key in ("nodes", "selectors", "lacking")}
    words: dict[str, Any] = {**raw, **lists}
    return Collective(**words)
