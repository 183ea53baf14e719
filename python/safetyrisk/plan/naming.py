"""Whom the names of a plan mean in a responsibility graph; the graph's own resolvers say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .._arguments import expect

if TYPE_CHECKING:
    from .._names import Collective, ResolvedName
    from ..graph import DutyGraph
    from .model import Plan, Unit

__all__ = ["Meant", "Naming", "mentions", "name_forms"]

# Nodes that no unit of a plan is.
_NO_UNITS = {
    "post", "person", "sector", "scene", "risk_point", "major_hazard_source", "hazard",
    "accident", "task", "document", "clause", "legal_basis", "letter", "record",
}  # fmt: skip
_PLACES = ("province", "city", "county", "town")
# Bodies whose short and long forms are one name, by how they end.
_FORMS = (
    ("安委会", "安全生产委员会"),
    ("安委办", "安委会办公室", "安全生产委员会办公室"),
    ("专委会", "专业委员会", "专业安全生产委员会", "安全生产专业委员会"),
    ("管委会", "管理委员会"),
    ("党工委", "工委", "工作委员会"),
    ("政府", "人民政府"),
)
#: A day on which every name still in use is one, for plans and graphs that know no day.
_OPEN_END = "9999-12-31"


@dataclass(frozen=True)
class Meant:
    """What one name of a plan means.

    Attributes
    ----------
    name
        As printed, or as the plan itself restores it.
    nodes
        Ids in the graph, in id order; several for a unit that was split, or a collective.
    how
        ``name alias successor predecessor function seat collective``; empty when `nodes` is.
    finding
        ``""``, ``"unknown"``, ``"ambiguous"``, ``"obsolete"``, ``"not_yet"``, or ``"open"``: a
        collective that may mean more than those found, or that goes by sectors the plan does not
        name.
    former
        Id of the unit that had the name, if the graph has it.
    message
        The finding as a sentence.
    collective
        Id of the pack ``collectives``; empty for a unit of its own.
    """

    name: str
    nodes: tuple[str, ...] = ()
    how: str = ""
    finding: str = ""
    former: str = ""
    message: str = ""
    collective: str = ""


class Naming:
    """Names of a plan, looked up in a graph on the plan's day, in its issuer's territory.

    The plan's own addressees come first (“三区”管委会 are those it is sent to), then the graph's
    units, aliases and old names, then collective names.
    """

    def __init__(self, graph: DutyGraph, plan: Plan | None, on: str | None = None) -> None:
        from ..graph import DutyGraph

        expect("graph", graph, DutyGraph)
        self._graph = graph
        self._cache: dict[str, Meant] = {}
        self._addressees: list[str] = []
        self.place = self._region = ""
        self.issuer: str | None = None
        self.on = on or (_day(graph, plan) if plan else graph.data_date or _OPEN_END)
        if plan is None:
            return
        self.place, self._region = self._home(plan)
        issuer = self._named(plan.issuer).nodes if plan.issuer else ()
        self.issuer = issuer[0] if len(issuer) == 1 else None
        if not self.place and self.issuer:
            self.place = self._seat(self.issuer)
            self._region = graph.name(self.place) if self.place else ""
        addressees = [self._named(name) for name in plan.addressees]
        self._addressees = [node for one in addressees for node in one.nodes]

    def of(self, unit: Unit) -> list[tuple[Meant, str]]:
        """What a unit of a task means, each with the rule that restored its name."""
        restored = [(self.one(name), rule) for name, rule in unit.resolved]
        known = any(one.nodes for one, _ in restored)
        if known and any(rule == "addressees" for _, rule in restored):
            return restored
        whole = self.one(unit.name)
        if whole.collective:
            return [(whole, unit.rule)]
        # A name that the plan restores is restored still where the graph has a namesake of the
        # printed one: 公安局 after 市应急管理局 is 市公安局.
        if known or not (whole.nodes or not restored):
            return restored
        return [(whole, unit.rule)]

    def one(self, name: str) -> Meant:
        """What a name means."""
        if name not in self._cache:
            found = self._named(name)
            if not found.nodes and found.finding == "unknown":
                found = self._collective(name) or found
            self._cache[name] = found
        return self._cache[name]

    def _named(self, name: str) -> Meant:
        said: ResolvedName | None = None
        for spelt in self._spellings(name):
            found = self._graph.resolve_name(spelt, self.on, place=self.place)
            sure = [one for one in found.matches if one.how in ("name", "alias")]
            if said is None or (sure and not said.matches):
                said = found
            if sure or found.former:
                said = found
                break
            if found.matches and not said.matches:
                said = found
        if said is None:
            return Meant(name, finding="unknown")
        kinds = {one.node: self._graph._graph.node(one.node)[2] for one in said.matches}
        units = [one for one in said.matches if kinds[one.node] not in _NO_UNITS]
        how = units[0].how if units else ""
        nodes = tuple(one.node for one in units if kinds[one.node] not in ("region", "zone"))
        if units and not nodes:
            # 新昌镇 as a unit is its government.
            nodes = tuple(dict.fromkeys(seat for one in units for seat in self._seated(one.node)))
            how = "seat"
        finding = said.finding
        if finding == "ambiguous" and len(nodes) == 1:
            finding = ""
        if not nodes and not finding:
            finding = "unknown"
        message = said.message if finding and finding == said.finding else ""
        return Meant(name, nodes, how if nodes else "", finding, said.former, message)

    def _spellings(self, name: str) -> Iterator[str]:
        """The name as printed, then with what a plan of this place leaves out before it."""
        bare = "".join(name.split())
        bodies = [bare, *_variants(bare)]
        yield bare
        for body in bodies:
            # 市公安局 in a plan of 甲市 is 甲市公安局.
            if self._region and body[:1] == self._region[-1]:
                yield self._region + body[1:]
            elif self._region and not body.startswith(self._region):
                yield self._region + body
        yield from bodies[1:]

    def _collective(self, name: str) -> Meant | None:
        found: Collective = self._graph.resolve_collective(
            name, self.on, place=self.place, addressees=self._addressees
        )
        if not found.id:
            return None
        is_open = found.open or found.unrestricted or not found.nodes
        return Meant(
            name, found.nodes, "collective" if found.nodes else "",
            "open" if is_open else "", collective=found.id,
        )  # fmt: skip

    def _seated(self, place: str) -> list[str]:
        found = self._graph.resolve_name("政府", self.on, place=place).nodes
        return found or self._graph.resolve_name("管委会", self.on, place=place).nodes

    def _home(self, plan: Plan) -> tuple[str, str]:
        """The territory that the issuer or the title begins with: its id and its name."""
        regions: dict[str, list[str]] = {}
        for level in _PLACES:
            there: dict[str, list[str]] = {}
            for node in self._graph.select({"kind": "region", "level": level}, self.on):
                there.setdefault(self._graph.name(node), []).append(node)
            for name, nodes in there.items():
                regions.setdefault(name, nodes)
        for node in self._graph.select({"kind": "zone"}, self.on):
            regions.setdefault(self._graph.name(node), []).append(node)
        for text in (plan.issuer, plan.title):
            found = _opening(text, regions)
            if found:
                return found
        return "", _region_of(plan)

    def _seat(self, node: str) -> str:
        columns = self._graph.nodes.to_columns()
        at = columns["id"].tolist().index(node)
        return str(columns["division"][at] or "")


def _opening(text: str, regions: dict[str, list[str]]) -> tuple[str, str] | None:
    """The last of the places that a text begins with: 江西省宜春市宜丰县…"""
    found = None
    at = 0
    while True:
        for length in range(min(15, len(text) - at), 1, -1):
            nodes = regions.get(text[at : at + length])
            if nodes is not None and len(nodes) == 1:
                found = (nodes[0], text[at : at + length])
                at += length
                break
        else:
            return found


def name_forms(name: str, plan: Plan) -> set[str]:
    """All spellings of a name in a plan's place: 市公安局, 甲市公安局 in a plan of 甲市."""
    region = _region_of(plan)
    forms = set()
    for bare in ("".join(name.split()), *_variants("".join(name.split()))):
        whole = region and bare[:1] == region[-1] and not bare.startswith(region)
        forms.add(region + bare[1:] if whole else bare)
    return forms


def _region_of(plan: Plan) -> str:
    """What looks like a place before the issuer's name, where the graph has no such place."""
    text = plan.issuer or plan.title
    ends = [at for at, sign in enumerate(text[:12]) if sign in "省市县区州盟旗" and at > 0]
    return text[: ends[0] + 1] if ends else ""


def _variants(name: str) -> list[str]:
    """Other forms of the body that a name ends with."""
    ends = sorted(((end, forms) for forms in _FORMS for end in forms), key=lambda one: -len(one[0]))
    for end, forms in ends:
        if name.endswith(end):
            return [name[: -len(end)] + form for form in forms if form != end]
    return []


def _day(graph: DutyGraph, plan: Plan) -> str:
    """The document's date, else a day of its year, else the graph's."""
    if plan.date is not None:
        return plan.date.isoformat()
    if plan.year is not None and not (graph.data_date or "").startswith(str(plan.year)):
        return f"{plan.year}-01-01"
    return graph.data_date or _OPEN_END


def mentions(plan: Plan) -> dict[str, Sequence[Unit]]:
    """Units by their printed name, in the order of first mention."""
    found: dict[str, list[Unit]] = {}
    for task in plan.tasks:
        for unit in task.units:
            found.setdefault(unit.name, []).append(unit)
    return dict(found)
