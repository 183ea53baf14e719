"""What is invented of the county before anybody has a name: trades, departments, leaders, tasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

ZONE = "360924400"
CITY = "3609"
PROVINCE = "36"
DATA_DATE = dt.date(2026, 6, 30)
YEAR = DATA_DATE.year

POINTS = f"宜安委〔{YEAR}〕1号（虚构）"
DIVISION = f"宜府办〔{YEAR}〕3号职责分工（虚构）"
LIST = "权力和责任清单（虚构）"
LETTER = f"{YEAR}年度安全生产责任书（虚构）"

ZONE_GRIDS = 16


def this_year() -> dict[str, str]:
    """The span of what is signed for a year."""
    return {"valid_from": f"{YEAR}-01-15", "valid_to": f"{YEAR}-12-31"}


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

    def parts(self) -> dict[str, list[str]]:
        """Links of a divided sector by the department that has them."""
        parts: dict[str, list[str]] = {}
        for link, function in self.links:
            parts.setdefault(function, []).append(link)
        return parts


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
VERTICAL = ("meteorology", "postal")
PARTY_SIDE = ("publicity", "organisation", "political_legal", "union")
SUPPORT = ("finance", "hr", "justice", "statistics", "science", "meteorology", "approval", *PARTY_SIDE)

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
# fmt: on

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
