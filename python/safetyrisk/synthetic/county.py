"""A whole county's responsibilities, in a real tree of divisions, with nobody real in it.

The places are those of 宜丰县; its committees, departments, posts, people, enterprises, duties,
records, hazards and tasks are invented. Everything that a rule of the responsibility graph asks
for is there, so that a rule that finds something has found a mistake: of the county's or its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._words import Speaker
from .register import Table, credit_code
from .stream import Stream
from .yifeng import COUNTY, TOWNS, villages

__all__ = ["FictionalCounty", "Trade", "fictional_county"]

ZONE = "360924400"
CITY = "3609"
PROVINCE = "36"
DATA_DATE = dt.date(2026, 6, 30)
YEAR = DATA_DATE.year

POINTS = f"宜安委〔{YEAR}〕1号（虚构）"
DIVISION = f"宜府办〔{YEAR}〕3号职责分工（虚构）"
LIST = "权力和责任清单（虚构）"
LETTER = f"{YEAR}年度安全生产责任书（虚构）"

# Columns of each table; what a row has besides stands in `attributes` as JSON.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "divisions": ("code", "name", "level"),
    "nodes": (
        "id", "kind", "name", "post_kind", "unit", "division", "level", "sectors", "valid_from",
        "valid_to", "function", "full_time", "assessment_standard", "scope", "employment",
        "using_unit", "attributes",
    ),
    "edges": (
        "source", "target", "kind", "duty", "sectors", "links", "lead", "enforce", "valid_from",
        "valid_to", "document", "clause", "confidence", "attributes",
    ),
    "enterprises": (
        "id", "name", "credit_code", "division", "sectors", "links", "employees", "high_risk",
        "key_unit", "soe", "safety_body", "crowded", "inspection_cap", "valid_from", "valid_to",
    ),
    "risk_points": ("id", "enterprise", "name", "grade", "division", "controlling_post"),
    "hazards": (
        "id", "enterprise", "name", "division", "sectors", "grade", "criterion", "found_by",
        "found_on", "channel", "due_on", "state", "extended_to", "stopped", "closed_on",
        "closed_by", "verified_by", "verified_on", "responsible", "measures", "funds", "plan",
        "supervised_by", "reported_to",
    ),
    "tasks": (
        "id", "name", "unit", "action", "sectors", "deadline", "target", "target_unit", "no",
    ),
    "duties": ("id", "subject", "action", "valid_from", "document", "clause"),
    "records": ("id", "subject", "action", "date", "object", "count", "values"),
}  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """What enterprises of a sector are like and who looks after them."""

    sector: str
    count: int
    forms: tuple[str, ...]
    employees: tuple[int, int]
    place: str  # park, town or rural
    lead: str  # function of the department that regulates it, "" where links are divided
    second: str  # function of the other regulator
    host: str
    leader: str  # portfolio of the county leader
    high_risk: bool = False
    crowded: bool = False
    engineer: bool = False
    insured: bool = False
    links: tuple[tuple[str, str], ...] = ()  # link, function of its one regulator


# fmt: off
TRADES: tuple[Trade, ...] = (
    Trade("hazchem_production", 6, ("化工有限公司", "新材料有限公司"), (60, 260), "park",
          "emergency", "market", "industry", "industry", high_risk=True, engineer=True, insured=True),
    Trade("hazchem_trade", 30, ("加油站", "化工经营部"), (4, 16), "town",
          "emergency", "market", "commerce", "commerce", high_risk=True, insured=True),
    Trade("hazchem_transport", 6, ("危货运输有限公司",), (20, 80), "park",
          "", "", "transport", "transport", high_risk=True, insured=True,
          links=(("transport", "transport"), ("traffic", "traffic_police"), ("loading", "emergency"))),
    Trade("fireworks_trade", 40, ("烟花爆竹零售店", "烟花爆竹经营部"), (2, 5), "rural",
          "emergency", "police", "supply_marketing", "industry", high_risk=True, insured=True),
    Trade("noncoal_mine", 10, ("石料有限公司", "矿业有限公司"), (20, 130), "rural",
          "emergency", "natural_resources", "natural_resources", "industry",
          high_risk=True, engineer=True, insured=True),
    Trade("building_materials", 48, ("建材有限公司", "陶瓷有限公司", "水泥制品厂"), (12, 420), "park",
          "emergency", "industry", "industry", "industry"),
    Trade("machinery", 40, ("机械有限公司", "机电有限公司"), (15, 260), "park",
          "emergency", "industry", "industry", "industry"),
    Trade("light_industry", 160, ("竹木制品厂", "家具有限公司", "食品有限公司"), (6, 180), "town",
          "emergency", "industry", "industry", "industry"),
    Trade("textile", 24, ("纺织有限公司", "服装厂"), (20, 240), "park",
          "emergency", "industry", "industry", "industry"),
    Trade("smelting", 4, ("金属冶炼有限公司",), (90, 240), "park",
          "emergency", "industry", "industry", "industry", high_risk=True, engineer=True, insured=True),
    Trade("lithium", 18, ("锂业有限公司", "电池材料有限公司"), (80, 900), "park",
          "industry", "emergency", "development_reform", "industry"),
    Trade("building_works", 30, ("建筑工程有限公司", "市政工程有限公司"), (30, 220), "town",
          "housing", "fire", "housing", "city", high_risk=True, insured=True),
    Trade("road_works", 8, ("路桥工程有限公司",), (40, 180), "town",
          "transport", "fire", "transport", "transport", high_risk=True, insured=True),
    Trade("road_transport", 26, ("客运有限公司", "货运有限公司"), (10, 150), "town",
          "transport", "traffic_police", "transport", "transport", high_risk=True, insured=True),
    Trade("city_gas", 16, ("燃气有限公司", "液化气供应站"), (5, 70), "town",
          "", "", "urban_management", "city",
          links=(("planning", "housing"), ("trade", "urban_management"), ("transport", "transport"),
                 ("use", "commerce"), ("product", "market"))),
    Trade("campus", 64, ("小学", "中学", "幼儿园"), (8, 190), "rural",
          "education", "police", "education", "people", crowded=True),
    Trade("care", 22, ("敬老院", "养老服务中心"), (6, 50), "rural",
          "civil_affairs", "fire", "civil_affairs", "people", crowded=True),
    Trade("medical", 40, ("卫生院", "诊所", "医院"), (4, 420), "rural",
          "health", "fire", "health", "people", crowded=True),
    Trade("mall", 40, ("超市", "农贸市场", "商贸城"), (6, 160), "town",
          "commerce", "fire", "commerce", "commerce", crowded=True),
    Trade("catering", 120, ("酒店", "饭店", "宾馆"), (3, 95), "town",
          "commerce", "market", "commerce", "commerce", crowded=True),
    Trade("tourism", 16, ("旅游开发有限公司", "漂流有限公司"), (10, 120), "rural",
          "culture_tourism", "market", "culture_tourism", "people", crowded=True),
    Trade("homestay", 30, ("民宿", "山庄"), (2, 14), "rural",
          "", "", "culture_tourism", "people",
          links=(("trade", "culture_tourism"), ("house", "housing"), ("fire", "fire"))),
    Trade("ebike", 30, ("电动车行",), (2, 8), "town",
          "", "", "market", "commerce",
          links=(("production", "market"), ("trade", "market"), ("traffic", "traffic_police"),
                 ("charging", "fire"), ("disposal", "commerce"))),
    Trade("platform", 6, ("网络科技有限公司", "外卖配送站"), (8, 60), "town",
          "", "", "commerce", "commerce",
          links=(("delivery", "market"), ("ride_hailing", "transport"), ("freight", "transport"),
                 ("parcel", "postal"))),
    Trade("water_supply", 20, ("水电站", "自来水厂"), (5, 40), "rural",
          "water", "emergency", "water", "farm"),
)

# Function of a department: what follows 宜丰县 in its name, portfolio of its leader.
DEPARTMENTS: dict[str, tuple[str, str]] = {
    "emergency": ("应急管理局", "safety"), "fire": ("消防救援大队", "safety"),
    "industry": ("工业和信息化局", "industry"), "state_assets": ("国有资产监督管理委员会", "industry"),
    "supply_marketing": ("供销合作社", "industry"), "natural_resources": ("自然资源局", "industry"),
    "science": ("科学技术局", "industry"), "housing": ("住房和城乡建设局", "city"),
    "urban_management": ("城市管理局", "city"), "ecology": ("生态环境局", "city"),
    "transport": ("交通运输局", "transport"), "police": ("公安局", "transport"),
    "traffic_police": ("公安局交警大队", "transport"), "postal": ("邮政管理局", "transport"),
    "justice": ("司法局", "transport"), "education": ("教育局", "people"),
    "health": ("卫生健康委员会", "people"), "civil_affairs": ("民政局", "people"),
    "culture_tourism": ("文化广电和旅游局", "people"), "hr": ("人力资源和社会保障局", "people"),
    "commerce": ("商务局", "commerce"), "market": ("市场监督管理局", "commerce"),
    "approval": ("行政审批局", "commerce"), "statistics": ("统计局", "commerce"),
    "agriculture": ("农业农村局", "farm"), "water": ("水利局", "farm"), "forestry": ("林业局", "farm"),
    "meteorology": ("气象局", "farm"), "development_reform": ("发展和改革委员会", "safety"),
    "finance": ("财政局", "safety"), "publicity": ("县委宣传部", "publicity"),
    "organisation": ("县委组织部", "organisation"), "political_legal": ("县委政法委员会", "legal"),
    "union": ("总工会", "organisation"),
}
_VERTICAL = ("meteorology", "postal")
_PARTY_SIDE = ("publicity", "organisation", "political_legal", "union")
_SUPPORT = ("finance", "hr", "justice", "statistics", "science", "meteorology", "approval", *_PARTY_SIDE)

# Portfolio, post kind and title of a county leader.
LEADERS: dict[str, tuple[str, str]] = {
    "safety": ("safety_deputy", "常务副县长"), "industry": ("portfolio_deputy", "副县长（工业）"),
    "city": ("portfolio_deputy", "副县长（城建环保）"), "transport": ("portfolio_deputy", "副县长（政法交通）"),
    "people": ("portfolio_deputy", "副县长（文教卫）"), "commerce": ("portfolio_deputy", "副县长（商贸）"),
    "farm": ("portfolio_deputy", "副县长（农林水）"), "publicity": ("committee_member", "县委宣传部部长"),
    "organisation": ("committee_member", "县委组织部部长"), "legal": ("committee_member", "县委政法委书记"),
}

# Special committee: name, sectors, department of its office, further members, portfolio of its chair.
COMMITTEES: dict[str, tuple[str, str, str, tuple[str, ...], str]] = {
    "mine": ("矿山", "mine", "natural_resources", ("emergency", "police"), "industry"),
    "hazchem": ("危险物品", "hazchem;fireworks;explosives", "emergency", ("police", "transport", "market"), "safety"),
    "fire": ("消防", "fire_safety;care;medical;ebike", "fire", ("housing", "commerce", "health"), "safety"),
    "building": ("建筑施工", "construction;self_built", "housing", ("transport", "water", "emergency"), "city"),
    "gas": ("城市运行（燃气）", "city_gas", "urban_management", ("housing", "market", "commerce"), "city"),
    "industry": ("工业制造", "industry;lithium", "industry", ("emergency", "ecology"), "industry"),
    "equipment": ("特种设备", "special_equipment", "market", ("housing", "emergency"), "commerce"),
    "traffic": ("道路交通", "road_traffic;platform", "traffic_police", ("transport", "education"), "transport"),
    "trade": ("商贸", "commerce", "commerce", ("market", "fire"), "commerce"),
    "tourism": ("旅游", "tourism;homestay", "culture_tourism", ("market", "forestry"), "people"),
    "campus": ("校园", "campus", "education", ("police", "market"), "people"),
    "water": ("水利", "water_supply", "water", ("agriculture", "emergency"), "farm"),
}

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
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
# fmt: on


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


class Book:
    """The rows of the tables while they are written; ids are made by those who write."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in _COLUMNS}
        self.firms: list[Firm] = []
        self._people = 0
        self._records = 0

    def add(self, table: str, **cells: Any) -> dict[str, Any]:
        """One row; cells that are None are left empty."""
        row = {name: cell for name, cell in cells.items() if cell is not None}
        self.rows[table].append(row)
        return row

    def node(self, id: str, kind: str, name: str, **cells: Any) -> str:  # noqa: A002
        """One node; returns its id."""
        self.add("nodes", id=id, kind=kind, name=name, **cells)
        return id

    def edge(self, source: str, kind: str, target: str, **cells: Any) -> None:
        """One edge."""
        self.add("edges", source=source, kind=kind, target=target, **cells)

    def person(self, **cells: Any) -> str:
        """Somebody who does not exist."""
        self._people += 1
        number = self._people
        name = f"{_SURNAMES[number % len(_SURNAMES)]}某{number:05d}"
        return self.node(f"P{number:05d}", "person", name, **cells)

    def post(
        self,
        unit: str,
        word: str,
        kind: str,
        name: str,
        *,
        holder: str | None = None,
        since: str = "2024-01-01",
        **cells: Any,
    ) -> str:
        """One post of a unit and who holds it; returns the post's id."""
        post = self.node(f"{unit}-{word}", "post", name, post_kind=kind, unit=unit, **cells)
        self.edge(holder or self.person(), "HOLDS", post, valid_from=since)
        return post

    def record(self, subject: str, action: str, date: str, **cells: Any) -> None:
        """One thing that was done."""
        self._records += 1
        values = cells.pop("values", None)
        if values is not None:
            cells["values"] = json.dumps(values, ensure_ascii=False)
        number = f"R{self._records:05d}"
        self.add("records", id=number, subject=subject, action=action, date=date, **cells)

    def tables(self) -> dict[str, Table]:
        """The tables, column by column."""
        out: dict[str, Table] = {}
        for table, rows in self.rows.items():
            names = _COLUMNS[table]
            columns: Table = {name: [] for name in names}
            for row in rows:
                more = {name: row[name] for name in row if name not in names}
                for name in names:
                    columns[name].append(row.get(name))
                if more:
                    columns["attributes"][-1] = json.dumps(more, ensure_ascii=False)
            out[table] = {
                name: cells
                for name, cells in columns.items()
                if any(cell is not None for cell in cells)
            }
        return out


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
    firms = _firms(book)
    _companies(book, firms)
    _pairs(book, firms)
    _oversight(book, firms)
    _hazards(book, firms)
    _accident(book, firms)
    book.firms = firms
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
            if function in ("union", "traffic_police", *_PARTY_SIDE):
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
    book.edge(f"{CITY}-gov", "SIGNED_WITH", gov, **_year(), document=LETTER)
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
        name = title if function in _PARTY_SIDE[:3] else f"宜丰县{title}"
        above = party if function in _PARTY_SIDE else gov
        dept = book.node(
            f"{COUNTY}-{function}", "dept", name, division=COUNTY, function=function,
            vertical=True if function in _VERTICAL else None,
            power_list=True if function not in _SUPPORT else None,
            staff=8 if function == "emergency" else 5 if function not in _SUPPORT else None,
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
        if function not in _SUPPORT:
            for number in (1, 2):
                inspector = book.post(
                    dept, f"inspector{number}", "inspector", f"{name}执法人员{number}"
                )
                book.edge(inspector, "REPORTS_TO", deputy)
                book.edge(inspector, "SAFETY_DUTY", dept, duty="post")
        book.edge(dept, "MEMBER_OF", committee)
        book.edge(office, "OVERSEES_WORK_OF", dept)
        if function in _SUPPORT:
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


def _year() -> dict[str, str]:
    return {"valid_from": f"{YEAR}-01-15", "valid_to": f"{YEAR}-12-31"}


def _regulators(book: Book) -> None:
    """Who regulates and hosts each sector; departments share sectors of one role in one edge."""
    shares: dict[tuple[str, bool], list[str]] = {}
    hosts: dict[str, list[str]] = {}
    speaker = Speaker("zh")
    for trade in TRADES:
        hosts.setdefault(trade.host, []).append(trade.sector)
        if trade.links:
            for function, links in _parts(trade).items():
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


def _parts(trade: Trade) -> dict[str, list[str]]:
    """Links of a divided sector by the department that has them."""
    parts: dict[str, list[str]] = {}
    for link, function in trade.links:
        parts.setdefault(function, []).append(link)
    return parts


def _seat(book: Book, place: str, name: str, chief: str, kind: str) -> tuple[str, str, str]:
    """Party, government and safety committee of a town or zone; gives their three leaders' posts."""
    party = book.node(f"{place}-party", "party_committee", f"{name}党委", division=place)
    gov = book.node(f"{place}-gov", kind, f"{name}{chief}", division=place)
    book.edge(f"{COUNTY}-party", "LEADS", party)
    book.edge(f"{COUNTY}-gov", "LEADS", gov)
    book.edge(party, "LEADS", gov)
    book.edge(f"{COUNTY}-awb", "OVERSEES_WORK_OF", gov)
    book.edge(f"{COUNTY}-gov", "SIGNED_WITH", gov, **_year(), document=LETTER)
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
        f"{COUNTY}-emergency", "ENFORCES_FOR", body, **_year(), document="委托执法协议（虚构）"
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
        book.edge(f"{town}-gov", "SIGNED_WITH", body, **_year(), document=LETTER)
        head = book.post(body, "head", "village_head", f"{village}主要负责人")
        book.edge(head, "SAFETY_DUTY", code, duty="first")
        book.post(body, "liaison", "liaison", f"{village}安全联络员")
        _grid(book, f"{code}-g1", f"{village}网格", code)
        pair = leaders[number % 3]
        book.edge(pair, "PAIRED_WITH", code, **_year(), document=LETTER)
        book.record(pair, "visit", f"{YEAR}-06-{5 + number % 20:02d}", object=code)


def _grid(book: Book, grid: str, name: str, place: str) -> None:
    book.node(grid, "grid", name, division=place)
    leader = book.post(grid, "leader", "grid_leader", f"{name}网格长")
    officer = book.post(grid, "officer", "grid_officer", f"{name}网格员")
    book.edge(leader, "SAFETY_DUTY", grid, duty="first")
    book.edge(officer, "SAFETY_DUTY", grid, duty="post")
    book.edge(officer, "REPORTS_TO", leader)


ZONE_GRIDS = 16


def _zone(book: Book) -> None:
    name = "宜丰县工业园区"
    book.node(ZONE, "zone", name, division=COUNTY, rank=4)
    _seat(book, ZONE, name, "管委会", "zone_admin")
    for number in range(1, ZONE_GRIDS + 1):
        _grid(book, f"{ZONE}-g{number:02d}", f"园区第{number}网格", ZONE)


TASKS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("危化品企业安全风险评估", "risk_assessment", "emergency", ("industry", "market"), "hazchem"),
    ("非煤矿山边坡专项检查", "边坡检查", "natural_resources", ("emergency",), "mine"),
    ("烟花爆竹零售点清理", "零售点清理", "emergency", ("police", "market"), "fireworks"),
    ("燃气用户入户安检", "入户安检", "urban_management", ("commerce", "market"), "city_gas"),
    ("建筑施工高处作业整治", "高处作业整治", "housing", ("emergency",), "construction"),
    ("客货运车辆动态监控", "动态监控", "transport", ("traffic_police",), "road_traffic"),
    ("校园消防安全排查", "校园消防排查", "education", ("fire", "police"), "campus"),
    ("养老机构消防改造", "消防改造", "civil_affairs", ("fire", "housing"), "care"),
    ("医疗机构用氧安全检查", "用氧安全检查", "health", ("fire",), "medical"),
    ("商场市场疏散通道整治", "疏散通道整治", "commerce", ("fire", "market"), "mall"),
    ("景区游乐项目检查", "游乐项目检查", "culture_tourism", ("market",), "tourism"),
    ("电动自行车充电设施建设", "充电设施建设", "fire", ("housing", "market"), "ebike"),
    ("锂电企业化成工序整治", "化成工序整治", "industry", ("emergency", "fire"), "lithium"),
    ("水电站除险加固", "除险加固", "water", ("emergency",), "water_supply"),
    ("平台企业从业人员培训", "从业人员培训", "market", ("transport", "postal"), "platform"),
)


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


# ---- enterprises ---------------------------------------------------------------------------------


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
        parts = {f: tuple(links) for f, links in _parts(trade).items()}
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
                stream.choice(agencies), "SERVES", firm.id, **_year(), document="技术服务合同"
            )
        _staff(book, firm, stream)
    for first, second in zip(
        firms_of(firms, "machinery"), firms_of(firms, "building_works"), strict=False
    ):
        book.edge(
            first.id, "CONTRACTS_TO", second.id, **_year(), agreement="安全生产管理协议",
            coordinator=f"{first.id}-safety1", last_check=f"{YEAR}-05-20", qualified=True,
        )  # fmt: skip
    for first, second in zip(firms_of(firms, "mall"), firms_of(firms, "catering"), strict=False):
        book.edge(
            first.id, "LEASES_TO", second.id, **_year(), agreement="安全生产管理协议",
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
    book.edge(bodies[0], "SIGNED_WITH", firm.id, **_year(), document=LETTER)
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
        book.edge(leader, "PAIRED_WITH", thing, **_year(), document="县领导包联方案（虚构）")
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
