"""How fast work plans are read, on one core."""

from __future__ import annotations

from measure import lines

import safetyrisk as sr
from safetyrisk import _core

UNITS = ("应急管理局", "公安局", "教育局", "交通运输局", "住房和城乡建设局", "市场监管局")
DIGITS = "一二三四五六七八九十"


def plan_text(size: int) -> str:
    """A plan of so many bytes at least: 0.8 kB and five units a task, as city plans have."""
    out = ["甲市2023年安全生产工作要点", "甲市安全生产委员会"]
    held = 0
    number = 0
    while held < size:
        number += 1
        if number % 30 == 1:
            out.append(f"（{DIGITS[number // 30 % 10]}）第{number // 30 + 1}批")
        lead, other = UNITS[number % 6], UNITS[(number + 2) % 6]
        out.append(
            f"{(number - 1) % 30 + 1}.排查整治第{number}类隐患。聚焦重点行业领域，深入开展安全风险排查，"
            "对排查发现的问题逐项登记、逐级汇总，明确整改内容和整改要求，形成从发现到核查的闭环管理，"
            "对反复出现的问题举一反三，从制度、资金、技术、人员等方面分析原因，防止同类问题再次发生，"
            "推动各类生产经营活动安全有序，切实提高本质安全水平，守住不发生较大以上事故的底线。"
            f"每季度至少组织1次检查，{number % 12 + 1}月底前完成，整改率达到95%以上。"
            f"（市安委会组织，市{lead}会同市{other}等有关部门分工负责，"
            "各县（市、区）政府落实）"
        )
        held += len(out[-1].encode())
    return "\n".join(out)


def run(repeats: int) -> None:
    """Text to JSON in the core, and to objects of Python."""
    text = plan_text(1 << 20)
    size = len(text.encode())

    def rate(seconds: float) -> str:
        return f"{size / seconds / 1e6:.1f} MB/s"

    lines(
        f"Work plans, {size / 1e6:.2f} MB of UTF-8, one core",
        "",
        [
            ("`_core.parse_plan`, text → JSON", lambda: _core.parse_plan(text, None, ""), rate),
            ("`sr.parse_plan`, text → `Plan`", lambda: sr.parse_plan(text), rate),
        ],
        repeats,
    )
