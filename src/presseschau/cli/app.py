"""The program `presseschau`: its commands and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Annotated

import typer

from presseschau.cli.terminal import emit_version

_COMMANDS = {
    "read": "offline", "article": "article", "summarize": "article", "translate": "article", "claims": "article",
    "batch": "batch", "split": "shards", "merge": "shards",
    "brief": "brief", "verify": "offline", "render": "render", "compare": "compare",
    "review": "review", "import": "library", "export": "library", "search": "search", "index": "library",
    "terms": "library", "schema": "offline", "doctor": "doctor", "cache": "cache", "cost": "cost", "model": "model",
    "prompts": "prompts", "serve": "serve", "mcp": "mcp", "watch": "watch",
}  # fmt: skip
"""Name -> the file in which it is a function of that name, or `app` with commands of its own."""


def command_line(arguments: Sequence[str] = ()) -> typer.Typer:
    """The program: with the one command that is named first, since to build the others takes longer than to parse; with
    all of them if none is. Where all that is asked for is help, they have their names and no options."""
    app = typer.Typer(
        help="German press articles in; a checked English translation, summary and claim list out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Exit codes: 0 done, 1 nothing usable, 2 usage, 3 some parts failed, 4 configuration, key or quota, "
        "5 budget reached (resumable), 6 errors found by verify, 7 no article for a note, 8 nothing new "
        "to watch, 74 cannot write, 75 provider down (run again), "
        "130/143 interrupted. Options of a panel (Model, Money ...) may be set as PRESSESCHAU_NAME: doctor lists them.",
    )
    app.callback()(_program)
    for name in arguments[:1] if arguments and arguments[0] in _COMMANDS else _COMMANDS:
        file = import_module(f"presseschau.cli.{_COMMANDS[name]}")
        command = getattr(file, "app", None) or getattr(file, f"{name}_" if iskeyword(name) else name)
        alone = [*arguments] in (["--help"], ["-h"])
        if isinstance(command, typer.Typer):
            app.add_typer(typer.Typer(help=command.info.help) if alone else command, name=name)
        else:
            app.command(name, help=command.__doc__)((lambda: None) if alone else command)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        emit_version()
        raise typer.Exit


def _program(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    from presseschau.storage.kept import keep

    context.call_on_close(keep())
