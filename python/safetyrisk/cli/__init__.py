"""The command line: ``safetyrisk demo | grade | major-hazard | map | compare | plan | template | …``.

Exit status: 0 done; 1 done, with issues at or above ``--fail-on``; 2 bad call or unreadable input;
3 failed while running; 130 interrupted; 141 when nobody reads what is printed any more.
"""

# No deferred annotations here: typer reads them, and they name things that are local.

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any

from .. import __version__
from .._errors import Error, InputError, NotFoundError
from .._extras import need
from .._start import end_quiet_interrupt
from .console import IssuesError, check_options, say, tell
from .duties import add_duty_commands
from .graph import add_graph_commands
from .jobs import add_demo_command, add_run_command
from .methods import add_method_commands
from .plan import add_plan_command
from .records import add_record_commands
from .registers import add_register_commands
from .usage import fatal_text, help_classes, plain_streams, spoken, usage_text

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    end_quiet_interrupt()
    status = 0
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        status = 141  # of a tool whose reader has gone (as after ``| head``)
        _say_nothing_more()
    except OSError as error:  # what is still to be printed does not fit
        if status != 3:
            say(fatal_text(error, spoken(sys.argv[1:] if arguments is None else arguments)))
        status = 3
        _say_nothing_more()
    sys.exit(status)


def _say_nothing_more() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())


def _run(arguments: Sequence[str] | None) -> int:
    plain_streams()
    lang = spoken(sys.argv[1:] if arguments is None else arguments)
    try:
        app = _app(lang)
    except InputError as error:
        print(fatal_text(error, lang), file=sys.stderr)  # noqa: T201  (before there is a console)
        return 2
    typer = need("typer", extra="cli")
    command = typer.main.get_command(app)
    try:
        status = command.main(
            args=None if arguments is None else list(arguments),
            prog_name="safetyrisk",
            standalone_mode=False,
        )
    except KeyboardInterrupt:
        return 130
    except IssuesError:
        return 1
    except (InputError, NotFoundError) as error:
        say(fatal_text(error, lang))
        return 2
    except BrokenPipeError:
        raise
    except SystemExit:  # what typer makes of a broken pipe; nothing else here leaves so
        raise BrokenPipeError from None
    except (OSError, Error) as error:
        say(fatal_text(error, lang))
        return 3
    except MemoryError:
        say(
            "错误：内存不足；用 --memory 或 [run] memory 可在运行前得知能容纳多少行"
            if lang == "zh"
            else "Error: out of memory; --memory or [run] memory tells beforehand what would fit"
        )
        return 3
    except Exception as error:  # what typer raises for a wrong call knows how to print itself
        if type(error).__name__ == "NoArgsIsHelpError":
            say(str(error.format_message()))  # type: ignore[attr-defined]
            return 2
        if hasattr(error, "format_message"):
            say(usage_text(error, lang))
            return 2
        if type(error).__name__ in ("Abort", "Exit"):
            return int(getattr(error, "exit_code", 130))
        raise
    return status if isinstance(status, int) else 0


def _app(lang: str) -> Any:
    need("rich", extra="cli")
    typer = need("typer", extra="cli")
    group, command = help_classes(typer, lang)
    app = typer.Typer(
        name="safetyrisk",
        cls=group,
        rich_markup_mode=None,  # its boxes cut long texts off
        help="安全生产风险分级与四色图。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback(invoke_without_command=True)
    def _base(
        context: typer.Context,  # type: ignore[name-defined]  # imported when it is needed
        version: Annotated[bool, typer.Option("--version", help="显示版本。")] = False,
        lang: Annotated[
            str | None, typer.Option("--lang", help="各命令的语言：zh 或 en；也可写在命令之后。")
        ] = None,
    ) -> None:
        if lang is not None:
            check_options(lang)
            context.default_map = {name: {"lang": lang} for name in context.command.commands}
        if version:
            tell(f"safetyrisk {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            say(context.get_help())
            raise typer.Exit(2)

    for add in (
        add_demo_command,
        add_register_commands,
        add_record_commands,
        add_graph_commands,
        add_duty_commands,
        add_plan_command,
        add_method_commands,
        add_run_command,
    ):
        add(app, typer, command)
    return app
