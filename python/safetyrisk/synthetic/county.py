"""A whole county's responsibilities, in a real tree of divisions, with nobody real in it.

The places are those of 宜丰县; its committees, departments, posts, people, enterprises, duties,
records, hazards and tasks are invented. Everything that a rule of the responsibility graph asks
for is there, so that a rule that finds something has found a mistake: of the county's or its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from .._words import Speaker
from .county_book import Book
from .county_facts import (
    CITY,
    COMMITTEES,
    DATA_DATE,
    DEPARTMENTS,
    DIVISION,
    LEADERS,
    LETTER,
    LIST,
    PARTY_SIDE,
    POINTS,
    PROVINCE,
    SUPPORT,
    TASKS,
    TRADES,
    VERTICAL,
    YEAR,
    ZONE,
    ZONE_GRIDS,
    this_year,
)
from .county_firms import write_firms
from .register import Table
from .yifeng import COUNTY, TOWNS, villages

__all__ = ["FictionalCounty", "fictional_county", "write_county"]


@dataclass(frozen=True)
class FictionalCounty:
    """Tables of a county's responsibility graph.

    Attributes
    ----------
    tables
        ``divisions nodes edges enterprises risk_points hazards tasks duties records``, columns by
        name; a missing cell is None.
    data_date
        The day that the tables stand for.
    jurisdiction
        Code of the county: what lies above it is there as far as the county answers to it.
    """

    tables: Mapping[str, Table]
    data_date: dt.date = DATA_DATE
    jurisdiction: tuple[str, ...] = (COUNTY,)


def fictional_county(seed: int = 1) -> FictionalCounty:
    """County with all that answers for the safety of its 854 enterprises in 25 sectors.

    Parameters
    ----------
    seed
        Any integer; draws names, sizes, places, people, dates.

    Notes
    -----
    Divisions are those of 宜丰县 (see `yifeng`); everybody and everything else is invented.

    Examples
    --------
    >>> county = fictional_county(seed=1)
    >>> len(county.tables["enterprises"]["id"])
    854
    """
    return FictionalCounty(write_county(seed).tables())


def write_county(seed: int = 1) -> Book:
    """The rows of the county before they become columns, for those who go on writing."""
    book = Book(seed)
    _places(book)
    _above(book)
    _county(book)
    _regulators(book)
    for town, name in TOWNS.items():
        if town != ZONE:
            _town(book, town, name)
    _zone(book)
    _documents(book)
    write_firms(book)
    return book


def _places(book: Book) -> None:
    book.add("divisions", code=PROVINCE, name="江西省", level="province")
    book.add("divisions", code=CITY, name="宜春市", level="city")
    book.add("divisions", code=COUNTY, name="宜丰县", level="county")
    for town, name in TOWNS.items():
        if town == ZONE:
            continue
        book.add("divisions", code=town, name=name, level="town")
        for code, village in villages(town).items():
            book.add("divisions", code=code, name=village, level="village")


def _above(book: Book) -> None:
    """The city and the province, as far as the county answers to them."""
    names = {PROVINCE: "江西省", CITY: "宜春市"}
    for code, name in names.items():
        gov = book.node(f"{code}-gov", "government", f"{name}人民政府", division=code)
        party = book.node(f"{code}-party", "party_committee", f"中共{name}委员会", division=code)
        book.edge(party, "LEADS", gov)
        book.edge(
            book.post(gov, "head", "gov_principal", f"{name}政府主要负责人"),
            "SAFETY_DUTY", code, duty="first",
        )  # fmt: skip
        book.edge(
            book.post(party, "head", "party_principal", f"{name}党委主要负责人"),
            "SAFETY_DUTY", code, duty="first",
        )  # fmt: skip
        functions = ("emergency",) if code == PROVINCE else tuple(DEPARTMENTS)
        for function in functions:
            if function in ("union", "traffic_police", *PARTY_SIDE):
                continue
            title = DEPARTMENTS[function][0].replace("大队", "支队")
            dept = book.node(
                f"{code}-{function}", "dept", name + title, division=code, function=function,
                power_list=True,
            )  # fmt: skip
            book.edge(gov, "LEADS", dept)
            if function == "emergency":
                book.edge(dept, "COMPREHENSIVE", code, document=LIST)
    book.edge(f"{PROVINCE}-gov", "LEADS", f"{CITY}-gov")
    book.edge(f"{PROVINCE}-party", "LEADS", f"{CITY}-party")
    book.edge(f"{PROVINCE}-emergency", "GUIDES", f"{CITY}-emergency")


def _lists(book: Book, post: str) -> None:
    """A leader's duty list and list of the year's tasks."""
    book.record(post, "duty_list", f"{YEAR}-01-20")
    book.record(post, "annual_task_list", f"{YEAR}-03-10")


def _county(book: Book) -> None:
    party = book.node(f"{COUNTY}-party", "party_committee", "中共宜丰县委员会", division=COUNTY)
    gov = book.node(f"{COUNTY}-gov", "government", "宜丰县人民政府", division=COUNTY)
    book.edge(party, "LEADS", gov)
    book.edge(f"{CITY}-gov", "LEADS", gov)
    book.edge(f"{CITY}-party", "LEADS", party)
    book.edge(f"{CITY}-gov", "SIGNED_WITH", gov, **this_year(), document=LETTER)
    secretary = book.post(party, "head", "party_principal", "宜丰县委书记")
    mayor = book.post(gov, "head", "gov_principal", "宜丰县县长")
    for post in (secretary, mayor):
        book.edge(post, "SAFETY_DUTY", COUNTY, duty="first", document="党政领导干部安全生产责任制")
        _lists(book, post)
    for portfolio, (kind, title) in LEADERS.items():
        unit = party if kind == "committee_member" else gov
        post = book.post(
            unit, portfolio, kind, title,
            standing_committee=kind != "portfolio_deputy",
        )  # fmt: skip
        book.edge(post, "REPORTS_TO", secretary if unit == party else mayor)
        _lists(book, post)
    safety = f"{gov}-safety"
    book.edge(safety, "SAFETY_DUTY", COUNTY, duty="in_charge")

    committee = book.node(
        f"{COUNTY}-awh", "safety_committee", "宜丰县安全生产委员会", division=COUNTY, mode="dual"
    )
    office = book.node(f"{COUNTY}-awb", "safety_office", "宜丰县安委办", division=COUNTY)
    book.edge(gov, "LEADS", committee)
    book.edge(committee, "LEADS", office)
    book.edge(secretary, "CHAIRS", committee, role="chair")
    book.edge(mayor, "CHAIRS", committee, role="chair")
    book.edge(safety, "CHAIRS", committee, role="deputy")

    for function, (title, portfolio) in DEPARTMENTS.items():
        name = title if function in PARTY_SIDE[:3] else f"宜丰县{title}"
        above = party if function in PARTY_SIDE else gov
        dept = book.node(
            f"{COUNTY}-{function}", "dept", name, division=COUNTY, function=function,
            vertical=True if function in VERTICAL else None,
            power_list=True if function not in SUPPORT else None,
            staff=8 if function == "emergency" else 5 if function not in SUPPORT else None,
        )  # fmt: skip
        book.edge(above, "LEADS", dept)
        if f"{CITY}-{function}" in {row["id"] for row in book.rows["nodes"]}:
            book.edge(f"{CITY}-{function}", "GUIDES", dept)
        leader = (
            f"{party if portfolio in ('publicity', 'organisation', 'legal') else gov}-{portfolio}"
        )
        book.edge(leader, "IN_CHARGE_OF", dept)
        book.edge(leader, "SAFETY_DUTY", dept, duty="portfolio")
        head = book.post(dept, "head", "dept_principal", f"{name}主要负责人")
        deputy = book.post(dept, "safety", "dept_safety_deputy", f"{name}分管安全负责人")
        book.edge(head, "SAFETY_DUTY", dept, duty="first")
        book.edge(deputy, "SAFETY_DUTY", dept, duty="in_charge")
        book.edge(head, "REPORTS_TO", leader)
        book.edge(deputy, "REPORTS_TO", head)
        _lists(book, head)
        _lists(book, deputy)
        if function not in SUPPORT:
            for number in (1, 2):
                inspector = book.post(
                    dept, f"inspector{number}", "inspector", f"{name}执法人员{number}"
                )
                book.edge(inspector, "REPORTS_TO", deputy)
                book.edge(inspector, "SAFETY_DUTY", dept, duty="post")
        book.edge(dept, "MEMBER_OF", committee)
        book.edge(office, "OVERSEES_WORK_OF", dept)
        if function in SUPPORT:
            book.edge(dept, "SUPPORTS", COUNTY, document=DIVISION)
        else:
            rating = "优秀" if function == "emergency" else "良好"
            book.record(
                committee, "assessment", f"{YEAR}-01-25", object=dept, values={"rating": rating}
            )
    emergency = f"{COUNTY}-emergency"
    book.edge(emergency, "HOSTS_OFFICE", office)
    book.edge(emergency, "COMPREHENSIVE", COUNTY, document=LIST, clause="第一项")

    for word, (title, sectors, host, members, portfolio) in COMMITTEES.items():
        special = book.node(
            f"{COUNTY}-zwh-{word}", "special_committee", f"宜丰县{title}专业安全生产委员会",
            division=COUNTY, sectors=sectors,
        )  # fmt: skip
        book.edge(committee, "LEADS", special)
        book.edge(f"{gov}-{portfolio}", "CHAIRS", special, role="chair")
        book.edge(f"{COUNTY}-{host}", "HOSTS_OFFICE", special)
        for function in dict.fromkeys((host, *members)):
            book.edge(f"{COUNTY}-{function}", "MEMBER_OF", special)
        book.record(special, "meeting", f"{YEAR}-04-15", count=1)

    old = book.node(
        f"{COUNTY}-old-safety", "dept", "宜丰县安全生产监督管理局", division=COUNTY,
        function="emergency", valid_from="2003-01-01", valid_to="2019-03-20",
    )  # fmt: skip
    book.edge(emergency, "SUCCEEDS", old, valid_from="2019-03-21", document="机构改革方案（虚构）")


def _regulators(book: Book) -> None:
    """Who regulates and hosts each sector; departments share sectors of one role in one edge."""
    shares: dict[tuple[str, bool], list[str]] = {}
    hosts: dict[str, list[str]] = {}
    speaker = Speaker("zh")
    for trade in TRADES:
        hosts.setdefault(trade.host, []).append(trade.sector)
        if trade.links:
            for function, links in trade.parts().items():
                book.edge(
                    f"{COUNTY}-{function}", "REGULATES", COUNTY, sectors=trade.sector,
                    links=";".join(links), lead=True, enforce=True, document=DIVISION,
                    clause=speaker.sector(trade.sector),
                )  # fmt: skip
        else:
            shares.setdefault((trade.lead, True), []).append(trade.sector)
            shares.setdefault((trade.second, False), []).append(trade.sector)
    for (function, lead), sectors in shares.items():
        book.edge(
            f"{COUNTY}-{function}", "REGULATES", COUNTY, sectors=";".join(sectors), lead=lead,
            enforce=True, document=LIST, clause="行业监管事项",
        )  # fmt: skip
    for function, sectors in hosts.items():
        book.edge(
            f"{COUNTY}-{function}", "HOSTS_SECTOR", COUNTY, sectors=";".join(sectors),
            document=DIVISION, clause="行业主管事项",
        )  # fmt: skip


def _seat(book: Book, place: str, name: str, chief: str, kind: str) -> tuple[str, str, str]:
    """Party, government and safety committee of a town or zone; gives their three leaders' posts."""
    party = book.node(f"{place}-party", "party_committee", f"{name}党委", division=place)
    gov = book.node(f"{place}-gov", kind, f"{name}{chief}", division=place)
    book.edge(f"{COUNTY}-party", "LEADS", party)
    book.edge(f"{COUNTY}-gov", "LEADS", gov)
    book.edge(party, "LEADS", gov)
    book.edge(f"{COUNTY}-awb", "OVERSEES_WORK_OF", gov)
    book.edge(f"{COUNTY}-gov", "SIGNED_WITH", gov, **this_year(), document=LETTER)
    secretary = book.post(party, "head", "party_principal", f"{name}党委书记")
    mayor = book.post(gov, "head", "gov_principal", f"{name}{chief}主要负责人")
    deputy = book.post(gov, "safety", "safety_deputy", f"{name}分管安全负责人")
    for post in (secretary, mayor):
        book.edge(post, "SAFETY_DUTY", place, duty="first")
    book.edge(deputy, "SAFETY_DUTY", place, duty="in_charge")
    book.edge(deputy, "REPORTS_TO", mayor)
    book.edge(mayor, "REPORTS_TO", f"{COUNTY}-gov-head")
    book.edge(secretary, "REPORTS_TO", f"{COUNTY}-party-head")
    for post in (secretary, mayor, deputy):
        _lists(book, post)
    committee = book.node(f"{place}-awh", "safety_committee", f"{name}安委会", division=place)
    book.edge(gov, "LEADS", committee)
    book.edge(mayor, "CHAIRS", committee, role="chair")
    book.edge(deputy, "CHAIRS", committee, role="deputy")
    body = book.node(
        f"{place}-safety", "dept", f"{name}应急管理所", division=place, function="safety", staff=3
    )
    book.edge(gov, "LEADS", body)
    book.edge(deputy, "IN_CHARGE_OF", body)
    book.edge(deputy, "SAFETY_DUTY", body, duty="portfolio")
    book.edge(f"{COUNTY}-emergency", "GUIDES", body)
    book.edge(
        f"{COUNTY}-emergency", "ENFORCES_FOR", body, **this_year(), document="委托执法协议（虚构）"
    )
    head = book.post(body, "head", "dept_principal", f"{name}应急管理所所长")
    book.edge(head, "SAFETY_DUTY", place, duty="direct")
    book.edge(head, "REPORTS_TO", deputy)
    _lists(book, head)
    for number in (1, 2):
        inspector = book.post(body, f"inspector{number}", "inspector", f"{name}专职安全员{number}")
        book.edge(inspector, "SAFETY_DUTY", place, duty="post")
        book.edge(inspector, "REPORTS_TO", head)
    book.edge(body, "MEMBER_OF", committee)
    book.edge(gov, "MEMBER_OF", committee)
    book.record(
        f"{COUNTY}-awh", "assessment", f"{YEAR}-01-25", object=gov, values={"rating": "良好"}
    )
    return secretary, mayor, deputy


def _town(book: Book, town: str, name: str) -> None:
    farm = name.endswith("场")
    leaders = _seat(book, town, name, "场部" if farm else "人民政府", "government")
    for number, (code, village) in enumerate(villages(town).items()):
        body = book.node(f"{code}-cun", "village", village, division=code)
        book.edge(f"{town}-gov", "LEADS", body)
        book.edge(f"{town}-gov", "SIGNED_WITH", body, **this_year(), document=LETTER)
        head = book.post(body, "head", "village_head", f"{village}主要负责人")
        book.edge(head, "SAFETY_DUTY", code, duty="first")
        book.post(body, "liaison", "liaison", f"{village}安全联络员")
        _grid(book, f"{code}-g1", f"{village}网格", code)
        pair = leaders[number % 3]
        book.edge(pair, "PAIRED_WITH", code, **this_year(), document=LETTER)
        book.record(pair, "visit", f"{YEAR}-06-{5 + number % 20:02d}", object=code)


def _grid(book: Book, grid: str, name: str, place: str) -> None:
    book.node(grid, "grid", name, division=place)
    leader = book.post(grid, "leader", "grid_leader", f"{name}网格长")
    officer = book.post(grid, "officer", "grid_officer", f"{name}网格员")
    book.edge(leader, "SAFETY_DUTY", grid, duty="first")
    book.edge(officer, "SAFETY_DUTY", grid, duty="post")
    book.edge(officer, "REPORTS_TO", leader)


def _zone(book: Book) -> None:
    name = "宜丰县工业园区"
    book.node(ZONE, "zone", name, division=COUNTY, rank=4)
    _seat(book, ZONE, name, "管委会", "zone_admin")
    for number in range(1, ZONE_GRIDS + 1):
        _grid(book, f"{ZONE}-g{number:02d}", f"园区第{number}网格", ZONE)


def _documents(book: Book) -> None:
    """Work points of the city and the county, task by task."""
    upper = book.node(
        f"D-{CITY}-{YEAR}", "document", f"宜春市{YEAR}年安全生产工作要点（虚构）",
        type="work_points", issuer=f"{CITY}-gov", date=f"{YEAR}-02-01",
        period_from=f"{YEAR}-01-01", period_to=f"{YEAR}-12-31", addressees=f"{COUNTY}-gov",
    )  # fmt: skip
    lower = book.node(
        f"D-{COUNTY}-{YEAR}", "document", f"宜丰县{YEAR}年安全生产工作要点（虚构）",
        type="work_points", issuer=f"{COUNTY}-gov", date=f"{YEAR}-03-05",
        period_from=f"{YEAR}-01-01", period_to=f"{YEAR}-12-31", addressees=f"{COUNTY}-awh",
    )  # fmt: skip
    places = [town for town in TOWNS if town != ZONE] + [ZONE]
    members = book.node(
        "C-members", "collective", "县安委会各成员单位",
        selector={"kind": "dept", "via": {"edge": "MEMBER_OF", "to": f"{COUNTY}-awh"}},
    )  # fmt: skip
    for number, (title, action, lead, helpers, sectors) in enumerate(TASKS, 1):
        above = f"T-{CITY}-{number:02d}"
        book.add(
            "tasks", id=above, name=title, unit=upper, action=action, sectors=sectors,
            deadline=f"{YEAR}-11-30", target=90, target_unit="%", no=str(number),
        )  # fmt: skip
        book.edge(upper, "ASSIGNS", above)
        book.edge(f"{CITY}-emergency", "LEADS_TASK", above, document=f"宜春市工作要点第{number}项")
        for side in ("party", "gov"):
            book.edge(f"{COUNTY}-{side}", "IMPLEMENTS", above)
        task = f"T-{COUNTY}-{number:02d}"
        book.add(
            "tasks", id=task, name=title, unit=lower, action=action, sectors=sectors,
            deadline=f"{YEAR}-10-31", target=95, target_unit="%", no=str(number),
        )  # fmt: skip
        book.edge(lower, "ASSIGNS", task)
        book.edge(task, "DERIVES_FROM", above)
        dept = f"{COUNTY}-{lead}"
        book.edge(dept, "LEADS_TASK", task, document=POINTS, clause=f"第{number}项")
        for function in helpers:
            book.edge(f"{COUNTY}-{function}", "ASSISTS", task, document=POINTS)
        if number == 1:
            book.edge(members, "SHARES", task, document=POINTS)
        for place in places:
            for side in ("party", "gov"):
                book.edge(f"{place}-{side}", "IMPLEMENTS", task, document=POINTS)
        book.add(
            "duties", id=f"L{number:03d}", subject=dept, action=action,
            valid_from=f"{YEAR}-01-01", document=LIST, clause=f"第{number}项",
        )  # fmt: skip
