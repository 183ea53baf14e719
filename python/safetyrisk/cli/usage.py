"""What the command line says when a call is wrong, and its help, in Chinese or English."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

from .._core_faults import recognise
from .._errors import Error
from .._faults import os_words

__all__ = ["fatal_text", "help_classes", "plain_streams", "spoken", "usage_text"]

_USAGE = (
    (r"Missing argument '?(.+?)'?\.(?: .*)?", "缺少参数 {0}"),
    (r"Missing option '?(.+?)'?\.(?: .*)?", "缺少选项 {0}"),
    (
        r"No such option: (\S+?)\.?(?: Did you mean (.+)\?| \(Possible options: (.+)\))?",
        "没有选项 {0}",
    ),
    (r"No such command '(.+?)'\.?(?: Did you mean (.+)\?)?", "没有命令 {0}"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多余的参数：{0}"),
    (r"Option '(.+)' requires an argument\.?", "选项 {0} 需要一个值"),
    (r"Option '(.+)' does not take a value\.?", "选项 {0} 不带值"),
    (
        r"Invalid value for '?(.+?)'?: \w+ '?(.+?)'? is not readable\.?",
        "没有权限读取 {1}（{0}）",
    ),
    (r"Invalid value for '?(.+?)'?: (.+?)\.?", "{0} 的值无效：{1}"),
    (r"Missing command\.?", "缺少命令"),
)
_VALUES = {
    "Input should be a valid integer": "应为整数",
    "Input should be a valid boolean": "应为 true 或 false",
}
_HELP = (
    ("Usage:", "用法："),
    ("[OPTIONS]", "[选项]"),
    ("COMMAND [ARGS]...", "命令 [参数]…"),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("Show this message and exit.", "显示本说明。"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("[default:", "[默认："),  # at the end of a line
)


def spoken(arguments: Sequence[str]) -> str:
    """Language that a call asks for, before it is understood; of several the last."""
    lang = "zh"
    for i, argument in enumerate(arguments):
        if argument == "--lang":
            lang = "en" if list(arguments[i + 1 : i + 2]) == ["en"] else "zh"
        elif argument.startswith("--lang="):
            lang = "en" if argument == "--lang=en" else "zh"
    return lang


def plain_streams() -> None:
    """Let Chinese through streams that take only ASCII, and never stop over a character."""
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is None:
            continue
        if (stream.encoding or "").lower().replace("-", "") in ("ascii", "usascii", "ansix3.41968"):
            change(encoding="utf-8", errors="backslashreplace")
        elif stream.errors == "strict":
            change(errors="backslashreplace")


def fatal_text(error: BaseException, lang: str) -> str:
    """One line for an error that ends the command: its code and a sentence."""
    if isinstance(error, Error):
        text = error.in_language(lang)
        code = error.code or recognise(str(error))[0] or "call.wrong"
    elif isinstance(error, OSError):
        code, name = "os.error", error.filename or ""
        reason = os_words(error, lang)
        if lang == "zh":
            # What we write says so before the system's reason.
            _, mark, rest = (error.strerror or "").partition("cannot write the file: ")
            reason = (
                f"无法写入文件：{os_words(OSError(error.errno, rest), lang)}" if mark else reason
            )
        text = f"{name} {reason}".strip()
    else:
        code, text = "call.wrong", str(error)
    head = "错误" if lang == "zh" else "Error"
    return f"{head} [{code}]{'：' if lang == 'zh' else ': '}{text}"


def usage_text(error: Any, lang: str) -> str:
    """What typer says of a call that it does not understand, and how to get help."""
    text = error.format_message()
    context = getattr(error, "ctx", None)
    command = "safetyrisk" if context is None else context.command_path
    if lang != "zh":
        return f"Error [usage]: {text}\nHelp: {command} --help"
    for pattern, words in _USAGE:
        found = re.fullmatch(pattern, text.strip(), re.DOTALL)
        if found is not None:
            groups = [(group or "").replace("'", "") for group in found.groups()]
            groups = [_VALUES.get(group.partition(",")[0], group) for group in groups]
            near = [group for group in groups[1:] if group] if "{1}" not in words else []
            text = words.format(*groups) + (f"；相近的有 {'、'.join(near)}" if near else "")
            break
    return f"错误 [usage]：{text}\n用法见：{command} --help"


def help_classes(typer: Any, lang: str) -> tuple[type[Any], type[Any]]:
    """Classes of a group and of a command whose help is in one language."""

    def translated(text: str) -> str:
        if lang == "zh":
            for english, chinese in _HELP:
                text = text.replace(english, chinese)
        return text

    class Group(typer.core.TyperGroup):  # type: ignore[misc]
        def get_help(self, ctx: Any) -> str:
            return translated(super().get_help(ctx))

    class Command(typer.core.TyperCommand):  # type: ignore[misc]
        def get_help(self, ctx: Any) -> str:
            return translated(super().get_help(ctx))

    return Group, Command
