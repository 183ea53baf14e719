"""Synthetic registers and an invented city, for examples, demonstrations and tests.

No enterprise, risk point or score made here is real: names begin with 示例, credit codes carry
the region 99, which GB/T 2260 assigns to nobody, and the places of towns inside a county are
drawn at random. What is like life is the shape of the data: the kinds of enterprises a county
lives on, how many risk points each has, which hazards they are, and a few grave ones among many
that are not.

The same arguments give the same bytes on every machine and with every version of Python and
NumPy: random numbers come from a counter (SplitMix64), each thing draws from a stream named
after it, and only additions, multiplications, divisions and comparisons touch coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["KINDS", "FictionalCity", "fictional_city", "plant", "register"]

T = TypeVar("T")
Table = dict[str, list[Any]]
Ring = list[tuple[float, float]]

_MASK = (1 << 64) - 1
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_DEGREE_M = 111_320.0  # metres in a degree of latitude; nothing here is surveyed


def _mix(value: int) -> int:
    """Finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class _Stream:
    """Random numbers that depend on the keys only, so that no draw shifts another thing's."""

    def __init__(self, *keys: int | str) -> None:
        self._state = 0
        for key in keys:
            for byte in str(key).encode() + b"\x00":
                self._state = _mix((self._state * 257 + byte + 1) & _MASK)

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        return _mix(self._state)

    def below(self, bound: int) -> int:
        """Draw an integer in [0, bound)."""
        return (self._next() * bound) >> 64

    def real(self, low: float = 0.0, high: float = 1.0) -> float:
        """Draw a number in [low, high)."""
        return low + (high - low) * ((self._next() >> 11) * 2.0**-53)

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def weighted(self, items: Mapping[T, int]) -> T:
        """Key drawn in proportion to its weight."""
        ticket = self.below(sum(items.values()))
        for item, weight in items.items():
            ticket -= weight
            if ticket < 0:
                return item
        raise AssertionError("weights are not positive")

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in random order."""
        pool = list(items)
        return [pool.pop(self.below(len(pool))) for _ in range(count)]

    def disc(self, radius: float) -> tuple[float, float]:
        """Point of a disc about the origin, without sines."""
        while True:
            x, y = self.real(-1.0, 1.0), self.real(-1.0, 1.0)
            if x * x + y * y <= 1.0:
                return radius * x, radius * y


# --- What there is: kinds of enterprises and their hazards ---------------------------------------

# Name of a risk point, hazard, accident type (GB 6441), how bad it may get (1 mild … 4 many
# deaths), post that controls it.
Hazard = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Kind:
    """A kind of enterprise: what it is called, where it stands and what is dangerous there."""

    title: str
    forms: tuple[tuple[str, str], ...]  # end of the name, class of GB/T 4754-2017
    employees: tuple[int, int]
    high_risk: bool
    place: str  # park, urban, town or rural
    spread_m: int  # risk points lie within this distance of the enterprise
    points: tuple[int, int]  # share of the register's points, relative
    grades: Mapping[str, int]  # gravest grade of an enterprise, weights
    hazards: tuple[Hazard, ...]


_COMMON: tuple[Hazard, ...] = (
    ("配电室", "高低压配电装置带电", "触电", 2, "电工班班长"),
    ("空压机房", "储气罐超压、安全阀失效", "容器爆炸", 2, "设备主管"),
    ("叉车作业", "厂内机动车辆行驶装卸", "车辆伤害", 2, "仓储班班长"),
    ("污水处理池", "有限空间缺氧、硫化氢积聚", "中毒和窒息", 3, "环保专员"),
    ("登高检修作业", "临边、梯台防护缺失", "高处坠落", 2, "设备主管"),
    ("动火作业", "焊割火花引燃可燃物", "火灾", 3, "安全员"),
    ("临时用电", "线路私拉乱接、漏电保护缺失", "触电", 2, "电工班班长"),
    ("职工食堂", "燃气泄漏、油烟管道积油", "火灾", 2, "后勤主管"),
    ("职工宿舍", "违规用电、疏散通道堵塞", "火灾", 2, "后勤主管"),
    ("成品仓库", "物料堆垛过高、消防设施不足", "火灾", 1, "仓储班班长"),
    ("危废暂存间", "危险废物泄漏、混存", "中毒和窒息", 1, "环保专员"),
    ("厂区道路", "运输车辆与行人混行", "车辆伤害", 1, "安全员"),
    ("行车吊装", "吊索具断裂、吊物坠落", "起重伤害", 2, "生产班班长"),
    ("锅炉房", "锅炉超压、缺水", "锅炉爆炸", 3, "设备主管"),
    ("电梯及升降平台", "限位装置失效", "机械伤害", 1, "设备主管"),
)

_PUBLIC: tuple[Hazard, ...] = (
    ("配电室", "电气线路老化、过负荷", "火灾", 2, "后勤主管"),
    ("消防控制室", "消防设施故障、无人值守", "火灾", 2, "消防主管"),
    ("疏散通道", "通道占用、应急照明失效", "其他伤害", 2, "安全员"),
    ("自动扶梯及电梯", "夹卷、困人", "机械伤害", 1, "设备主管"),
    ("食堂厨房", "燃气泄漏、油锅起火", "火灾", 2, "后勤主管"),
    ("外墙及广告牌", "构件脱落", "物体打击", 1, "后勤主管"),
    ("电动自行车充电点", "电池热失控", "火灾", 2, "安全员"),
    ("地下停车场", "车辆碰撞、一氧化碳积聚", "车辆伤害", 1, "安全员"),
)

_MILD = {"orange": 4, "yellow": 66, "blue": 30}

# Tables of this module are written as tables.
# fmt: off
#: Kinds of enterprises by id.
KINDS: dict[str, Kind] = {
    "lithium": Kind(
        "锂电新材料",
        (("锂盐材料有限公司", "C2613"), ("锂电池有限公司", "C3841"), ("电池材料有限公司", "C3985")),
        (60, 900), True, "park", 280, (14, 26), {"red": 3, "orange": 38, "yellow": 58, "blue": 1},
        (
            ("回转窑焙烧", "高温物料喷溅、燃气泄漏", "灼烫", 3, "焙烧车间主任"),
            ("硫酸储罐区", "浓硫酸泄漏", "灼烫", 3, "储运班班长"),
            ("天然气调压站", "天然气泄漏", "其他爆炸", 4, "动力车间主任"),
            ("电芯化成老化库", "电池热失控", "火灾", 4, "化成车间主任"),
            ("极片涂布烘干", "NMP 蒸气积聚", "火灾", 3, "涂布班班长"),
            ("电解液库", "易燃液体泄漏", "火灾", 3, "仓储班班长"),
            ("粉料输送", "粉尘沉积、机械卷入", "机械伤害", 2, "生产班班长"),
            ("蒸发结晶釜", "带压高温设备", "灼烫", 2, "生产班班长"),
        ),
    ),
    "fireworks": Kind(
        "烟花爆竹",
        (("花炮厂", "C2672"), ("烟花制造有限公司", "C2672"), ("引线厂", "C2672")),
        (40, 320), True, "rural", 300, (16, 28),
        {"red": 13, "orange": 49, "yellow": 37, "blue": 1},
        (
            ("装药工房", "药物撞击、摩擦、静电", "火药爆炸", 4, "装药工房主管"),
            ("混药工房", "氧化剂与还原剂混合", "火药爆炸", 4, "混药工房主管"),
            ("亮珠制造", "药物摩擦发热", "火药爆炸", 4, "药物线主任"),
            ("晒场", "高温暴晒、超量存放", "火药爆炸", 3, "药物线主任"),
            ("药物中转库", "超量存药、防雷失效", "火药爆炸", 4, "仓库保管员"),
            ("成品库", "堆码超高、火源管控不严", "火药爆炸", 3, "仓库保管员"),
            ("引线制作", "机械摩擦、静电", "火药爆炸", 3, "引线工房主管"),
            ("结鞭插引", "人员超员", "火药爆炸", 3, "插引工房主管"),
            ("氧化剂库", "受潮、混存", "火灾", 2, "仓库保管员"),
        ),
    ),
    "ceramics": Kind(
        "陶瓷",
        (("建筑陶瓷有限公司", "C3071"), ("日用瓷有限公司", "C3074"), ("特种陶瓷有限公司", "C3073")),
        (80, 700), False, "park", 260, (10, 20), {"orange": 18, "yellow": 76, "blue": 6},
        (
            ("煤气发生炉", "煤气泄漏、炉膛爆燃", "中毒和窒息", 4, "煤气站站长"),
            ("辊道窑", "高温、燃气回火", "灼烫", 3, "窑炉班班长"),
            ("喷雾干燥塔", "高温热风、高处检修", "灼烫", 2, "制粉车间主任"),
            ("球磨机", "机械传动卷入", "机械伤害", 2, "原料班班长"),
            ("压砖机", "模具挤压", "机械伤害", 2, "成型班班长"),
            ("原料堆棚", "装载机作业、料堆坍塌", "坍塌", 2, "原料班班长"),
            ("釉料配制", "粉尘、有毒色料", "中毒和窒息", 1, "釉线班班长"),
        ),
    ),
    "pharma": Kind(
        "医药",
        (("药业有限公司", "C2740"), ("中药饮片有限公司", "C2730"), ("原料药有限公司", "C2710")),
        (40, 520), False, "park", 200, (9, 18), {"orange": 13, "yellow": 77, "blue": 10},
        (
            ("乙醇提取车间", "乙醇蒸气泄漏", "火灾", 3, "提取车间主任"),
            ("乙醇储罐区", "易燃液体泄漏、静电", "其他爆炸", 4, "储运班班长"),
            ("合成反应釜", "反应失控、超压", "容器爆炸", 4, "合成车间主任"),
            ("饮片炒制", "明火、高温", "灼烫", 2, "炮制班班长"),
            ("粉碎制粒", "药物粉尘积聚", "其他爆炸", 2, "制剂车间主任"),
            ("中药材仓库", "药材自燃、熏蒸剂中毒", "火灾", 2, "仓储班班长"),
            ("压力蒸汽灭菌柜", "带压开门", "容器爆炸", 2, "制剂车间主任"),
        ),
    ),
    "coal": Kind(
        "煤矿",
        (("煤业有限公司", "B0610"), ("煤矿", "B0610")),
        (180, 900), True, "rural", 300, (20, 30), {"red": 18, "orange": 60, "yellow": 22},
        (
            ("回采工作面", "瓦斯积聚、顶板破碎", "瓦斯爆炸", 4, "采煤队队长"),
            ("掘进工作面", "煤与瓦斯突出", "瓦斯爆炸", 4, "掘进队队长"),
            ("采空区", "自然发火、积水", "透水", 4, "通风队队长"),
            ("顶板支护", "支护不及时", "冒顶片帮", 3, "采煤队队长"),
            ("主通风机", "停风、反风失效", "中毒和窒息", 3, "通风队队长"),
            ("井下爆破作业", "未执行一炮三检", "放炮", 4, "爆破班班长"),
            ("提升绞车", "断绳、过卷", "起重伤害", 3, "机电队队长"),
            ("井下皮带运输", "皮带跑偏起火", "火灾", 3, "运输队队长"),
            ("矸石山", "坍塌、自燃", "坍塌", 2, "地面班班长"),
        ),
    ),
    "chemicals": Kind(
        "危险化学品",
        (("精细化工有限公司", "C2614"), ("盐化有限公司", "C2611"), ("化工仓储有限公司", "G5942")),
        (40, 420), True, "park", 300, (14, 26),
        {"red": 10, "orange": 48, "yellow": 41, "blue": 1},
        (
            ("液氯储存间", "液氯泄漏", "中毒和窒息", 4, "氯碱车间主任"),
            ("氯化反应釜", "放热失控", "容器爆炸", 4, "合成车间主任"),
            ("甲醇储罐区", "易燃液体泄漏、雷击", "其他爆炸", 4, "储运班班长"),
            ("装卸车鹤管", "静电、软管脱落", "火灾", 3, "装卸班班长"),
            ("加氢装置", "氢气泄漏", "其他爆炸", 4, "加氢车间主任"),
            ("盐酸吸收塔", "腐蚀性气体泄漏", "灼烫", 2, "生产班班长"),
            ("管廊", "法兰泄漏、管线腐蚀", "中毒和窒息", 2, "设备主管"),
            ("中控室", "联锁摘除、报警失效", "其他爆炸", 3, "工艺主管"),
        ),
    ),
    "metallurgy": Kind(
        "冶金有色",
        (("铜材有限公司", "C3251"), ("再生金属有限公司", "C3240"), ("特钢有限公司", "C3130")),
        (60, 800), True, "park", 300, (12, 24), {"orange": 36, "yellow": 60, "blue": 4},
        (
            ("熔炼炉", "高温熔融金属遇水", "灼烫", 4, "熔炼车间主任"),
            ("熔融金属吊运", "钢包倾翻", "灼烫", 4, "起重班班长"),
            ("煤气柜", "煤气泄漏", "中毒和窒息", 4, "煤气站站长"),
            ("轧机", "轧件飞出、卷入", "机械伤害", 3, "轧钢班班长"),
            ("除尘器", "金属粉尘爆炸", "其他爆炸", 3, "环保专员"),
            ("酸洗槽", "酸雾、酸液飞溅", "灼烫", 2, "酸洗班班长"),
            ("循环水泵房", "断水", "其他伤害", 2, "动力车间主任"),
        ),
    ),
    "materials": Kind(
        "建材",
        (("水泥有限公司", "C3011"), ("混凝土有限公司", "C3021"), ("墙材有限公司", "C3024")),
        (25, 360), False, "town", 240, (8, 16), {"orange": 11, "yellow": 76, "blue": 13},
        (
            ("水泥筒库清库", "有限空间、物料坍塌", "坍塌", 3, "制成车间主任"),
            ("破碎机", "卷入、物料飞溅", "机械伤害", 2, "原料班班长"),
            ("皮带输送机", "防护罩缺失", "机械伤害", 2, "原料班班长"),
            ("预热器清堵", "高温物料喷出", "灼烫", 3, "烧成班班长"),
            ("搅拌机检修", "未上锁挂牌", "机械伤害", 3, "设备主管"),
            ("砂石料仓", "料仓坍塌", "坍塌", 2, "仓储班班长"),
        ),
    ),
    "quarry": Kind(
        "非煤矿山",
        (("采石场", "B1011"), ("矿业有限公司", "B1019")),
        (20, 160), True, "rural", 300, (9, 17), {"orange": 34, "yellow": 63, "blue": 3},
        (
            ("露天边坡", "边坡失稳", "坍塌", 4, "采矿队队长"),
            ("爆破作业", "飞石、哑炮", "放炮", 4, "爆破班班长"),
            ("民爆物品库", "防盗防雷失效", "火药爆炸", 4, "仓库保管员"),
            ("矿山道路运输", "制动失灵、路肩垮塌", "车辆伤害", 3, "运输队队长"),
            ("排土场", "滑坡", "坍塌", 3, "采矿队队长"),
            ("破碎站", "卷入、粉尘", "机械伤害", 2, "加工班班长"),
        ),
    ),
    "timber": Kind(
        "竹木加工",
        (("竹业有限公司", "C2041"), ("木业有限公司", "C2021"), ("家具有限公司", "C2110")),
        (12, 180), False, "town", 150, (7, 13), {"yellow": 68, "blue": 32},
        (
            ("锯切机", "锯片伤人", "机械伤害", 2, "木工班班长"),
            ("砂光除尘系统", "木粉尘积聚", "其他爆炸", 3, "设备主管"),
            ("烘干窑", "竹木料过热起火", "火灾", 2, "烘干班班长"),
            ("喷漆房", "漆雾、溶剂蒸气", "火灾", 3, "喷涂班班长"),
            ("热压机", "导热油泄漏", "灼烫", 2, "热压班班长"),
            ("原料堆场", "可燃物堆积", "火灾", 2, "仓储班班长"),
        ),
    ),
    "food": Kind(
        "食品加工",
        (("粮油有限公司", "C1311"), ("食品有限公司", "C1353"), ("冷链食品有限公司", "C1353")),
        (20, 300), False, "park", 160, (7, 14), {"orange": 3, "yellow": 73, "blue": 24},
        (
            ("液氨制冷机房", "液氨泄漏", "中毒和窒息", 4, "制冷班班长"),
            ("粮食筒仓", "粉尘爆炸、人员陷埋", "其他爆炸", 3, "仓储班班长"),
            ("绞肉切割机", "卷入、切割", "机械伤害", 2, "生产班班长"),
            ("冷库", "聚氨酯保温材料起火", "火灾", 3, "仓储班班长"),
            ("油炸线", "高温油", "灼烫", 2, "生产班班长"),
        ),
    ),
    "fuel": Kind(
        "加油站",
        (("加油站", "F5265"), ("加油加气站", "F5266")),
        (5, 18), True, "town", 40, (5, 9), {"orange": 3, "yellow": 80, "blue": 17},
        (
            ("卸油作业", "静电、油气积聚", "火灾", 3, "当班卸油员"),
            ("埋地油罐区", "油罐渗漏", "其他爆炸", 4, "站长"),
            ("加油机", "油品滴漏、静电", "火灾", 3, "当班加油员"),
            ("油气回收装置", "管路堵塞", "火灾", 2, "站长"),
            ("罐区检修", "有限空间作业", "中毒和窒息", 3, "站长"),
            ("站房配电", "非防爆电器", "触电", 2, "站长"),
        ),
    ),
    "construction": Kind(
        "建筑工地",
        (("花园住宅工程项目部", "E4710"), ("市政道路工程项目部", "E4813")),
        (40, 260), True, "urban", 180, (9, 16), {"orange": 17, "yellow": 77, "blue": 6},
        (
            ("深基坑", "支护变形、降水失效", "坍塌", 4, "项目经理"),
            ("塔式起重机", "超载、附着失效", "起重伤害", 4, "机械管理员"),
            ("高支模", "立杆间距超标", "坍塌", 4, "施工员"),
            ("悬挑脚手架", "连墙件缺失", "高处坠落", 3, "施工员"),
            ("施工升降机", "防坠器失效", "高处坠落", 3, "机械管理员"),
            ("临边洞口", "防护缺失", "高处坠落", 3, "安全员"),
            ("钢筋加工棚", "机械伤人", "机械伤害", 1, "班组长"),
        ),
    ),
    "transport": Kind(
        "道路运输",
        (("危货运输有限公司", "G5435"), ("客运有限公司", "G5421"), ("物流有限公司", "G5431")),
        (15, 220), True, "urban", 150, (6, 11), {"orange": 9, "yellow": 80, "blue": 11},
        (
            ("危险货物运输车辆", "罐体泄漏、侧翻", "车辆伤害", 4, "运营主管"),
            ("长途客运车辆", "疲劳驾驶、超速", "车辆伤害", 3, "运营主管"),
            ("车辆检修车间", "顶升失稳", "机械伤害", 2, "机务主管"),
            ("停车场", "夜间停放、电池起火", "火灾", 2, "安全员"),
            ("动态监控平台", "报警处置不及时", "其他伤害", 1, "监控员"),
        ),
    ),
    "mall": Kind(
        "商场市场",
        (("购物中心", "F5211"), ("超市", "F5212"), ("农贸市场", "F5212")),
        (20, 400), False, "urban", 120, (6, 12), _MILD,
        (
            ("中庭及扶梯", "人员密集、踩踏", "其他伤害", 3, "运营主管"),
            ("餐饮区燃气", "燃气泄漏", "其他爆炸", 3, "工程主管"),
            ("儿童游乐区", "设施脱落", "其他伤害", 2, "运营主管"),
            ("装修施工", "违规动火", "火灾", 3, "工程主管"),
        ),
    ),
    "school": Kind(
        "学校",
        (("小学", "P8321"), ("初级中学", "P8331"), ("高级中学", "P8334"), ("幼儿园", "P8310")),
        (18, 260), False, "urban", 120, (5, 10), {"yellow": 55, "blue": 45},
        (
            ("化学实验室", "危险化学品管理", "中毒和窒息", 2, "实验室管理员"),
            ("学生宿舍", "违规用电", "火灾", 3, "宿管主任"),
            ("教学楼楼梯间", "集中上下楼踩踏", "其他伤害", 2, "德育主任"),
            ("校车", "超员、行驶", "车辆伤害", 3, "后勤主管"),
            ("体育设施", "器材老化", "其他伤害", 1, "体育组组长"),
        ),
    ),
    "tourism": Kind(
        "旅游景区",
        (("景区管理有限公司", "N7861"), ("森林康养有限公司", "N7862")),
        (15, 180), False, "rural", 300, (6, 12), {"yellow": 70, "blue": 30},
        (
            ("玻璃栈道", "护栏松动、超员", "高处坠落", 3, "运营主管"),
            ("漂流河段", "涨水、翻艇", "淹溺", 3, "水上项目主管"),
            ("观光索道", "停电滞留", "高处坠落", 3, "索道站站长"),
            ("林区防火", "游客用火", "火灾", 2, "护林员"),
            ("温泉泡池", "滑倒、溺水", "淹溺", 1, "运营主管"),
        ),
    ),
    "care": Kind(
        "医院养老",
        (("综合医院", "Q8411"), ("养老服务中心", "Q8514")),
        (20, 420), False, "urban", 100, (5, 10), {"orange": 2, "yellow": 66, "blue": 32},
        (
            ("医用氧气站", "氧气泄漏", "其他爆炸", 3, "设备主管"),
            ("病房及居室", "失能人员疏散困难", "火灾", 3, "护理部主任"),
            ("锅炉及热水间", "超压、烫伤", "灼烫", 2, "后勤主管"),
            ("药品库", "易燃消毒剂存放", "火灾", 2, "药剂科主任"),
        ),
    ),
}
# fmt: on

_PUBLIC_KINDS = frozenset({"mall", "school", "tourism", "care", "fuel"})

#: Kinds that every county has, with weights.
_EVERYWHERE = {
    "fuel": 4,
    "school": 3,
    "mall": 2,
    "construction": 3,
    "transport": 2,
    "materials": 2,
    "food": 2,
    "care": 1,
}


# --- Places --------------------------------------------------------------------------------------


class _Area:
    """A county's polygons, asked whether they hold a point."""

    def __init__(self, geometry: Mapping[str, Any]) -> None:
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = [np.asarray(ring, dtype=np.float64)[:, :2] for part in polygons for ring in part]
        starts = np.concatenate([ring[:-1] for ring in rings])
        ends = np.concatenate([ring[1:] for ring in rings])
        self._x1, self._y1 = starts[:, 0], starts[:, 1]
        self._y2 = ends[:, 1]
        rise = np.where(ends[:, 1] == starts[:, 1], 1.0, ends[:, 1] - starts[:, 1])
        self._run = (ends[:, 0] - starts[:, 0]) / rise
        largest = max(rings, key=len)
        self.west, self.south = (float(v) for v in largest.min(axis=0))
        self.east, self.north = (float(v) for v in largest.max(axis=0))
        # A cosine by its series, rounded: only the shape of a cluster hangs on it.
        angle = (self.south + self.north) / 2 * 0.017453292519943295
        self.lon_m = round(_DEGREE_M * (1 - angle**2 / 2 + angle**4 / 24 - angle**6 / 720), 0)

    def holds(self, lon: float, lat: float) -> bool:
        """Ray casting over all rings: inside when the ray crosses an odd number of edges."""
        spans = (self._y1 > lat) != (self._y2 > lat)
        crossings = self._x1 + (lat - self._y1) * self._run
        return bool(np.count_nonzero(spans & (lon < crossings)) % 2)

    def holds_around(self, lon: float, lat: float, margin_m: float) -> bool:
        dx, dy = margin_m / self.lon_m, margin_m / _DEGREE_M
        return all(
            self.holds(lon + i * dx, lat + j * dy)
            for i, j in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
        )

    def near(
        self, stream: _Stream, lon: float, lat: float, radius_m: float, margin_m: float = 0.0
    ) -> tuple[float, float]:
        """Place within `radius_m`, and `margin_m` from the border where that can be had."""
        for attempt in range(60):
            dx, dy = stream.disc(radius_m)
            pull = stream.real(0.35, 1.0)  # denser in the middle
            place = round(lon + pull * dx / self.lon_m, 5), round(lat + pull * dy / _DEGREE_M, 5)
            if self.holds_around(*place, margin_m if attempt < 40 else 0.0):
                return place
        return lon, lat

    def anywhere(self, stream: _Stream, margin_m: float) -> tuple[float, float]:
        for attempt in range(400):
            place = (
                round(stream.real(self.west, self.east), 5),
                round(stream.real(self.south, self.north), 5),
            )
            if self.holds_around(*place, margin_m if attempt < 300 else 0.0):
                return place
        raise AssertionError("no place found inside a county")


@dataclass(frozen=True)
class _Town:
    code: str
    place: str  # park, urban, town or rural
    lon: float
    lat: float


_PARK_WORDS = ("工业", "开发区", "产业", "新区", "园区", "新城")
_NO_TOWN = ("监狱", "管理局", "林场", "垦殖场", "园艺场", "良种场", "公司")


def _towns(county: str, rows: Iterable[Mapping[str, str]], area: _Area, seed: int) -> list[_Town]:
    """Invents a place for each town: streets and parks about the seat, the rest spread out."""
    stream = _Stream(seed, "towns", county)
    inside = (area.west + area.east) / 2, (area.south + area.north) / 2
    seat = min(
        (area.anywhere(stream, 4000.0) for _ in range(25)),
        key=lambda p: (p[0] - inside[0]) ** 2 + (p[1] - inside[1]) ** 2,
    )
    taken = [seat]
    towns = []
    for row in rows:
        name, code = row["name"], row["code"]
        if any(word in name for word in _PARK_WORDS):
            place, spot = "park", area.near(stream, *seat, 7000.0, 1500.0)
        elif any(word in name for word in _NO_TOWN):
            continue
        elif name.endswith(("街道", "街道办事处")):
            place, spot = "urban", area.near(stream, *seat, 3500.0, 1000.0)
        else:
            place = "town" if name.endswith("镇") else "rural"
            tries = [area.anywhere(stream, 1500.0) for _ in range(10)]
            spot = max(
                tries,
                key=lambda p: min((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for q in taken),
            )
            taken.append(spot)
        towns.append(_Town(code, place, *spot))
    return towns


# --- Credit codes --------------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _credit_code(region: str, number: int) -> str:
    """Code with both check characters right and a region that nobody has (GB 32100, GB 11714)."""
    organisation = f"{number:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(int(c) * w for c, w in zip(organisation, weights, strict=True)) % 11
    code = f"91{region}{organisation}{'X' if check == 10 else check % 11}"
    total = sum(_ALPHABET.index(c) * (3**i % 31) for i, c in enumerate(code))
    return code + _ALPHABET[-total % 31]


# --- Scores --------------------------------------------------------------------------------------

_L = (0.1, 0.2, 0.5, 1.0, 3.0, 6.0, 10.0)
_E = {6.0: 42, 3.0: 24, 2.0: 14, 10.0: 6, 1.0: 9, 0.5: 5}
_C = {
    1: {3.0: 55, 7.0: 25, 1.0: 20},
    2: {7.0: 45, 15.0: 30, 3.0: 25},
    3: {15.0: 62, 7.0: 26, 40.0: 12},
    4: {15.0: 48, 40.0: 46, 100.0: 6},
}
_S = {
    1: {1: 25, 2: 55, 3: 20},
    2: {2: 35, 3: 50, 4: 15},
    3: {3: 30, 4: 45, 5: 25},
    4: {4: 35, 5: 65},
}

# Colours from the mildest. The numbers only give the random data its shape (products that stay
# at or below them are not graver); what a point is graded is for the packs to say.
_ORDER = ("blue", "yellow", "orange", "red")
_LEC_CEILING = {"blue": 70.0, "yellow": 160.0, "orange": 320.0, "red": math.inf}
_LS_CEILING = {"blue": 8, "yellow": 12, "orange": 16, "red": 25}
_LEC_AT: dict[str, tuple[tuple[float, float, float], ...]] = {
    "red": ((6, 6, 15), (3, 10, 15), (3, 6, 40), (1, 10, 40), (1, 6, 100)),
    "orange": ((3, 6, 15), (1, 6, 40), (6, 6, 7), (3, 10, 7), (6, 3, 15), (3, 2, 40)),
    "yellow": ((1, 6, 15), (3, 6, 7), (1, 10, 15), (3, 3, 15), (0.5, 6, 40), (6, 6, 3)),
}
_LS_AT = {
    "red": ((4, 5), (5, 4), (5, 5)),
    "orange": ((3, 5), (4, 4), (5, 3)),
    "yellow": ((3, 4), (3, 3), (2, 5), (4, 3)),
}


def _score(stream: _Stream, method: str, gravity: int, ceiling: str, reach: bool) -> dict[str, Any]:
    """Factors that are not graver than `ceiling`; that reach it if `reach`."""
    blank = {"L": None, "E": None, "C": None, "S": None}
    if method == "ls":
        if reach and ceiling in _LS_AT:
            often, severe = stream.choice(_LS_AT[ceiling])
            return blank | {"L": often, "S": severe}
        severe = stream.weighted(_S[gravity])
        often = stream.weighted({1: 22, 2: 38, 3: 27, 4: 13})
        while often > 1 and often * severe > _LS_CEILING[ceiling]:
            often -= 1
        return blank | {"L": often, "S": severe}
    if reach and ceiling in _LEC_AT:
        likely, exposed, bad = stream.choice(_LEC_AT[ceiling])
        return blank | {"L": float(likely), "E": float(exposed), "C": float(bad)}
    bad = stream.weighted(_C[gravity])
    exposed = stream.weighted(_E)
    step = stream.weighted({3: 42, 4: 28, 2: 18, 5: 6, 1: 4, 0: 2})
    while step and _L[step] * exposed * bad > _LEC_CEILING[ceiling]:
        step -= 1
    if _L[step] * exposed * bad > _LEC_CEILING[ceiling]:
        exposed = 3.0
    return blank | {"L": _L[step], "E": exposed, "C": bad}


# --- The register --------------------------------------------------------------------------------


def _share(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` in proportion to weights by largest remainders."""
    scale = total / math.fsum(weights)  # sum() of floats is another sum since Python 3.12
    counts = [int(w * scale) for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - weights[i] * scale, i))
    for i in order[: total - sum(counts)]:
        counts[i] += 1
    return counts


def _enterprise_name(kind_count: int, form: str, stream: _Stream) -> str:
    # The 120 pairs of a stem and a branch (the calendar uses 60 of them): nobody's brand.
    number = kind_count % 120
    rounds = kind_count // 120
    pair = _STEMS[number % 10] + _BRANCHES[(number // 10 + number) % 12]
    return f"示例{pair}{'' if not rounds else stream.choice('东南西北')}{form}"


def register(
    divisions: Sequence[Mapping[str, str]],
    boundaries: Mapping[str, Any],
    *,
    enterprises: int = 480,
    points: int = 6000,
    seed: int = 1,
    profiles: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Table]:
    """Synthetic enterprises and risk points for the counties of a map.

    Parameters
    ----------
    divisions
        Rows with ``code``, ``name`` and ``level``; towns and, where given, villages are used.
    boundaries
        GeoJSON ``FeatureCollection`` of the counties, property ``code``, longitude and latitude.
    enterprises, points
        Number of rows of each table; at least one enterprise for each county and one point for
        each enterprise.
    seed
        Any integer; equal seeds give equal tables.
    profiles
        By county code, weights of the kinds (`KINDS`) that the county has beside those that every
        county has. A county that is not named has only these.

    Returns
    -------
    dict
        Tables ``enterprises`` and ``risk_points`` as columns of equal length, under the canonical
        names. A missing value is ``None``. About 70 of 100 points use method ``lec``, the others
        ``ls``; one in 25 has no division and must be located.

    Raises
    ------
    ValueError
        There are fewer enterprises than counties, or fewer points than enterprises.

    Examples
    --------
    >>> city = fictional_city(seed=1, enterprises=20, points=100)
    >>> tables = register(city.divisions, city.boundaries, enterprises=12, points=50, seed=7)
    >>> {name: len(table["id"]) for name, table in tables.items()}
    {'enterprises': 12, 'risk_points': 50}
    """
    features = sorted(boundaries["features"], key=lambda f: str(f["properties"]["code"]))
    if not len(features) <= enterprises <= points:
        raise ValueError(
            f"{len(features)} counties, {enterprises} enterprises and {points} points: "
            "each county needs an enterprise and each enterprise a point"
        )
    villages: dict[str, list[str]] = {}
    for row in divisions:
        if row["level"] == "village":
            villages.setdefault(row["code"][:9], []).append(row["code"])

    firms = _Firms(villages, seed)
    mixes = []
    for feature in features:
        code = str(feature["properties"]["code"])
        mixes.append(_EVERYWHERE | dict((profiles or {}).get(code, {})))
    shares = _share(enterprises - len(features), [float(sum(mix.values())) for mix in mixes])
    for feature, mix, count in zip(features, mixes, shares, strict=True):
        code = str(feature["properties"]["code"])
        rows = [r for r in divisions if r["level"] == "town" and r["code"].startswith(code)]
        area = _Area(feature["geometry"])
        firms.settle(code, area, _towns(code, rows, area, seed), mix, count + 1)
    return {"enterprises": firms.table, "risk_points": firms.risk_points(points)}


class _Firms:
    """Enterprises as they are founded, county by county."""

    columns = (
        "id", "name", "credit_code", "division", "industry", "employees", "high_risk", "lon", "lat"
    )  # fmt: skip
    point_columns = (
        "id", "enterprise", "name", "method", "L", "E", "C", "S", "lon", "lat", "division",
        "controlling_post", "hazard", "accident_type",
    )  # fmt: skip

    def __init__(self, villages: Mapping[str, list[str]], seed: int) -> None:
        self.table: Table = {column: [] for column in self.columns}
        self._villages, self._seed = villages, seed
        self._kinds: list[Kind] = []
        self._kind_ids: list[str] = []
        self._areas: list[_Area] = []
        self._counts: dict[str, int] = {}

    def settle(
        self, county: str, area: _Area, towns: Sequence[_Town], mix: Mapping[str, int], count: int
    ) -> None:
        kinds = list(mix)
        for kind_id, number in zip(
            kinds, _share(count, [float(mix[k]) for k in kinds]), strict=True
        ):
            kind = KINDS[kind_id]
            # A trade gathers in a few towns, so that the map shows clusters.
            stream = _Stream(self._seed, "trade", county, kind_id)
            hosts = [t for t in towns if t.place == kind.place] or list(towns)
            if kind.place == "rural":
                hosts = [t for t in towns if t.place in ("rural", "town")] or hosts
                hosts = stream.sample(hosts, min(len(hosts), 5))
            elif kind.place == "park":  # most in the park, some in the town they began in
                outside = [t for t in towns if t.place == "town"]
                hosts = hosts * 3 + stream.sample(outside, min(len(outside), 2))
            else:
                hosts = [t for t in towns if t.place != "park"] or hosts
            for _ in range(number):
                self._found(county, area, kind_id, hosts)

    def _found(self, county: str, area: _Area, kind_id: str, hosts: Sequence[_Town]) -> None:
        number = len(self._kinds) + 1
        stream = _Stream(self._seed, "enterprise", number)
        kind, order = KINDS[kind_id], self._counts.get(kind_id, 0)
        self._counts[kind_id] = order + 1
        form, industry = stream.choice(kind.forms)
        town = stream.choice(hosts) if hosts else None
        if town is None:
            division = county
            lon, lat = area.anywhere(stream, 400.0)
        else:
            inner = self._villages.get(town.code, [])
            division = stream.choice(inner) if inner and stream.below(10) < 3 else town.code
            radius = {"park": 1400.0, "urban": 1500.0, "town": 2200.0, "rural": 4500.0}[kind.place]
            lon, lat = area.near(stream, town.lon, town.lat, radius, 400.0)
        low, high = kind.employees
        lean = stream.real() * stream.real()  # many small, few large
        row = (
            f"E{number:04d}",
            _enterprise_name(order, form, stream),
            _credit_code("99" + county[2:6], number),
            division,
            industry,
            low + int((high - low) * lean),
            kind.high_risk,
            lon,
            lat,
        )
        for column, value in zip(self.columns, row, strict=True):
            self.table[column].append(value)
        self._kinds.append(kind)
        self._kind_ids.append(kind_id)
        self._areas.append(area)

    def risk_points(self, total: int) -> Table:
        weights = []
        for index, kind in enumerate(self._kinds):
            low, high = kind.points
            weights.append(_Stream(self._seed, "size", index).real(float(low), float(high)))
        counts = [n + 1 for n in _share(total - len(self._kinds), weights)]
        table: Table = {column: [] for column in self.point_columns}
        for index, count in enumerate(counts):
            self._fill(table, index, count)
        return table

    def _fill(self, table: Table, index: int, count: int) -> None:
        stream = _Stream(self._seed, "points", index)
        kind, area = self._kinds[index], self._areas[index]
        lon, lat = self.table["lon"][index], self.table["lat"][index]
        worst = stream.weighted(kind.grades)
        rank = _ORDER.index(worst)
        own = list(kind.hazards)
        others = list(_PUBLIC if self._kind_ids[index] in _PUBLIC_KINDS else _COMMON)
        # Every enterprise has most of its trade's hazards; what is left is common to all.
        pool = stream.sample(own, len(own))[: max(1, min(len(own), count * 2 // 3))]
        pool += stream.sample(others, min(len(others), max(0, count - len(pool))))
        grave = max(range(len(pool[:count])), key=lambda i: (pool[i][3], -i))
        repeats = dict.fromkeys(pool, 0)
        for i in range(count):
            hazard = pool[i] if i < len(pool) else stream.choice(pool)
            repeats[hazard] += 1
            more = count > len(pool) and repeats[hazard] > 1
            name = f"{hazard[0]}{repeats[hazard]}#" if more else hazard[0]
            # One point carries the enterprise's gravest grade and few others come near it.
            near = stream.below(100)
            mildest = min(rank, 1)
            ceiling = rank if i == grave or near < 14 else max(mildest, rank - 1)
            if i != grave and near >= 48:
                ceiling = mildest
            if i != grave and near >= 80:
                ceiling = 0
            method = "lec" if stream.below(100) < 70 else "ls"
            factors = _score(stream, method, hazard[3], _ORDER[ceiling], i == grave or near < 9)
            spot = area.near(stream, lon, lat, float(kind.spread_m))
            row = {
                "id": f"R{len(table['id']) + 1:05d}",
                "enterprise": self.table["id"][index],
                "name": name,
                "method": method,
                **factors,
                "lon": spot[0],
                "lat": spot[1],
                "division": None if stream.below(25) == 0 else self.table["division"][index],
                "controlling_post": hazard[4],
                "hazard": hazard[1],
                "accident_type": hazard[2],
            }
            for column, value in row.items():
                table[column].append(value)


# --- Flaws ---------------------------------------------------------------------------------------


def plant(tables: Mapping[str, Table], *, seed: int = 1) -> tuple[dict[str, Table], Table]:
    """Spoils a few rows of a register on purpose, and lists what was done.

    Parameters
    ----------
    tables
        What `register` gives, with at least 200 risk points. It is not changed.
    seed
        Chooses the rows.

    Returns
    -------
    tables : dict
        The tables with flaws; as many rows as before.
    planted : dict
        Columns ``table``, ``row`` (0-based), ``id``, ``column``, ``what``, ``status`` (what
        becomes of the row: graded, not_gradable or rejected) and ``issue`` (code of the issue
        expected at this row; empty where the value is harmless once it is escaped).

    Raises
    ------
    ValueError
        There are fewer than 200 risk points.
    """
    result = {name: {c: list(v) for c, v in table.items()} for name, table in tables.items()}
    points = result["risk_points"]
    if len(points["id"]) < 200:
        raise ValueError("flaws are planted in registers of at least 200 risk points")
    stream = _Stream(seed, "flaws")
    lec = [i for i, method in enumerate(points["method"]) if method == "lec"]
    lec = [i for i in lec if points["division"][i] is not None]
    rows = stream.sample(lec, 46)
    planted: list[tuple[str, int, str, str, str, str, str]] = []

    def note(row: int, column: str, what: str, status: str, issue: str) -> None:
        planted.append(("risk_points", row, points["id"][row], column, what, status, issue))

    def change(count: int, column: str, value: Any, what: str, status: str, issue: str) -> None:
        for _ in range(count):
            row = rows.pop()
            points[column][row] = value(row) if callable(value) else value
            note(row, column, what, status, issue)

    change(5, "E", None, "缺少暴露频率", "not_gradable", "scoring.missing_input")
    change(5, "E", 4.0, "暴露频率 4 不在取值表中", "rejected", "scoring.off_scale")
    change(3, "L", -1.0, "可能性为负数", "rejected", "scoring.negative")
    change(3, "L", "约3", "可能性写成文字", "rejected", "scoring.not_a_number")
    change(3, "method", "经验法", "没有这种评价方法", "not_gradable", "scoring.method_unknown")
    change(3, "division", lambda row: points["division"][row][:8], "行政区划代码只有 8 位",
           "graded", "region.malformed_code")  # fmt: skip
    east = max(points["lon"])
    for _ in range(4):
        row = rows.pop()
        points["lon"][row], points["lat"][row] = points["lat"][row], points["lon"][row]
        note(row, "lon", "经纬度颠倒", "graded", "region.swapped_coordinates")
    change(4, "lon", lambda row: round(east + 0.4 + stream.real(0.0, 0.2), 5), "坐标在全市之外",
           "graded", "region.outside_boundaries")  # fmt: skip
    change(2, "name", "=cmd|' /C calc'!A0", "名称是表格公式", "graded", "")
    change(2, "name", lambda row: f"<b>{points['name'][row]}</b>", "名称带有标记", "graded", "")
    for _ in range(3):
        first, second = sorted((rows.pop(), rows.pop()))
        for column in points.values():
            column[second] = column[first]
        note(second, "id", "与前面一行完全相同", "rejected", "scoring.duplicate_row")
    for _ in range(3):
        first, second = sorted((rows.pop(), rows.pop()))
        points["id"][second] = points["id"][first]
        for row in (first, second):
            note(row, "id", "编号重复而内容不同", "rejected", "scoring.duplicate_conflict")

    planted.sort(key=lambda entry: entry[1])
    names = ("table", "row", "id", "column", "what", "status", "issue")
    columns = zip(*planted, strict=True)
    return result, {name: list(c) for name, c in zip(names, columns, strict=True)}


# --- A city that does not exist ------------------------------------------------------------------

_COUNTIES = (
    ("990102", "青岚区", {"lithium": 6, "mall": 10, "school": 6, "construction": 8, "care": 4}),
    ("990103", "澜江区", {"metallurgy": 8, "pharma": 5, "transport": 5, "mall": 4}),
    ("990121", "望溪县", {"fireworks": 15, "quarry": 3, "timber": 4}),
    ("990122", "云麓县", {"timber": 10, "tourism": 7}),
    ("990123", "石泓县", {"coal": 7, "quarry": 5, "materials": 5}),
    ("990124", "鹤汀县", {"food": 9, "timber": 7, "tourism": 2}),
    ("990125", "枫渡县", {"ceramics": 11, "materials": 5, "quarry": 2}),
    ("990126", "松涧县", {"timber": 9, "tourism": 5, "food": 3}),
    ("990181", "砚湖市", {"chemicals": 10, "pharma": 6, "metallurgy": 3}),
)
_TOWN_HEADS = "青白清云石松竹梅桃柳枫鹤莲桂杉茶雁鹭虹霞"
_TOWN_TAILS = "溪岭湾坪桥塘渡峰泉洲垄墩沙坑源坊"
_WEST, _SOUTH = 101.9, 39.35  # in the sands of western Inner Mongolia, where no city stands
_HEX = 0.0105  # degrees of latitude between neighbouring cells
_COLUMNS, _ROWS = 128, 110


@dataclass(frozen=True)
class FictionalCity:
    """An invented city: its divisions, its county map and its register."""

    divisions: list[dict[str, str]]
    """Rows ``code``, ``name``, ``level``: province 99, city 9901, counties and towns."""
    boundaries: dict[str, Any]
    """GeoJSON ``FeatureCollection`` of the counties, properties ``code`` and ``name``."""
    tables: dict[str, Table]
    """``enterprises`` and ``risk_points``, as `register` gives them."""


def fictional_city(seed: int = 1, *, enterprises: int = 320, points: int = 3600) -> FictionalCity:
    """City 示例市 with nine counties that exist nowhere, for demonstrations.

    Parameters
    ----------
    seed
        Any integer; draws borders, towns, enterprises and points.
    enterprises, points
        Rows of the register, as in `register`.

    Notes
    -----
    Codes begin with 99, which GB/T 2260 has not assigned, so no code can be taken for a real
    division. Neighbouring counties share every vertex of their border.

    Examples
    --------
    >>> city = fictional_city(seed=1, enterprises=20, points=100)
    >>> city.divisions[1]
    {'code': '9901', 'name': '示例市', 'level': 'city'}
    >>> len(city.boundaries["features"])
    9
    """
    divisions = [
        {"code": "99", "name": "示例省", "level": "province"},
        {"code": "9901", "name": "示例市", "level": "city"},
    ]
    divisions += [{"code": c, "name": n, "level": "county"} for c, n, _ in _COUNTIES]
    stream = _Stream(seed, "town names")
    names = stream.sample([h + t for h in _TOWN_HEADS for t in _TOWN_TAILS], 13 * len(_COUNTIES))
    for code, county, _ in _COUNTIES:
        for number in range(8 + stream.below(5)):
            if number < (4 if county.endswith("区") else 2):
                suffix, town = "街道", 1 + number
            elif number < 8:
                suffix, town = "镇", 100 + number
            else:
                suffix, town = "乡", 200 + number
            row = {"code": f"{code}{town:03d}", "name": names.pop() + suffix, "level": "town"}
            divisions.append(row)
        park = {"code": f"{code}400", "name": f"{county[:-1]}工业园区", "level": "town"}
        divisions.append(park)

    boundaries = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for (code, name, _), ring in zip(_COUNTIES, _county_rings(seed), strict=True)
        ],
    }
    tables = register(
        divisions,
        boundaries,
        enterprises=enterprises,
        points=points,
        seed=seed,
        profiles={code: mix for code, _, mix in _COUNTIES},
    )
    return FictionalCity(divisions, boundaries, tables)


def _noise(stream: _Stream, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smooth noise in about [-1, 1] with features of size 1, 1/2 … 1/16."""
    total = np.zeros_like(x)
    amplitude, frequency = 0.5, 1.0
    for _ in range(5):
        u, v = x * frequency, y * frequency
        i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
        i0, j0 = int(i.min()), int(j.min())
        wide, high = int(i.max()) - i0 + 2, int(j.max()) - j0 + 2
        lattice = np.array([stream.real(-1.0, 1.0) for _ in range(wide * high)])
        lattice = lattice.reshape(wide, high)
        s, t = u - i, v - j
        s, t = s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t)
        i, j = i - i0, j - j0
        low = lattice[i, j] + s * (lattice[i + 1, j] - lattice[i, j])
        top = lattice[i, j + 1] + s * (lattice[i + 1, j + 1] - lattice[i, j + 1])
        total += amplitude * (low + t * (top - low))
        amplitude, frequency = amplitude * 0.58, frequency * 2.0
    return total


def _neighbours(column: int, row: int) -> tuple[tuple[int, int], ...]:
    """Six neighbours of a hexagon, counterclockwise from the east; odd rows are shifted east."""
    shift = row % 2
    return (
        (column + 1, row), (column + shift, row + 1), (column + shift - 1, row + 1),
        (column - 1, row), (column + shift - 1, row - 1), (column + shift, row - 1),
    )  # fmt: skip


def _county_cells(seed: int) -> NDArray[np.int64]:
    """County of each hexagon, -1 outside the city: nearest centre, seen through bent glass.

    Every county is one piece without holes, and the city too.
    """
    stream = _Stream(seed, "counties")
    columns, rows = np.meshgrid(np.arange(_COLUMNS), np.arange(_ROWS), indexing="ij")
    x = (columns + 0.5 * (rows % 2)) / _COLUMNS * 5.0
    y = rows / _COLUMNS * 0.8660254037844386 * 5.0
    bent_x = x + 0.62 * _noise(stream, x * 1.1, y * 1.1)
    bent_y = y + 0.62 * _noise(stream, x * 1.1, y * 1.1)
    middle_x, middle_y = 2.5, 1.86
    count = len(_COUNTIES)
    centres: list[tuple[float, float]] = [(middle_x, middle_y)]
    while len(centres) < count:
        tries = []
        for _ in range(7):
            dx, dy = stream.disc(1.0)
            tries.append((middle_x + 1.75 * dx, middle_y + 1.3 * dy))
        tries.sort(key=lambda p: min((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 for q in centres))
        centres.append(tries[-1])
    distance = np.stack([(bent_x - cx) ** 2 + (bent_y - cy) ** 2 for cx, cy in centres])
    cells: NDArray[np.int64] = distance.argmin(axis=0).astype(np.int64)
    reach = ((bent_x - middle_x) / 2.15) ** 2 + ((bent_y - middle_y) / 1.62) ** 2
    cells[reach > 1.0] = -1
    cells[[0, -1], :] = -1
    cells[:, [0, -1]] = -1

    for _ in range(4):  # pieces fall to whoever they touch most
        label, sizes, largest = _pieces(cells)
        strays = [p for p, (owner, _) in enumerate(sizes) if largest[owner] != p]
        if not strays:
            break
        for piece in strays:
            touches: dict[int, int] = {}
            members = np.argwhere(label == piece)
            for column, row in members.tolist():
                for other in _neighbours(column, row):
                    if 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS and label[other] != piece:
                        owner = int(cells[other])
                        touches[owner] = touches.get(owner, 0) + 1
            heir = max(touches, key=lambda owner: (touches[owner], -owner))
            cells[members[:, 0], members[:, 1]] = heir
    return cells


def _pieces(
    cells: NDArray[np.int64],
) -> tuple[NDArray[np.int64], list[tuple[int, int]], dict[int, int]]:
    """Find connected pieces: each cell's piece, owner and size of each, largest by owner."""
    label = np.full(cells.shape, -1)
    sizes: list[tuple[int, int]] = []
    largest: dict[int, int] = {}
    for start in np.ndindex(cells.shape):
        if label[start] >= 0:
            continue
        owner, piece, stack, size = int(cells[start]), len(sizes), [start], 0
        label[start] = piece
        while stack:
            cell = stack.pop()
            size += 1
            for other in _neighbours(*cell):
                inside = 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS
                if inside and label[other] < 0 and cells[other] == owner:
                    label[other] = piece
                    stack.append(other)
        sizes.append((owner, size))
        if owner not in largest or size > sizes[largest[owner]][1]:
            largest[owner] = piece
    return label, sizes, largest


def _county_rings(seed: int) -> list[list[list[float]]]:
    """One closed ring for each county, counterclockwise, of vertices shared with the neighbours.

    Three hexagons meet in each corner, so borders are lines between corners where three owners
    meet. Each line is smoothed once, with its ends held, and used from both sides.
    """
    cells = _county_cells(seed)
    # Corners on an integer grid: a hexagon's centre is (2c + shift, 3r) and its corners lie at
    # (0, 2), (1, 1), (1, -1), … about it: units of half a cell and of a third of a row.
    corner = ((1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1), (0, -2))
    following: dict[tuple[int, tuple[int, int]], tuple[int, int]] = {}  # (owner, corner) -> corner
    owners: dict[tuple[int, int], set[int]] = {}
    for column, row in np.argwhere(cells >= -1).tolist():
        owner = int(cells[column, row])
        centre = 2 * column + row % 2, 3 * row
        for side, other in enumerate(_neighbours(column, row)):
            inside = 0 <= other[0] < _COLUMNS and 0 <= other[1] < _ROWS
            if not inside or cells[other] == owner:
                continue
            a = centre[0] + corner[side][0], centre[1] + corner[side][1]
            b = (
                centre[0] + corner[(side + 1) % 6][0],
                centre[1] + corner[(side + 1) % 6][1],
            )
            if owner >= 0:
                following[owner, a] = b
            for end in (a, b):
                owners.setdefault(end, set()).update((owner, int(cells[other])))

    lines: dict[tuple[tuple[int, int], ...], list[list[float]]] = {}
    rings = []
    for county in range(len(_COUNTIES)):
        start = min(end for owner, end in following if owner == county and len(owners[end]) == 3)
        ring: list[list[float]] = []
        here = start
        while True:
            path = [here]
            while True:
                here = following[county, here]
                path.append(here)
                if len(owners[here]) == 3:
                    break
            key = tuple(path) if path[0] <= path[-1] else tuple(reversed(path))
            if key not in lines:
                lines[key] = _smooth(key)
            line = lines[key] if tuple(path) == key else lines[key][::-1]
            ring += line[:-1]
            if here == start:
                break
        rings.append([*ring, ring[0]])
    return rings


def _smooth(path: tuple[tuple[int, int], ...]) -> list[list[float]]:
    """Line through the corners of hexagons without its zigzag; its ends stay."""
    half, third = _HEX / 0.8660254037844386 * 0.65, _HEX / 3.0
    line = np.array([[_WEST + x * half, _SOUTH + y * third] for x, y in path])
    for _ in range(2):
        line[1:-1] = (line[:-2] + 2.0 * line[1:-1] + line[2:]) / 4.0
    return [[round(float(x), 5), round(float(y), 5)] for x, y in line]
