"""The invented county once more, with one thing wrong for each rule, and the list of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from .county import FictionalCounty, write_county
from .county_book import Book
from .county_facts import CITY, DATA_DATE, DIVISION, LIST, POINTS, YEAR, ZONE
from .county_firms import Firm
from .register import Table
from .yifeng import COUNTY, TOWNS, villages

__all__ = ["plant_defects"]

Row = dict[str, Any]


class _Planter:
    """Changes rows of the county and writes down what it did."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.planted: list[Row] = []
        self._used: set[str] = set()
        self._tasks = 0

    # ── what was done ──

    def note(
        self, rule: str, nodes: str, what: str, *consequences: str, profile: str = "national"
    ) -> None:
        """One defect: who witnesses it, and which other rules see it as ``RULE:first node``."""
        self.planted.append(
            {
                "rule": rule,
                "profile": profile,
                "nodes": nodes,
                "what": what,
                "consequences": ";".join(consequences),
            }
        )

    # ── rows ──

    def edges(self, source: str | None, kind: str, target: str | None, **cells: Any) -> list[Row]:
        """Edges between two nodes, or from or to one of them."""
        return [
            row
            for row in self.book.rows["edges"]
            if row["kind"] == kind
            and (source is None or row["source"] == source)
            and (target is None or row["target"] == target)
            and all(row.get(name) == cell for name, cell in cells.items())
        ]

    def edge(self, source: str | None, kind: str, target: str | None, **cells: Any) -> Row:
        """The one such edge."""
        (found,) = self.edges(source, kind, target, **cells)
        return found

    def drop(self, table: str, rows: Iterable[Row]) -> None:
        """Take rows out."""
        gone = {id(row) for row in rows}
        self.book.rows[table] = [row for row in self.book.rows[table] if id(row) not in gone]

    def drop_edges(self, source: str | None, kind: str, target: str | None, **cells: Any) -> None:
        """Take edges out; there must be some."""
        found = self.edges(source, kind, target, **cells)
        if not found:
            raise AssertionError(f"no edge {source} {kind} {target}")
        self.drop("edges", found)

    def row(self, table: str, id: str) -> Row:  # noqa: A002
        """The row with that id."""
        (found,) = [row for row in self.book.rows[table] if row["id"] == id]
        return found

    def records(self, subject: str | None, action: str, object: str | None = None) -> list[Row]:  # noqa: A002
        """Records of somebody about something."""
        return [
            row
            for row in self.book.rows["records"]
            if row["action"] == action
            and (subject is None or row["subject"] == subject)
            and (object is None or row.get("object") == object)
        ]

    def drop_records(self, subject: str | None, action: str, object: str | None = None) -> None:  # noqa: A002
        """Take records out; there must be some."""
        found = self.records(subject, action, object)
        if not found:
            raise AssertionError(f"no record {subject} {action} {object}")
        self.drop("records", found)

    def drop_node(self, id: str) -> None:  # noqa: A002
        """Take a node and its edges out."""
        self.drop("nodes", [self.row("nodes", id)])
        self.drop("edges", [r for r in self.book.rows["edges"] if id in (r["source"], r["target"])])

    def firm(self, sector: str, fits: Callable[[Firm], bool] = lambda _: True) -> Firm:
        """An enterprise of a sector that nothing was done to yet."""
        for firm in self.book.firms:
            if firm.trade.sector == sector and firm.id not in self._used and fits(firm):
                self._used.add(firm.id)
                return firm
        raise AssertionError(f"no enterprise of {sector} is left")

    def hazard(self, fits: Callable[[Row], bool]) -> Row:
        """A hazard that nothing was done to yet, of an enterprise that nothing was done to."""
        for row in self.book.rows["hazards"]:
            if row["enterprise"] not in self._used and fits(row):
                self._used.add(row["enterprise"])
                return row
        raise AssertionError("no such hazard is left")

    def task(self, title: str, leads: Iterable[str], **cells: Any) -> str:
        """A task of the county's work points that is right but for what the caller does to it."""
        self._tasks += 1
        task = f"T-{COUNTY}-9{self._tasks}"
        action = f"extra_{self._tasks}"
        self.book.add(
            "tasks",
            **(
                {
                    "id": task, "name": title, "unit": f"D-{COUNTY}-{YEAR}", "action": action,
                    "sectors": "industry", "deadline": f"{YEAR}-10-31", "target": 95,
                    "target_unit": "%", "no": f"9{self._tasks}",
                }
                | cells
            ),
        )  # fmt: skip
        self.book.edge(f"D-{COUNTY}-{YEAR}", "ASSIGNS", task)
        for side in ("party", "gov"):
            self.book.edge(f"{TOWNS_HERE[0]}-{side}", "IMPLEMENTS", task, document=POINTS)
        for number, dept in enumerate(leads, 1):
            self.book.edge(f"{COUNTY}-{dept}", "LEADS_TASK", task, document=POINTS)
            self.book.add(
                "duties", id=f"L9{self._tasks}{number}", subject=f"{COUNTY}-{dept}", action=action,
                valid_from=f"{YEAR}-01-01", document=LIST,
            )  # fmt: skip
        return task


TOWNS_HERE = [code for code in TOWNS if code != ZONE]
_ON = "{:%Y-%m-%d}".format


def plant_defects(seed: int = 1) -> tuple[FictionalCounty, Table]:
    """Make the county of that seed with one defect for each rule, each on nodes of its own.

    Returns
    -------
    (FictionalCounty, Table)
        The county, and what was planted: ``rule``; ``profile`` under which it is seen
        (``national``: under any); ``nodes``, the witness, joined by ``;``, the subject first;
        ``what`` was done; ``consequences``, other rules that see the same thing, as
        ``RULE:first node`` joined by ``;``.

    Examples
    --------
    >>> county, planted = plant_defects(seed=1)
    >>> len(set(planted["rule"]))
    76
    """
    book = write_county(seed)
    planter = _Planter(book)
    for plant in (
        _government,
        _territory,
        _departments,
        _enterprises,
        _hazards,
        _tasks,
        _structure,
    ):
        plant(planter)
    names = ("rule", "profile", "nodes", "what", "consequences")
    table = {name: [row[name] for row in planter.planted] for name in names}
    return FictionalCounty(book.tables()), table


def _government(p: _Planter) -> None:
    town = TOWNS_HERE[1]
    p.drop_edges(f"{town}-party-head", "SAFETY_DUTY", town, duty="first")
    p.note("RG-01", f"{town};{town}-party-head", "删去镇党委书记的第一责任人职责")
    town = TOWNS_HERE[2]
    p.drop_edges(f"{town}-gov-head", "CHAIRS", f"{town}-awh")
    p.note("RG-02", f"{town};{town}-awh", "删去镇长任安委会主任")
    p.row("nodes", f"{COUNTY}-gov-safety")["standing_committee"] = False
    p.note("RG-03", f"{COUNTY};{COUNTY}-gov-safety", "分管安全的副县长不是常委")
    p.drop_edges(f"{COUNTY}-gov-farm", "SAFETY_DUTY", f"{COUNTY}-forestry")
    p.note("RG-04", f"{COUNTY}-gov-farm;{COUNTY}-forestry", "分管林业局而没有相应的安全职责")
    p.drop_edges(None, "IN_CHARGE_OF", f"{COUNTY}-statistics")
    p.note("RG-05", f"{COUNTY}-statistics", "统计局没有分管领导")
    post = f"{TOWNS_HERE[3]}-gov-safety"
    p.drop_records(post, "annual_task_list")
    p.note("RG-06", post, "没有年度任务清单")
    p.edge(None, "HOSTS_OFFICE", f"{COUNTY}-awb")["source"] = f"{COUNTY}-development_reform"
    p.note("RG-07", f"{COUNTY}-awb;{COUNTY}-development_reform", "安委办设在发展改革委")
    special = f"{COUNTY}-zwh-equipment"
    host = p.edge(None, "HOSTS_OFFICE", special)["source"]
    p.drop("edges", [e for e in p.edges(None, "MEMBER_OF", special) if e["source"] != host])
    p.note("RG-08", special, "专委会只剩一个成员单位")
    p.row("nodes", f"{COUNTY}-zwh-water")["sectors"] = "water_supply;road_works"
    p.note(
        "RG-09", f"{COUNTY};{COUNTY}-zwh-building;{COUNTY}-zwh-water", "公路工程同时归两个专委会"
    )
    post = f"{COUNTY}-science-head"
    p.edge(None, "HOLDS", post)["valid_to"] = f"{YEAR}-04-01"
    p.note("RG-10", post, "科技局主要负责人四月起空缺")


def _territory(p: _Planter) -> None:
    book = p.book
    firm = p.firm("light_industry", lambda f: f.place[:9] == TOWNS_HERE[0])
    book.edge(f"{TOWNS_HERE[8]}-gov", "TERRITORIAL", firm.id)
    p.note("RT-01", firm.id, "另一个镇也主张属地管理")
    firm = p.firm("machinery", lambda f: f.place == ZONE)
    book.edge(f"{TOWNS_HERE[0]}-gov", "TERRITORIAL", firm.id)
    p.note(
        "RT-02", f"{firm.id};{TOWNS_HERE[0]}-gov;{ZONE}-gov", "园区企业由镇同时主张而没有划分文件"
    )
    for post in ("head", "inspector1", "inspector2"):
        p.drop_edges(f"{ZONE}-safety-{post}", "SAFETY_DUTY", ZONE)
    p.drop_edges(None, "ENFORCES_FOR", f"{ZONE}-safety")
    p.note("RT-03", f"{ZONE};{ZONE}-safety", "园区安全监管机构没有职责")
    town = TOWNS_HERE[5]
    p.drop_node(f"{town}-safety-inspector2")
    p.note("RT-04", town, "镇只剩一名专职安全员")
    firm = p.firm("textile", lambda f: bool(p.edges(None, "GRID_COVERS", f"{f.id}-S1")))
    p.drop_edges(None, "GRID_COVERS", f"{firm.id}-S1")
    p.note("RT-05", f"{firm.id}-S1", "厂区不在任何网格")
    busy = {f.place for f in book.firms}
    village = next(v for v in villages(TOWNS_HERE[6]) if v in busy)
    for post in ("head", "liaison"):
        p.edge(None, "HOLDS", f"{village}-cun-{post}")["valid_to"] = f"{YEAR}-05-31"
    p.note("RT-06", f"{village}-cun", "村里没有在岗的负责人和联络员")
    quiet = next(v for town in TOWNS_HERE for v in villages(town) if v not in busy)
    book.edge(quiet, "PART_OF", TOWNS_HERE[0 if quiet[:9] == TOWNS_HERE[9] else 9])
    p.note("RT-07", quiet, "一个村有两个上级")
    full = f"{ZONE}-g14"
    for other in (f"{ZONE}-g15", f"{ZONE}-g16"):
        for edge in p.edges(other, "GRID_COVERS", None):
            edge["source"] = full
    p.note("RT-08", full, "三个网格的场所归一名网格员")


def _regulate(p: _Planter, dept: str, firm: Firm, sector: str) -> None:
    """A sector that nobody had gets a regulator, for the county and one enterprise."""
    for target in (COUNTY, firm.id):
        p.book.edge(
            dept, "REGULATES", target, sectors=sector, lead=True, enforce=True, document=LIST
        )


def _departments(p: _Planter) -> None:
    book = p.book
    firm = p.firm("city_gas")
    p.row("enterprises", firm.id)["links"] = "trade;planning"
    for target in (COUNTY, firm.id):
        p.drop_edges(f"{COUNTY}-housing", "REGULATES", target, sectors="city_gas")
    p.note("RD-01", firm.id, "燃气规划建设环节没有监管部门", f"RD-07:{COUNTY}")
    firm = p.firm("machinery", lambda f: f.place == ZONE)
    p.edge(f"{COUNTY}-industry", "REGULATES", firm.id)["lead"] = True
    p.note("RD-02", f"{firm.id};{COUNTY}-emergency;{COUNTY}-industry", "两个部门都是牵头")
    book.edge(f"{COUNTY}-development_reform", "COMPREHENSIVE", COUNTY, document=LIST)
    p.note("RD-03", f"{COUNTY};{COUNTY}-development_reform;{COUNTY}-emergency", "两个综合监管部门")
    firm = p.firm("tourism")
    p.row("enterprises", firm.id)["sectors"] = "tourism;forestry"
    _regulate(p, f"{COUNTY}-forestry", firm, "forestry")
    p.note("RD-04", firm.id, "林业没有行业主管部门")
    for post in ("head", "safety", "inspector1", "inspector2"):
        p.drop_edges(f"{COUNTY}-state_assets-{post}", "SAFETY_DUTY", None)
    p.note("RD-05", f"{COUNTY}-state_assets;G1", "国资管理集团业务而没有安全职责")
    firm = p.firm("catering")
    p.row("enterprises", firm.id)["sectors"] = "catering;script_play"
    p.note(
        "RD-06", COUNTY, "剧本杀没有监管部门",
        f"RD-01:{firm.id}", f"RD-04:{firm.id}", f"RD-09:{COUNTY}",
    )  # fmt: skip
    book.edge(
        f"{COUNTY}-fire", "REGULATES", COUNTY, sectors="city_gas", links="use", enforce=True,
        document=DIVISION,
    )  # fmt: skip
    p.note("RD-07", f"{COUNTY};{COUNTY}-commerce;{COUNTY}-fire", "燃气使用环节列了两个部门")
    firm = p.firm("water_supply")
    del p.edge(f"{COUNTY}-water", "REGULATES", firm.id)["document"]
    p.note("RD-08", f"{COUNTY}-water", "一项监管职责没有注明依据")
    firm = p.firm("light_industry")
    p.row("enterprises", firm.id)["sectors"] = "light_industry;tobacco"
    p.note("RD-09", COUNTY, "烟草没有监管部门", f"RD-01:{firm.id}", f"RD-04:{firm.id}")
    firm = p.firm("catering")
    del p.edge(f"{COUNTY}-approval", "PERMITS", firm.id)["handed_over_to"]
    p.note("RD-10", f"{firm.id};{COUNTY}-approval", "审批后没有移交")
    firm = p.firm("mall", lambda f: not p.records(None, "inspection", f.id))
    for dept, day in (("commerce", "2026-05-04"), ("fire", "2026-05-20")):
        book.record(
            f"{COUNTY}-{dept}", "inspection", day, object=firm.id,
            values={"matter": "疏散通道", "kind": "计划检查"},
        )  # fmt: skip
    p.note("RD-11", f"{firm.id};{COUNTY}-commerce;{COUNTY}-fire", "两个单位重复检查")
    firm = p.firm("building_materials")
    book.edge(
        f"{CITY}-emergency", "REGULATES", firm.id, sectors="building_materials", enforce=True,
        document=LIST,
    )  # fmt: skip
    p.note("RD-12", firm.id, "市、县两级执法")
    firm = p.firm("textile")
    p.drop_edges(None, "REGULATES", firm.id)
    p.note("RD-13", firm.id, "不在任何监管部门的企业名单上")
    firm = p.firm("water_supply", lambda f: not f.soe)
    for dept in ("emergency", "water"):
        book.edge(f"{COUNTY}-{dept}", "LEADS", firm.id)
    p.note("RD-14", f"{firm.id};{COUNTY}-emergency;{COUNTY}-water", "只由经营它的部门监管")


def _enterprises(p: _Planter) -> None:
    book = p.book
    firm = p.firm("ebike")
    p.drop_edges(None, "PRINCIPAL_OF", firm.id)
    p.note("RE-01", firm.id, "没有主要负责人")
    firm = p.firm("building_materials", lambda f: 100 < f.employees < 300)
    p.row("enterprises", firm.id)["safety_body"] = False
    p.row("nodes", f"{firm.id}-safety1")["full_time"] = False
    p.note("RE-02", firm.id, "一百人以上只有兼职安全管理人员")
    firm = p.firm("hazchem_trade")
    chief = p.edge(None, "HOLDS", f"{firm.id}-principal")["source"]
    p.drop_records(chief, "safety_assessment")
    p.note("RE-03", f"{firm.id};{firm.id}-principal;{chief}", "主要负责人没有考核合格记录")
    firm = p.firm("noncoal_mine", lambda f: f.employees < 50)
    p.drop_node(f"{firm.id}-engineer")
    p.note("RE-04", firm.id, "矿山没有注册安全工程师")
    firm = p.firm("care")
    del p.row("nodes", f"{firm.id}-safety1")["assessment_standard"]
    p.note("RE-05", f"{firm.id}-safety1;{firm.id}", "岗位没有考核标准")
    firm = p.firm("machinery", lambda f: f.employees >= 30)
    p.drop_edges(f"{firm.id}-special1", "REPORTS_TO", None)
    p.note("RE-06", f"{firm.id}-special1;{firm.id}", "电工岗位没有上级")
    firm = p.firm("machinery", lambda f: f.employees >= 30)
    worker = p.edge(None, "HOLDS", f"{firm.id}-special1")["source"]
    p.drop_records(worker, "special_operation_certificate")
    p.note("RE-07", f"{firm.id}-special1;{firm.id};{worker}", "电工没有操作证")
    firm = p.firm("hazchem_production", lambda f: f.key)
    p.drop_edges(f"{firm.id}-mhs2", "MHS_CARE", f"{firm.id}-M1")
    p.note("RE-08", f"{firm.id}-M1", "重大危险源没有技术负责人")
    firm = p.firm("smelting", lambda f: f.employees >= 100)
    for edge in p.edges(None, "REPORTS_TO", f"{firm.id}-director"):
        edge["target"] = f"{firm.id}-principal"
    for point in book.rows["risk_points"]:
        if point["controlling_post"] == f"{firm.id}-director":
            point["controlling_post"] = f"{firm.id}-principal"
    p.drop_node(f"{firm.id}-director")
    p.note("RE-09", firm.id, "没有安全总监", profile="shandong")
    edge = next(e for e in p.edges(None, "CONTRACTS_TO", None) if e["source"] not in p._used)
    del edge["agreement"]
    p.note("RE-10", f"{edge['source']};{edge['target']}", "发包没有安全协议")
    firm = p.firm("lithium")
    hand = book.person(employment="dispatched", using_unit=firm.id)
    p.note("RE-11", f"{hand};{firm.id}", "劳务派遣人员没有岗位")
    firm = p.firm("building_materials", lambda f: f.employees >= 60)
    point = p.row("risk_points", f"{firm.id}-F1")
    point["grade"], point["controlling_post"] = "red", f"{firm.id}-team1"
    p.note("RE-12", f"{firm.id}-F1;{firm.id}-team1", "重大风险由班组长管控")
    firm = p.firm("fireworks_trade")
    p.drop_records(firm.id, "liability_insurance")
    p.note("RE-13", firm.id, "没有安责险")
    firm = p.firm("fireworks_trade")
    (check,) = p.records(firm.id, "principal_check")
    check["date"] = f"{YEAR}-05-01"
    p.note("RE-14", firm.id, "两个月没有带队排查")
    firm = p.firm("fireworks_trade")
    (drill,) = p.records(firm.id, "drill")
    drill["date"] = f"{YEAR - 1}-11-01"
    p.note("RE-15", firm.id, "八个月没有演练")
    firm = p.firm("city_gas", lambda f: f.soe)
    p.drop_edges(firm.id, "OWNED_BY", "G1")
    p.note("RE-16", firm.id, "国有企业没有登记集团")


def _hazards(p: _Planter) -> None:
    book = p.book
    row = p.hazard(lambda h: h["grade"] == "general" and h["state"] != "closed")
    del row["funds"]
    p.note("RH-01", row["id"], "没有落实资金")
    row = p.hazard(lambda h: h["grade"] == "major" and h["state"] == "closed")
    del row["supervised_by"]
    p.note("RH-02", row["id"], "没有督办单位")
    row = p.hazard(lambda h: h["grade"] == "major" and h["state"] == "closed")
    row["closed_by"] = f"{row['enterprise']}-principal"
    p.note("RH-03", f"{row['id']};{row['closed_by']}", "由整改责任人销号")
    row = p.hazard(lambda h: h["grade"] == "general" and h["state"] != "closed")
    row["found_on"], row["due_on"] = f"{YEAR}-05-20", f"{YEAR}-06-10"
    p.note("RH-04", row["id"], "超期没有销号")
    row = p.hazard(lambda h: h["grade"] == "general" and h["state"] == "closed")
    (done,) = p.records(None, "rectification", row["id"])
    done["action"], done["subject"] = "penalty", f"{COUNTY}-emergency"
    p.note("RH-05", row["id"], "只罚款就销号")
    row = p.hazard(lambda h: h["grade"] == "general" and h["state"] == "closed")
    later = dt.date.fromisoformat(row["closed_on"]) + dt.timedelta(days=7)
    again = row | {"id": "H9001", "found_on": _ON(later), "state": "rectifying"}
    again["due_on"] = _ON(DATA_DATE + dt.timedelta(days=9))
    for name in ("closed_on", "closed_by", "verified_on", "verified_by"):
        del again[name]
    book.add("hazards", **again)
    p.note("RH-06", f"H9001;{row['id']}", "同类隐患又出现")
    row = p.hazard(lambda h: h["grade"] == "major" and h["state"] == "closed")
    p.drop_records(None, "resumption_acceptance", row["id"])
    p.note("RH-07", row["id"], "停产后没有复产验收就销号")


def _tasks(p: _Planter) -> None:
    book = p.book
    task = p.task("没有责任单位的任务", ())
    p.drop("edges", p.edges(None, "IMPLEMENTS", task))
    p.note("RK-01", task, "任务没有责任单位", f"RK-07:{task}")
    task = p.task("两个单位牵头的任务", ("agriculture", "water"))
    p.note("RK-02", f"{task};{COUNTY}-agriculture;{COUNTY}-water", "任务有两个牵头单位")
    task = p.task("按排序推定牵头的任务", ("forestry",))
    p.edge(None, "LEADS_TASK", task)["confidence"] = "inferred"
    p.note("RK-03", f"{task};{COUNTY}-forestry", "牵头单位只由排序推定")
    task = p.task("交给空集合的任务", ("justice",))
    nobody = book.node(
        "C-nobody", "collective", "县直各矿山监管部门",
        selector={"kind": "dept", "via": {"edge": "REGULATES", "to": f"{ZONE}"}},
    )  # fmt: skip
    book.edge(nobody, "SHARES", task, document=POINTS)
    p.note("RK-04", f"{task};{nobody}", "集合称谓不指向任何单位")
    task = p.task("写了旧单位名的任务", ("hr",))
    book.edge(f"{COUNTY}-old-safety", "ASSISTS", task, document=POINTS)
    p.note("RK-05", f"{task};{COUNTY}-old-safety", "任务交给已撤销的安监局")
    task = p.task("交给上级单位的任务", ("finance",))
    book.edge(f"{CITY}-transport", "ASSISTS", task, document=POINTS)
    p.note("RK-06", f"{task};{CITY}-transport", "任务交给市交通运输局")
    task = p.task("没有党委的任务", ("science",))
    p.drop_edges(f"{TOWNS_HERE[0]}-party", "IMPLEMENTS", task)
    p.note("RK-07", f"{task};{TOWNS_HERE[0]}-gov", "落实单位有政府没有党委")
    task = p.task("期限过晚的任务", ("ecology",), deadline=f"{YEAR + 1}-03-31")
    p.note("RK-08", task, "期限晚于计划期末")
    task = f"T-{COUNTY}-02"
    p.row("tasks", task)["deadline"] = f"{YEAR}-12-15"
    p.note("RK-09", f"{task};T-{CITY}-02", "期限晚于上级")
    book.add(
        "duties", id="L999", subject=f"{COUNTY}-police", action="event_check",
        valid_from=f"{YEAR}-01-01", document=LIST,
    )  # fmt: skip
    p.note("RK-11", f"{COUNTY}-police", "清单上的职责今年没有任务")


def _structure(p: _Planter) -> None:
    book = p.book
    pair = (f"{COUNTY}-agriculture", f"{COUNTY}-forestry")
    for source, target in (pair, pair[::-1]):
        book.edge(source, "OVERSEES_WORK_OF", target)
    p.note("RS-01", ";".join(pair), "两个部门互相督促")
    town = TOWNS_HERE[10]
    book.edge(f"{town}-gov", "LEADS", f"{COUNTY}-supply_marketing")
    p.note("RS-02", f"{town}-gov;{COUNTY}-supply_marketing", "乡政府领导县供销社")
    for firm in [f for f in book.firms if f.trade.sector == "light_industry"][-61:]:
        book.edge("G1", "LEADS", firm.id)
    p.note("RS-03", "G1", "集团直接领导六十一家企业")
    firm = p.firm("lithium", lambda f: not f.key)
    p.row("enterprises", firm.id)["key_unit"] = True
    p.note("RS-04", firm.id, "重点企业没有领导包联")
    pairing = p.edges(f"{COUNTY}-gov-people", "PAIRED_WITH", None)[0]
    (visit,) = p.records(pairing["source"], "visit", pairing["target"])
    visit["date"] = f"{YEAR}-04-20"
    p.note("RS-05", f"{pairing['source']};{pairing['target']}", "两个多月没有走访")
    firm = p.firm("medical")
    p.drop_edges(None, "SIGNED_WITH", firm.id)
    p.note("RS-06", firm.id, "没有签订责任书")
    campus = {f.id for f in book.firms if f.trade.sector == "campus"}
    police = f"{COUNTY}-police"
    p.drop("edges", [e for e in p.edges(police, "REGULATES", None) if e["target"] in campus])
    shared = p.edge(police, "REGULATES", COUNTY)
    shared["sectors"] = ";".join(s for s in shared["sectors"].split(";") if s != "campus")
    p.note("RS-07", f"{COUNTY}-education", "校园只剩一个监管部门")
    special, host = f"{COUNTY}-zwh-gas", f"{COUNTY}-urban_management"
    book.record(special, "assessment", f"{YEAR}-01-26", object=host, values={"rating": "良好"})
    p.note("RS-08", f"{host};{special}", "专委会考核自己的办公室单位")
    old = f"{COUNTY}-old-safety"
    book.edge(f"{COUNTY}-gov-safety", "IN_CHARGE_OF", old)
    p.note("RS-09", old, "分管关系仍指向已撤销的安监局")
    grave = p.row("nodes", "K2")["unit"]
    book.record(f"{COUNTY}-gov", "award", f"{YEAR}-06-01", object=grave)
    p.note("RS-10", f"{grave};K2", "发生较大事故的企业受表彰")
    blamed = f"{COUNTY}-housing"
    p.drop_records(None, "accountability_outcome", blamed)
    p.note("RS-11", f"{blamed};K1", "处理意见没有结果")
