"""Enterprises of the invented county: people, places, regulators, risk points, hazards, accidents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .county_book import Book
from .county_facts import (
    CITY,
    DATA_DATE,
    DIVISION,
    LEADERS,
    LETTER,
    LIST,
    TRADES,
    YEAR,
    ZONE,
    ZONE_GRIDS,
    Trade,
    this_year,
)
from .register import credit_code
from .stream import Stream
from .yifeng import COUNTY, TOWNS, villages

__all__ = ["Firm", "firms_of", "write_firms"]

# fmt: off
_WORKPLACES = {
    "park": ("焙烧工段", "储罐区", "配电室", "行车吊装", "粉尘除尘系统", "空压机房", "危废暂存间"),
    "town": ("配电室", "成品仓库", "厨房燃气", "疏散通道", "动火作业", "叉车作业"),
    "rural": ("配电室", "临边高处", "食堂燃气", "疏散通道", "用电线路"),
}
_CRITERIA = (
    "安全出口堵塞", "电气线路敷设不规范", "消防设施失效", "未按规定检测有限空间", "安全警示标志缺失",
    "燃气报警装置失效", "设备防护罩缺失", "教育培训档案不全", "应急照明失效", "动火审批缺失",
)
_HEADS = "青白云石松竹梅桃柳枫鹤莲桂杉茶雁鹭虹霞岚澜泓汀砚"
_TAILS = "源泰兴隆达丰盛和昌顺发利安宁康华荣茂"
# fmt: on


@dataclass(frozen=True)
class Firm:
    """An enterprise while its rows are written."""

    id: str
    name: str
    trade: Trade
    place: str
    grid: str
    employees: int
    key: bool
    soe: bool
    links: tuple[str, ...]

    @property
    def grave(self) -> bool:
        """Whether it needs full-time safety staff whatever its size (Law, Art. 24)."""
        return self.trade.high_risk


def write_firms(book: Book) -> None:
    """Enterprises, who looks after them, their points, hazards and two accidents."""
    firms = _firms(book)
    _companies(book, firms)
    _pairs(book, firms)
    _oversight(book, firms)
    _hazards(book, firms)
    _accident(book, firms)
    book.firms = firms


def _firms(book: Book) -> list[Firm]:
    stream = Stream(book.seed, "firms")
    names = iter(stream.sample([a + b for a in _HEADS for b in _TAILS], len(_HEADS) * len(_TAILS)))
    towns = [code for code in TOWNS if code != ZONE]
    seat = [v for v in villages(towns[0]) if v[9:12] < "200"]
    rural = [v for town in towns for v in villages(town)]
    used: dict[str, int] = {}
    park = 0
    firms: list[Firm] = []
    taken: set[str] = set()
    for trade in TRADES:
        for number in range(trade.count):
            here = trade.place
            if here == "park" and stream.below(100) < 88:
                place = ZONE
            elif here == "town" and stream.below(100) < 35:
                place = stream.choice(seat)
            else:
                place = stream.choice(rural)
            while place != ZONE and used.get(place, 0) >= 14:
                place = stream.choice(rural)
            used[place] = used.get(place, 0) + 1
            if place == ZONE:
                grid = f"{ZONE}-g{1 + park % ZONE_GRIDS:02d}"
                park += 1
            else:
                grid = f"{place}-g1"
            low, high = trade.employees
            employees = low + int((high - low) * stream.real() * stream.real())
            name = ""
            while not name or name in taken:
                word = next(names, None)
                if word is None:
                    word = stream.choice(_HEADS) + stream.choice(_TAILS) + stream.choice(_TAILS)
                name = f"示例{word}{stream.choice(trade.forms)}"
            taken.add(name)
            links: tuple[str, ...] = ()
            if trade.links:
                first = tuple(link for link, _ in trade.links if link in ("trade", "transport"))
                links = (first or tuple(link for link, _ in trade.links))[: 1 + number % 2]
            soe = trade.sector in ("water_supply", "city_gas") and number % 5 == 0
            key = (trade.high_risk and number < 4) or (trade.sector == "lithium" and number < 4)
            firms.append(
                Firm(
                    f"YF{len(firms) + 1:04d}", name, trade, place, grid, employees, key, soe, links
                )
            )
    return firms


def _post_of(
    book: Book, firm: Firm, word: str, kind: str, title: str, above: str | None, **cells: Any
) -> str:
    """A post in an enterprise with all that the law asks of one (Art. 22)."""
    post = book.post(
        firm.id, word, kind, f"{firm.name}{title}", scope=f"{title}职责范围",
        assessment_standard=f"{title}安全生产责任考核标准", **cells,
    )  # fmt: skip
    book.edge(post, "RESPONSIBLE_POST", firm.id, document="全员安全生产责任制（虚构）")
    if above is not None:
        book.edge(post, "REPORTS_TO", above)
    return post


def _holder(book: Book, post: str) -> str:
    """Who was put into the post last written."""
    edge = next(
        e for e in reversed(book.rows["edges"]) if e["target"] == post and e["kind"] == "HOLDS"
    )
    holder: str = edge["source"]
    return holder


def _companies(book: Book, firms: Iterable[Firm]) -> None:
    stream = Stream(book.seed, "companies")
    group = book.node("G1", "group", "示例宜丰国有资产集团")
    book.edge(f"{COUNTY}-state_assets", "MANAGES_BUSINESS", group, document=DIVISION)
    book.edge(f"{COUNTY}-state_assets-head", "SAFETY_DUTY", group, duty="portfolio")
    agencies = [
        book.node(f"A{number}", "agency", f"示例安全技术服务有限公司{number}")
        for number in range(1, 5)
    ]
    hosts = {trade.sector: trade for trade in TRADES}
    for number, firm in enumerate(firms):
        trade = firm.trade
        full_time = trade.high_risk or firm.employees > 100
        book.add(
            "enterprises", id=firm.id, name=firm.name, credit_code=credit_code("990924", number + 1),
            division=firm.place, sectors=trade.sector, links=";".join(firm.links) or None,
            employees=firm.employees, high_risk=trade.high_risk, key_unit=firm.key, soe=firm.soe,
            safety_body=full_time and firm.employees > 100, crowded=trade.crowded, inspection_cap=4,
        )  # fmt: skip
        _territory(book, firm, number)
        parts = {f: tuple(links) for f, links in trade.parts().items()}
        for function in parts or (trade.lead, trade.second):
            book.edge(
                f"{COUNTY}-{function}", "REGULATES", firm.id, sectors=trade.sector,
                links=";".join(parts.get(function, ())) or None,
                lead=True if parts or function == trade.lead else None, enforce=True,
                document=DIVISION if parts else LIST, clause="企业名录",
            )  # fmt: skip
        if trade.high_risk or trade.sector in ("catering", "mall"):
            issuer = trade.lead or trade.host
            if trade.sector in ("catering", "mall"):
                book.edge(
                    f"{COUNTY}-approval", "PERMITS", firm.id, document="行政许可事项清单（虚构）",
                    handed_over_to=f"{COUNTY}-{trade.lead}",
                )  # fmt: skip
            else:
                book.edge(
                    f"{COUNTY}-{issuer}", "PERMITS", firm.id, document="行政许可事项清单（虚构）"
                )
        if firm.soe:
            book.edge(firm.id, "OWNED_BY", "G1", valid_from="2020-01-01")
        if number % 8 == 0:
            book.edge(
                stream.choice(agencies), "SERVES", firm.id, **this_year(), document="技术服务合同"
            )
        _staff(book, firm, stream)
    for first, second in zip(
        firms_of(firms, "machinery"), firms_of(firms, "building_works"), strict=False
    ):
        book.edge(
            first.id, "CONTRACTS_TO", second.id, **this_year(), agreement="安全生产管理协议",
            coordinator=f"{first.id}-safety1", last_check=f"{YEAR}-05-20", qualified=True,
        )  # fmt: skip
    for first, second in zip(firms_of(firms, "mall"), firms_of(firms, "catering"), strict=False):
        book.edge(
            first.id, "LEASES_TO", second.id, **this_year(), agreement="安全生产管理协议",
            coordinator=f"{first.id}-safety1", last_check=f"{YEAR}-04-18", qualified=True,
        )  # fmt: skip
    neighbours = [firm for firm in firms if firm.trade is hosts["hazchem_production"]]
    union = book.node("G-park", "peer_group", "园区危化品联防联控组")
    for firm in neighbours:
        book.edge(firm.id, "MEMBER_OF", union)


def firms_of(firms: Iterable[Firm], sector: str) -> list[Firm]:
    """The enterprises of a sector, in their order."""
    return [firm for firm in firms if firm.trade.sector == sector]


def _territory(book: Book, firm: Firm, number: int) -> None:
    """Village or zone, town, grid and sites of an enterprise."""
    bodies = [f"{firm.place}-cun", f"{firm.place[:9]}-gov"]
    if firm.place == ZONE:
        bodies = [f"{ZONE}-gov"]
    for body in bodies:
        book.edge(body, "TERRITORIAL", firm.id)
    book.edge(bodies[0], "SIGNED_WITH", firm.id, **this_year(), document=LETTER)
    sites = 0 if number % 10 == 9 else 2 if number % 10 == 4 else 1
    for k in range(1, sites + 1):
        title = "厂区" if k == 1 else "二厂区"
        site = book.node(
            f"{firm.id}-S{k}", "site", f"{firm.name}{title}", unit=firm.id, division=firm.place
        )
        book.edge(firm.grid, "GRID_COVERS", site)
    if not sites:
        book.edge(firm.grid, "GRID_COVERS", firm.id)


def _staff(book: Book, firm: Firm, stream: Stream) -> None:
    trade = firm.trade
    head = _post_of(book, firm, "principal", "principal", "主要负责人", None)
    chief = _holder(book, head)
    book.edge(head, "PRINCIPAL_OF", firm.id)
    book.edge(head, "SAFETY_DUTY", firm.id, duty="first")
    assessed = [chief]
    full_time = trade.high_risk or firm.employees > 100
    manager_above = head
    business = None
    if firm.employees >= 300 or (trade.high_risk and firm.employees >= 50):
        manager_above = _post_of(book, firm, "director", "safety_director", "安全总监", head)
        book.edge(manager_above, "SAFETY_DUTY", firm.id, duty="in_charge")
    for number in range(1, 2 + (firm.employees > 300)):
        post = _post_of(
            book, firm, f"safety{number}", "safety_manager", f"安全管理人员{number}", manager_above,
            full_time=full_time,
        )  # fmt: skip
        book.edge(post, "SAFETY_DUTY", firm.id, duty="direct")
        assessed.append(_holder(book, post))
    if trade.engineer:
        _post_of(book, firm, "engineer", "registered_engineer", "注册安全工程师", manager_above)
    if firm.employees >= 60:
        business = _post_of(book, firm, "business", "business_deputy", "生产副总", head)
        book.edge(business, "BUSINESS_DUTY", firm.id)
        book.edge(business, "SAFETY_DUTY", firm.id, duty="portfolio")
    shop = team = None
    if firm.employees >= 30:
        shop = _post_of(book, firm, "shop1", "workshop_head", "生产车间主任", business or head)
        team = _post_of(book, firm, "team1", "team_leader", "生产班班长", shop)
        if firm.employees >= 100:
            other = _post_of(book, firm, "shop2", "workshop_head", "动力车间主任", business or head)
            _post_of(book, firm, "team2", "team_leader", "电工班班长", other)
        special = _post_of(book, firm, "special1", "special_worker", "电工", team)
        book.record(
            _holder(book, special), "special_operation_certificate", "2024-05-10",
            values={"valid_to": "2030-05-09"},
        )  # fmt: skip
        if firm.employees >= 150:
            worker = _post_of(book, firm, "worker1", "worker", "操作工", team)
            hand = book.person(employment="dispatched", using_unit=firm.id)
            book.edge(hand, "HOLDS", worker, valid_from="2025-03-01")
    if trade.high_risk:
        for person in dict.fromkeys(assessed):
            book.record(
                person, "safety_assessment", "2025-04-12", object=firm.id,
                values={"valid_to": "2028-04-11"},
            )  # fmt: skip
    if trade.insured:
        book.record(
            firm.id,
            "liability_insurance",
            f"{YEAR}-01-08",
            values={"valid_to": f"{YEAR + 1}-01-07"},
        )
    book.record(firm.id, "principal_check", f"{YEAR}-06-{3 + stream.below(25):02d}", object=firm.id)
    book.record(firm.id, "drill", f"{YEAR}-{3 + stream.below(4):02d}-15", object=firm.id)
    if trade.sector == "hazchem_production" and firm.key:
        source = book.node(
            f"{firm.id}-M1", "major_hazard_source", f"{firm.name}罐区", unit=firm.id,
            division=firm.place, grade=4,
        )  # fmt: skip
        for word, kind, title, holder in (
            ("mhs1", "mhs_principal", "重大危险源主要负责人", chief),
            ("mhs2", "mhs_tech", "重大危险源技术负责人", None),
            ("mhs3", "mhs_operator", "重大危险源操作负责人", None),
        ):
            above = None if kind == "mhs_principal" else f"{firm.id}-mhs1"
            post = _post_of(book, firm, word, kind, title, above or head, holder=holder)
            book.edge(post, "MHS_CARE", source)
            book.edge(post, "RESPONSIBLE_POST", source)
    _points(
        book,
        firm,
        stream,
        head,
        business or manager_above,
        shop or head,
        team or f"{firm.id}-safety1",
    )


def _points(
    book: Book, firm: Firm, stream: Stream, head: str, deputy: str, shop: str, team: str
) -> None:
    trade = firm.trade
    weights = {"red": 2, "orange": 5, "yellow": 6, "blue": 3} if trade.high_risk else {
        "orange": 1, "yellow": 8, "blue": 7}  # fmt: skip
    control = {"red": head, "orange": deputy, "yellow": shop, "blue": team}
    kind = "park" if trade.place == "park" else trade.place
    places = stream.sample(_WORKPLACES[kind], 2 if firm.employees < 100 else 4)
    for number, title in enumerate(places, 1):
        grade = stream.weighted(weights)
        book.add(
            "risk_points", id=f"{firm.id}-F{number}", enterprise=firm.id, name=f"{firm.name}{title}",
            grade=grade, division=firm.place, controlling_post=control[grade],
        )  # fmt: skip


def _pairs(book: Book, firms: Iterable[Firm]) -> None:
    """County leaders look after towns, key enterprises and major hazard installations."""
    leaders = [f"{COUNTY}-party-head", f"{COUNTY}-gov-head"] + [
        f"{COUNTY}-{'party' if kind == 'committee_member' else 'gov'}-{portfolio}"
        for portfolio, (kind, _) in LEADERS.items()
    ]
    things = [*TOWNS]
    for firm in firms:
        if firm.key:
            things.append(firm.id)
            if firm.trade.sector == "hazchem_production":
                things.append(f"{firm.id}-M1")
    for number, thing in enumerate(things):
        leader = leaders[number % len(leaders)]
        book.edge(leader, "PAIRED_WITH", thing, **this_year(), document="县领导包联方案（虚构）")
        book.record(leader, "visit", f"{YEAR}-06-{4 + number % 22:02d}", object=thing)


def _oversight(book: Book, firms: list[Firm]) -> None:
    """Inspections, training and what the year's plan asks for."""
    stream = Stream(book.seed, "inspections")
    for number, firm in enumerate(firms):
        if number % 6 == 0:
            function = firm.trade.lead or firm.trade.host
            day = f"{YEAR}-{2 + stream.below(5):02d}-{1 + stream.below(27):02d}"
            book.record(
                f"{COUNTY}-{function}", "inspection", day, object=firm.id,
                values={"matter": "安全生产", "kind": "计划检查"},
            )  # fmt: skip
    for firm in [f for f in firms if f.key][:6]:
        for function in ("emergency", "fire"):
            book.record(
                f"{COUNTY}-{function}", "inspection", f"{YEAR}-06-18", object=firm.id,
                values={"matter": "联合检查", "joint": f"LH{YEAR}-{firm.id}", "kind": "联合检查"},
            )  # fmt: skip
    for town in TOWNS:
        book.record(f"{town}-safety", "training", f"{YEAR}-05-12", count=40)


def _hazards(book: Book, firms: list[Firm]) -> None:
    stream = Stream(book.seed, "hazards")
    number = 0
    for index, firm in enumerate(firms):
        if index % 3:
            continue
        number += 1
        trade = firm.trade
        major = index % 42 == 0
        regulator = f"{COUNTY}-{trade.lead or trade.host}"
        found = dt.date(YEAR, 1 + stream.below(6), 1 + stream.below(27))
        due = found + dt.timedelta(days=45 if major else 20)
        closed = due < DATA_DATE
        finished = due - dt.timedelta(days=3)
        by = f"{firm.id}-safety1"
        cells: dict[str, Any] = {
            "id": f"H{number:04d}",
            "enterprise": firm.id,
            "name": f"{firm.name}{stream.choice(_CRITERIA)}",
            "division": firm.place,
            "sectors": trade.sector,
            "grade": "major" if major else "general",
            "criterion": stream.choice(_CRITERIA),
            "found_by": regulator if index % 2 else by,
            "found_on": found.isoformat(),
            "channel": "执法检查" if index % 2 else "企业自查",
            "due_on": due.isoformat(),
            "state": "closed" if closed else "rectifying",
            "responsible": f"{firm.id}-principal",
            "measures": "停用、更换并复核",
            "funds": f"{1 + stream.below(20)}万元",
            "plan": "整改期间监护方案",
            "stopped": major and closed,
        }
        if major:
            cells |= {"supervised_by": f"{COUNTY}-awb", "reported_to": regulator}
        if closed:
            checker = f"{regulator}-inspector1" if major else by
            cells |= {
                "closed_on": finished.isoformat(),
                "closed_by": regulator if major else by,
                "verified_by": checker,
                "verified_on": (finished - dt.timedelta(days=2)).isoformat(),
            }
            done = (finished - dt.timedelta(days=3)).isoformat()
            book.record(f"{firm.id}-principal", "rectification", done, object=cells["id"])
            verified = (finished - dt.timedelta(days=2)).isoformat()
            book.record(checker, "verification", verified, object=cells["id"])
            if major:
                book.record(
                    regulator, "resumption_acceptance", finished.isoformat(), object=cells["id"]
                )
        book.add("hazards", **cells)


def _accident(book: Book, firms: list[Firm]) -> None:
    """Two accidents, concluded and answered for, the older one evaluated."""
    grave = firms_of(firms, "road_transport")[0]
    book.node(
        "K2", "accident", f"{grave.name}较大道路运输事故", unit=grave.id, division=grave.place,
        date=f"{YEAR}-01-20", deaths=3, injuries=2, loss=4200000, grade="larger",
        approved_on=f"{YEAR}-05-10",
    )  # fmt: skip
    for action, day in (
        ("accountability_conclusion", f"{YEAR}-05-10"),
        ("accountability_outcome", f"{YEAR}-06-02"),
    ):
        book.record(
            f"{CITY}-gov", action, day, object=f"{grave.id}-principal",
            values={"accident": "K2", "case": "K2"},
        )  # fmt: skip
    firm = firms_of(firms, "building_works")[0]
    accident = book.node(
        "K1", "accident", f"{firm.name}高处坠落事故", unit=firm.id, division=firm.place,
        date="2024-11-03", deaths=1, injuries=0, loss=1500000, grade="general",
        approved_on="2025-01-20",
    )  # fmt: skip
    for blamed in (f"{firm.id}-principal", f"{COUNTY}-housing"):
        for action, day in (
            ("accountability_conclusion", "2025-01-20"),
            ("accountability_outcome", "2025-03-11"),
        ):
            book.record(
                f"{COUNTY}-gov",
                action,
                day,
                object=blamed,
                values={"accident": accident, "case": blamed},
            )
    book.record(f"{COUNTY}-gov", "corrective_evaluation", "2025-12-10", object=accident)
