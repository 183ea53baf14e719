"""What columns and codes of the answers about hazards are called, in Chinese and English."""

from __future__ import annotations

HEADERS = {
    "hazard": ("隐患编号", "hazard"), "earlier": ("上次", "earlier"), "enterprise": ("企业", "enterprise"),
    "grade": ("级别", "grade"), "channel": ("来源", "channel"), "sector": ("行业领域", "sector"),
    "county": ("县（区）", "county"), "town": ("乡镇", "town"), "city": ("市", "city"),
    "province": ("省", "province"), "village": ("村", "village"), "open": ("未销号", "open"),
    "overdue": ("逾期", "overdue"), "stopped": ("停产停业", "stopped"), "undated": ("没有期限", "no last day"),
    "days_mean": ("平均天数", "mean days"), "days_oldest": ("最长天数", "oldest"),
    "to_30": ("30 天内", "to 30"), "to_90": ("31–90 天", "31–90"), "to_180": ("91–180 天", "91–180"),
    "to_365": ("181–365 天", "181–365"), "over_365": ("一年以上", "over a year"),
    "period": ("时期", "period"), "found": ("新增", "found"), "closed": ("销号", "closed"),
    "self": ("自查", "own"), "all": ("全部", "all"), "channel_unknown": ("来源不明", "no channel"),
    "rate": ("自查率", "self-check rate"), "rate_low": ("下限", "low"), "rate_high": ("上限", "high"),
    "average": ("对照平均", "compared with"), "below": ("低于平均", "below"), "group": ("组", "group"),
    "criterion": ("判定依据", "criterion"), "found_on": ("发现日", "found on"),
    "found_by": ("发现人", "found by"), "responsible": ("整改责任", "responsible"),
    "verified_by": ("验收人", "verified by"), "closed_by": ("销号人", "closed by"),
    "closed_on": ("销号日", "closed on"), "days_open": ("天数", "days open"),
    "days": ("天数", "days"), "open_major_hazards": ("未销号重大隐患", "open major hazards"),
    "state": ("状态", "state"), "extensions": ("延期次数", "extensions"),
    "closure_proposed": ("已申请销号", "closing proposed"), "kind": ("类别", "kind"), "due_on": ("期限", "due on"),
    "days_overdue": ("逾期天数", "days overdue"), "goal": ("目标", "goal"),
    "target_year": ("目标年度", "target year"), "value": ("现值", "value"), "base": ("基数", "base"),
    "unknown": ("无法判断", "unknown"), "met": ("达成", "met"), "as_of": ("截至", "as of"),
    "name": ("隐患", "name"), "enterprise_name": ("企业", "enterprise"),
    "step_name": ("措施", "step"), "reached_on": ("达到日", "reached on"), "reason": ("原因", "reason"),
    "day_kind": ("按", "counted in"), "addressee_name": ("对象", "addressee"),
    "holders": ("任职", "held by"), "capacity": ("责任类别", "capacity"), "path": ("依据路径", "path"),
    "letter": ("函件要点", "letter"), "clause": ("条款", "clause"), "next_step": ("下一步", "next"),
    "next_on": ("下一步日期", "next on"), "of_item": ("涉及该事项", "of the item"),
    "on": ("日期", "on"), "by_name": ("检查单位", "by"), "action": ("方式", "action"),
    "object": ("对象", "object"), "items": ("检查事项", "items"),
    "covers_item": ("查过该事项", "covers the item"), "risk_point": ("风险点", "risk point"),
}  # fmt: skip
WORDS = {
    "grade": {"general": ("一般", "general"), "major": ("重大", "major")},
    "channel": {"self": ("企业自查", "own check")},
    "day_kind": {"calendar": ("自然日", "calendar days"), "working": ("工作日", "working days")},
    "reason": {
        "due_soon": ("临近期限", "due soon"), "overdue": ("逾期", "overdue"),
        "times_overdue": ("再次逾期", "overdue again"), "refuse": ("拒不整改", "refused"),
        "penalties": ("多次处罚", "punished repeatedly"),
        "calendar_unknown": ("该年放假安排未知，无法计算工作日", "working days are not known"),
        "closing_unclear": ("有销号记录但缺少前面的环节，是否销号无法判断",
                            "closed on record without the steps before it; cannot be told"),
        "register_empty": ("截至该日台账没有隐患记录", "the register has no rows by that day"),
        "register_begins_later": ("台账没有那一时期的记录", "the register begins later"),
        "rows_refused": ("有未采用的行，可能属于统计范围", "rows that were left out may count"),
        "no_due_date": ("有的没有整改期限", "some have no last day"),
    },
    "kind": {
        "check": ("检查", "check"), "verification": ("核查", "verification"),
        "own": ("企业自查", "own check"), "visit": ("走访", "visit"),
    },
}  # fmt: skip
IDS = ("enterprise", "risk_point", "county", "town", "city", "province", "village", "object",
        "found_by", "responsible", "verified_by", "closed_by")  # fmt: skip
RATES = ("rate", "rate_low", "rate_high", "average")
#: Columns that stand beside their names, or that only programs read.
HIDDEN = ("step", "addressee", "by", "path", "letter")
ANSWERS = {
    "covered": ("查过：检查记录写明了该事项", "yes: a record of a check names it"),
    "found": ("查过：此前曾作为隐患被发现", "yes: it was found as a hazard before"),
    "not_covered": ("没有查过：所有检查记录都未列该事项", "no: no record of a check names it"),
    "no_checks": ("没有任何检查记录", "there is no record of any check"),
    "items_not_stated": ("无法判断：有的检查记录没有写明检查事项",
                         "cannot be told: some records do not say what was checked"),
}  # fmt: skip
