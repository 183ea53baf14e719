"""Plans composed from a grammar whose truth is known, and changes that change nothing."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from safetyrisk import _core

YEAR = 2024

HAN = "一二三四五六七八九十"


def han(n: int) -> str:
    """Chinese numeral of 1 to 99."""
    if n <= 10:
        return HAN[n - 1]
    tens, ones = divmod(n, 10)
    return ("" if tens == 1 else HAN[tens - 1]) + "十" + (HAN[ones - 1] if ones else "")


# ── what a task says ──

DEPARTMENTS = [
    "市应急管理局",
    "市公安局",
    "市教育局",
    "市交通运输局",
    "市住房和城乡建设局",
    "市市场监管局",
    "市商务局",
    "市消防救援支队",
    "市发展改革委",
    "市自然资源和规划局",
    "市生态环境局",
    "市文化广电和旅游局",
    "市卫生健康委",
    "市委宣传部",
    "市供销社",
    "国网东汐供电公司",
    "市公安局交警支队",
    "市总工会",
    "市公路事业发展中心",
    "市人力资源和社会保障局",
]
TERRITORIES = [
    "各县（市、区）政府",
    "各县（区）党委、政府",
    "各乡镇（街道）",
    "各县（市、区）人民政府",
    "各街道办事处",
    "各镇街",
]
ORGANISERS = ["市安委会", "市安委办", "市安委会办公室", "市消安委"]


def printed(name: str) -> str:
    return name.replace("（", "(").replace("）", ")").replace("〔", "(").replace("〕", ")")


Clause = tuple[str, list[tuple[str, str]]]


def verbal(pick: Callable[[list[str]], str]) -> Iterator[Clause]:
    """Clauses that say by a verb who does what."""
    while True:
        a, b, c = (pick(DEPARTMENTS) for _ in range(3))
        while len({a, b, c}) < 3:
            b, c = pick(DEPARTMENTS), pick(DEPARTMENTS)
        t, o = pick(TERRITORIES), pick(ORGANISERS)
        lead, joint, share = "lead", "joint", "share"
        assist, supervise, implement = "assist", "supervise", "implement"
        responsible, organize = "responsible", "organize"
        yield f"{a}牵头，{b}、{c}配合", [(lead, a), (assist, b), (assist, c)]
        yield f"{a}牵头，{b}、{c}参与", [(lead, a), (assist, b), (assist, c)]
        yield f"由{a}牵头，{b}和{c}参加", [(lead, a), (assist, b), (assist, c)]
        yield f"{a}、{b}牵头，{t}落实", [(lead, a), (lead, b), (implement, t)]
        yield (
            f"{a}牵头组织开展，有关部门分工负责，{t}落实",
            [(lead, a), (share, "有关部门"), (implement, t)],
        )
        yield (
            f"{a}会同{b}、{c}分工负责，{t}落实",
            [(lead, a), (joint, b), (joint, c), (implement, t)],
        )
        yield f"{a}会同有关部门负责", [(lead, a), (joint, "有关部门")]
        yield f"{a}牵头会同{b}、{c}负责", [(lead, a), (joint, b), (joint, c)]
        yield (
            f"{o}组织，{a}会同{b}分工负责，{t}落实",
            [(organize, o), (lead, a), (joint, b), (implement, t)],
        )
        yield (
            f"{o}组织，{a}督促，{b}和{t}落实",
            [(organize, o), (supervise, a), (implement, b), (implement, t)],
        )
        yield f"{a}、{b}、{c}按职责分工负责", [(share, a), (share, b), (share, c)]
        yield f"{a}、{b}等部门按职责分工负责", [(share, a), (share, b)]
        yield (
            f"{a}、{b}等有关部门分工负责，{t}贯彻执行",
            [(share, a), (share, b), (share, "有关部门"), (implement, t)],
        )
        yield f"{a}负责，{b}监督", [(responsible, a), (supervise, b)]
        yield f"{a}具体负责，{b}协助，{c}支持", [(responsible, a), (assist, b), (assist, c)]
        yield f"{t}负总责，{a}、{b}督促", [(lead, t), (supervise, a), (supervise, b)]
        yield f"{a}牵头，{t}具体实施", [(lead, a), (implement, t)]
        yield f"{a}牵头负责，{b}配合落实", [(lead, a), (assist, b)]
        yield f"{a}指导，{t}落实", [(implement, t)]
        yield f"{a}牵头，{b}及{c}配合", [(lead, a), (assist, b), (assist, c)]
        yield f"{a}负责牵头，{b}、{c}负责配合", [(lead, a), (assist, b), (assist, c)]
        yield f"{a}牵头推进，{t}抓好落实", [(lead, a), (implement, t)]
        yield f"{a}牵头，各有关部门和单位配合", [(lead, a), (assist, "各有关部门和单位")]


def labelled(pick: Callable[[list[str]], str]) -> Iterator[Clause]:
    """Clauses that say it by labels."""
    while True:
        a, b, c = (pick(DEPARTMENTS) for _ in range(3))
        while len({a, b, c}) < 3:
            b, c = pick(DEPARTMENTS), pick(DEPARTMENTS)
        t = pick(TERRITORIES)
        yield f"责任单位：{a}、{b}", [("responsible", a), ("responsible", b)]
        yield (
            f"责任单位：{a}、{b}，{t}",
            [("responsible", a), ("responsible", b), ("responsible", t)],
        )
        yield f"牵头单位：{a}；配合单位：{b}、{c}", [("lead", a), ("assist", b), ("assist", c)]
        yield (
            f"牵头单位：{a}；责任单位：{b}，{t}",
            [("lead", a), ("responsible", b), ("responsible", t)],
        )
        yield (
            f"主办单位：{a}；协办单位：{b}；落实单位：{t}",
            [("lead", a), ("assist", b), ("implement", t)],
        )
        yield f"责任领导：王建国；责任单位：{a}", [("responsible", a)]
        yield f"责任部门：{a}、{b}等部门", [("responsible", a), ("responsible", b)]
        yield (
            f"责任单位：{a}（牵头）、{b}、{c}",
            [("lead", a), ("responsible", b), ("responsible", c)],
        )
        yield f"责任单位：{a}牵头，{b}、{c}配合", [("lead", a), ("assist", b), ("assist", c)]
        yield (
            f"牵头单位：{a}；分管市领导：李明；参加单位：{b}、{c}",
            [("lead", a), ("assist", b), ("assist", c)],
        )


DATES = [
    ("6月底前", "2024-06-30"),
    ("2024年9月底前", "2024-09-30"),
    ("10月31日前", "2024-10-31"),
    ("2024年11月15日前", "2024-11-15"),
    ("年底前", "2024-12-31"),
    ("年内", "2024-12-31"),
    ("2025年3月底前", "2025-03-31"),
    ("上半年前", "2024-06-30"),
    ("第三季度末前", "2024-09-30"),
    ("5月中旬前", "2024-05-20"),
    ("2月底前", "2024-02-29"),
    ("从3月1日起，至8月31日前", "2024-08-31"),
    ("截至7月20日", "2024-07-20"),
    ("即日起至4月30日", "2024-04-30"),
    ("明年1月10日前", "2025-01-10"),
    ("六月三十日前", "2024-06-30"),
    ("8月25日之前", "2024-08-25"),
    ("12月20日以前", "2024-12-20"),
    ("20246月底前", "2024-06-30"),
    ("425日前", "2024-04-25"),
    ("春节前", None),
    ("汛期来临前", None),
]
FREQUENCIES = [
    ("每月", "P1M"),
    ("每季度", "P3M"),
    ("每半年", "P6M"),
    ("每年", "P1Y"),
    ("每周", "P1W"),
    ("每日", "P1D"),
    ("每旬", "P10D"),
    ("每两个月", "P2M"),
    ("每三年", "P3Y"),
    ("每15天", "P15D"),
    ("定期", None),
    ("不定期", None),
]
WORDS = [
    ("深化专项整治", "聚焦重点场所，逐家建立台账"),
    ("压实主体责任", "推动企业完善制度、配齐人员"),
    ("强化源头治理", "严格安全准入，淘汰落后工艺"),
    ("夯实基层基础", "充实执法力量，规范装备配备"),
    ("提升应急能力", "修订应急预案，备足救援物资"),
    ("严格监管执法", "对屡查屡犯的公开曝光"),
    ("加强宣传教育", "用身边事教育身边人"),
]


@dataclass
class Truth:
    no: str | None
    units: list[tuple[str, str]]
    deadlines: list[str] = field(default_factory=list)
    frequencies: list[str] = field(default_factory=list)


def found(text: str, year: int | None = None) -> list[Truth]:
    tasks = json.loads(_core.parse_plan(text, year, "")[0])["tasks"]
    return [
        Truth(
            task["no"],
            sorted((unit["role"], unit["name"]) for unit in task["units"]),
            sorted(task["deadlines"]),
            sorted(task["frequencies"]),
        )
        for task in tasks
    ]


def named(units: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted({(role, printed(name)) for role, name in units})


# ── how items are numbered and clauses are set off ──

NUMBERINGS: dict[str, Callable[[int], tuple[str, str]]] = {
    "1.": lambda n: (f"{n}.", str(n)),
    "1．": lambda n: (f"{n}．", str(n)),
    "1、": lambda n: (f"{n}、", str(n)),
    "1 、": lambda n: (f"{n} 、", str(n)),
    "1）": lambda n: (f"{n}）", str(n)),
    "（1）": lambda n: (f"（{n}）", str(n)),
    "(1)": lambda n: (f"({n})", str(n)),
    "一、": lambda n: (f"{han(n)}、", han(n)),
    "（一）": lambda n: (f"（{han(n)}）", han(n)),
    "(一)": lambda n: (f"({han(n)})", han(n)),
    "①": lambda n: (chr(0x2460 + n - 1), chr(0x2460 + n - 1)),
    "⑴": lambda n: (chr(0x2474 + n - 1), str(n)),
    "第一条": lambda n: (f"第{han(n)}条 ", han(n)),
    "任务一": lambda n: (f"任务{han(n)}：", han(n)),
}
SETTINGS: dict[str, Callable[[str], str]] = {
    "（）": lambda clause: f"（{clause}）",
    "()": lambda clause: "(" + clause.replace("，", ",").replace("；", ";") + ")",
    "【】": lambda clause: f"【{clause}】",
    "〔〕": lambda clause: f"〔{clause}〕",
    "after the stop": lambda clause: clause,
    "with a stop": lambda clause: clause + "。",
    "own line": lambda clause: "\n" + clause,
    "own line in brackets": lambda clause: f"\n（{clause}）",
    "end lost": lambda clause: f"（{clause}",
}


def a_task(i: int, clause: Clause, setting: str) -> tuple[str, Truth]:
    """Words, a date, a frequency, the clause: and what that means."""
    title, body = WORDS[i % len(WORDS)]
    date, day = DATES[i % len(DATES)]
    often, cadence = FREQUENCIES[i % len(FREQUENCIES)]
    parts = [f"{title}。{body}，"]
    truth = Truth(None, named(clause[1]))
    if i % 3 != 1:
        parts.append(f"{date}完成任务，")
        truth.deadlines = [day] if day else []
    if i % 3 != 2:
        parts.append(f"{often}开展一次检查，")
        truth.frequencies = [cadence] if cadence else []
    text = "".join(parts).removesuffix("，") + "。" + SETTINGS[setting](clause[0])
    return text, truth


def composed(
    numbering: str, setting: str, clauses: Iterator[Clause], items: int, start: int
) -> tuple[str, list[Truth]]:
    lines = [f"东汐市{YEAR}年安全生产工作要点", ""]
    truths = []
    for n in range(1, items + 1):
        text, truth = a_task(start + n, next(clauses), setting)
        mark, truth.no = NUMBERINGS[numbering](n)
        lines.append(mark + text)
        truths.append(truth)
    return "\n".join(lines), truths


def chooser(seed: int) -> Callable[[list[str]], str]:
    return random.Random(seed).choice


@pytest.mark.parametrize("numbering", NUMBERINGS)
@pytest.mark.parametrize("kind", [verbal, labelled])
def test_composed_plans_are_read_exactly(numbering: str, kind: Callable[..., Iterator[Clause]]):
    for k, setting in enumerate(SETTINGS):
        clauses = kind(chooser(k))
        for start in range(0, 48, 16):
            text, truths = composed(numbering, setting, clauses, 16, start)
            for got, truth in zip(found(text), truths, strict=True):
                assert got == truth, f"{setting}\n{text}"


@pytest.mark.parametrize("numbering", ["1.", "1、", "（一）", "①"])
def test_items_below_headings(numbering: str) -> None:
    outer = "第{}章 " if numbering == "（一）" else "{}、"
    for restart in (False, True):
        clauses = verbal(chooser(5))
        lines, truths, n = [f"东汐市{YEAR}年安全生产工作要点"], [], 0
        for section in range(1, 4):
            lines.append(outer.format(han(section)) + "第几个方面的工作")
            for k in range(4):
                n = k + 1 if restart else n + 1
                text, truth = a_task(3 * section + k, next(clauses), "（）")
                mark, truth.no = NUMBERINGS[numbering](n)
                lines.append(mark + text)
                truths.append(truth)
        assert found("\n".join(lines)) == truths


@pytest.mark.parametrize("numbering", ["1.", "1、", "（一）", "(1)", "一、"])
@pytest.mark.parametrize("setting", ["（）", "()", "【】", "with a stop"])
def test_a_document_on_one_line(numbering: str, setting: str) -> None:
    for kind in (verbal, labelled):
        clauses = kind(chooser(11))
        text, truths = composed(numbering, setting, clauses, 20, 7)
        title, _, *lines = text.split("\n")
        assert found(title + " " + "".join(lines)) == truths


def test_unnumbered_paragraphs() -> None:
    for setting in SETTINGS:
        if "own line" in setting:
            continue
        clauses = verbal(chooser(3))
        lines, truths = [f"东汐市{YEAR}年夏季安全工作安排", ""], []
        for i in range(20):
            text, truth = a_task(i, next(clauses), setting)
            lines.append(text)
            truths.append(truth)
        assert found("\n".join(lines)) == truths


# ── tables ──

COLUMN_NAMES = {
    "lead": ["牵头单位", "牵头部门", "主办单位", "牵头责任单位", "牵头单位（部门）"],
    "responsible": ["责任单位", "责任部门", "承办单位", "责任单位（部门）"],
    "assist": ["配合单位", "协办单位", "参加单位", "配合部门", "协助单位"],
}
COLUMN_DATES = [
    ("2024年6月底前", ["2024-06-30"], []),
    ("9月30日", ["2024-09-30"], []),
    ("2024年12月", ["2024-12-31"], []),
    ("2025.3.31", ["2025-03-31"], []),
    ("2024-10-15", ["2024-10-15"], []),
    ("上半年", ["2024-06-30"], []),
    ("第三季度", ["2024-09-30"], []),
    ("长期坚持", [], []),
    ("每月", [], ["P1M"]),
    ("季度", [], ["P3M"]),
    ("每半年一次", [], ["P6M"]),
    ("3—10月", ["2024-10-31"], []),
    ("5月、11月底前", ["2024-05-31", "2024-11-30"], []),
    ("年底", ["2024-12-31"], []),
    ("", [], []),
]


@pytest.mark.parametrize("way", ["tabs", "bars", "open bars", "blanks"])
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [0, 3, 1, 2, 4], [0, 1, 4, 2, 3], [1, 2, 3, 4]])
def test_tables(way: str, order: list[int]) -> None:
    pick = chooser(len(order))
    for first, other in itertools.product(["lead", "responsible"], ["assist"]):
        for k in range(5):
            head = [
                "序号",
                ["工作任务", "重点任务", "任务", "工作内容", "整治任务"][k],
                COLUMN_NAMES[first][k % len(COLUMN_NAMES[first])],
                COLUMN_NAMES[other][k],
                ["完成时限", "完成时间", "时限要求", "时间节点", "完成期限"][k],
            ]
            rows, truths = [[head[i] for i in order]], []
            for n, (date, deadlines, frequencies) in enumerate(COLUMN_DATES, 1):
                a, b, c = pick(DEPARTMENTS[:7]), pick(DEPARTMENTS[7:13]), pick(DEPARTMENTS[13:])
                t = pick(TERRITORIES)
                if way == "blanks" and not date:
                    continue
                cells = [str(n), f"完成第{han(n)}类隐患整治", f"{a}、{b}", f"{c}，{t}", date]
                rows.append([cells[i] for i in order])
                units = [(first, a), (first, b), (other, c), (other, t)]
                truths.append(
                    Truth(str(n) if 0 in order else None, named(units), deadlines, frequencies)
                )
            if way == "tabs":
                lines = ["\t".join(row) for row in rows]
            elif way == "blanks":
                lines = ["    ".join(row) for row in rows]
            elif way == "bars":
                lines = ["| " + " | ".join(row) + " |" for row in rows]
                lines.insert(1, "|" + "---|" * len(head))
            else:
                lines = ["|".join(row) for row in rows]
            title = f"东汐市{YEAR}年安全生产任务分解表"
            assert found("\n".join([title, *lines])) == truths


# ── changes that change nothing ──


def plans() -> Iterator[str]:
    for k, (numbering, setting) in enumerate(
        itertools.product(["1.", "一、", "（一）", "①"], ["（）", "after the stop", "own line"])
    ):
        for kind in (verbal, labelled):
            yield composed(numbering, setting, kind(chooser(k)), 14, k)[0]


def blank_lines(text: str) -> str:
    return text.replace("\n", "\n\n")


def blanks_at_ends(text: str) -> str:
    return "\n".join("　　" + line + "  " for line in text.split("\n"))


def carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


def page_numbers(text: str) -> str:
    lines = text.split("\n")
    for at in range(len(lines) - 1, 2, -5):
        lines.insert(at, f"— {at} —")
    return "\n".join(lines)


def page_chrome(text: str) -> str:
    return "\n".join(
        [
            "当前位置：首页 > 政务公开 > 安全生产",
            "字体：[ 大 中 小 ] 打印",
            text,
            "|",
            "扫一扫在手机打开当前页",
            "主办单位：东汐市人民政府办公室 网站标识码：0000000000",
        ]
    )


def half_width(text: str) -> str:
    return text.translate(str.maketrans("（），：；", "(),:;"))


def full_width(text: str) -> str:
    return text.translate(str.maketrans("(),:;0123456789.", "（），：；０１２３４５６７８９．"))


def blanks_between_characters(text: str) -> str:
    """A blank between Chinese characters here and there, never before the number of an item."""
    rng = random.Random(1)
    chars = []
    for i, c in enumerate(text):
        chars.append(c)
        following = text[i + 1 : i + 2]
        between = re.fullmatch(r"[\u4e00-\u9fff]{2}", c + following) is not None
        # A blank may part two names.
        names = c in "局委会室队部心社司" or c in HAN or following in HAN
        if between and not names and rng.random() < 0.2:
            chars.append(" ")
    return "".join(chars)


def no_break_spaces(text: str) -> str:
    return "\ufeff" + blanks_between_characters(text).replace(" ", "\u00a0")


def zero_width(text: str) -> str:
    return "\u200b".join(text)


def every_character_apart(text: str) -> str:
    return "\n".join(" ".join(line) for line in text.split("\n"))


def word_residue(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"{first}\n[bookmark: _GoBack]{rest.lstrip()}"


def lines_of_a_narrow_page(text: str) -> str:
    """Lines cut after 38 characters where no unit and no clause has just ended."""
    out = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > 60:
            cut = 38
            while not (
                re.match(r"[\u4e00-\u9fff]", rest[cut - 1])
                and re.match(r"[\u4e00-\u9fff]", rest[cut])
                and rest[cut - 1] in "应急管理公安教育交通运输住房和城乡建设市场监商务消防救援支"
                and rest[cut] not in HAN + "责牵配协参落承主时完分"
            ):
                cut += 1
                if cut >= len(rest) - 1:
                    break
            if cut >= len(rest) - 1:
                break
            out.append(rest[:cut])
            rest = rest[cut:]
        out.append(rest)
    return "\n".join(out)


@pytest.mark.parametrize(
    "change",
    [
        blank_lines,
        blanks_at_ends,
        carriage_returns,
        page_numbers,
        page_chrome,
        half_width,
        full_width,
        blanks_between_characters,
        no_break_spaces,
        zero_width,
        every_character_apart,
        word_residue,
        lines_of_a_narrow_page,
    ],
)
def test_what_changes_nothing(change: Callable[[str], str]) -> None:
    for text in plans():
        assert found(change(text)) == found(text), change(text)


def test_truncation_invents_no_unit() -> None:
    names = {printed(name) for name in DEPARTMENTS + TERRITORIES + ORGANISERS}
    names |= {"有关部门", "各有关部门和单位"}
    whole = next(plans())
    for end in range(len(whole)):
        for task in found(whole[:end]):
            for _, name in task.units:
                assert any(one.startswith(name) for one in names), whole[:end]
