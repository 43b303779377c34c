"""The program `presseschau`: its commands and what ends it."""

from __future__ import annotations

from typing import Annotated

import typer

from presseschau.cli import article, batch, brief, cache, doctor, model, offline, prompts, render, review
from presseschau.cli.terminal import emit_version

app = typer.Typer(
    help="German press articles in; a checked English translation, summary and claim list out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 nothing usable, 2 usage, 3 some parts failed, 4 configuration, key or quota, "
    "5 budget reached (resumable), 6 errors found by verify, 74 cannot write, 75 provider down (run again), "
    "130/143 interrupted.",
)
app.command("read")(offline.read)
app.command("article")(article.article)
app.command("summarize")(article.summarize)
app.command("translate")(article.translate)
app.command("claims")(article.claims)
app.command("batch")(batch.batch)
app.command("brief")(brief.brief)
app.command("verify")(offline.verify)
app.command("render")(render.render)
app.command("review")(review.review)
app.command("schema")(offline.schema)
app.command("doctor")(doctor.doctor)
app.add_typer(cache.app, name="cache")
app.add_typer(model.app, name="model")
app.add_typer(prompts.app, name="prompts")


def _show_version(wanted: bool) -> None:
    if wanted:
        emit_version()
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass
