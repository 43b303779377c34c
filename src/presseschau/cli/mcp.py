"""`mcp`: the tools of an assistant, over standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presseschau.cli.groups import (
    CacheOptions,
    EngineOptions,
    EnglishOptions,
    LimitOptions,
    ReaderOptions,
    ReadingOptions,
    grouped,
)

OwnArchive = Annotated[
    Path | None,
    typer.Argument(metavar="[ARCHIVE]", help="An archive: what it holds can be read and searched.", show_default=False),
]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--folder", metavar="DIR", help="Files in this folder may be read, too; may be repeated."),
]
NoAddresses = Annotated[bool, typer.Option("--no-addresses", help="Fetch no pages.")]
Keep = Annotated[bool, typer.Option("--keep", help="Put what is analysed into the archive.")]
CallCost = Annotated[
    float | None,
    typer.Option("--max-cost-per-call", min=0, help="US dollars that one call may cost at the most."),
]


@grouped
def mcp(
    model: EngineOptions,
    reader: ReaderOptions,
    english: EnglishOptions,
    stored: CacheOptions,
    reading: ReadingOptions,
    money: LimitOptions,
    own: OwnArchive = None,
    folder: Folders = None,
    no_addresses: NoAddresses = False,
    keep: Keep = False,
    max_cost_per_call: CallCost = None,
) -> None:
    """Offer read, analyse, search, verify and brief to an assistant (Model Context Protocol, extra: mcp).

    It speaks the protocol on standard input and output: a program starts it, not a person. --max-cost and --max-tokens
    hold for the whole session; without --max-cost it is one US dollar where the model has a price.
    """
    import asyncio
    from dataclasses import replace
    from importlib.util import find_spec

    from presseschau.cli.library import check_archive
    from presseschau.errors import ConfigurationError
    from presseschau.library.store import Archive

    if find_spec("mcp") is None:
        raise ConfigurationError("Tools for assistants need the package mcp: pip install 'presseschau[mcp]'.")
    if own is not None:
        check_archive(own)
        if own.exists() or not keep:
            Archive(own, reads=True).close()  # what is wrong with it is said now
            english = replace(english, archive=english.archive or own)
    elif keep:
        raise typer.BadParameter("--keep needs an archive.")
    for one in folder or ():
        if not one.is_dir():
            raise typer.BadParameter(f"--folder {one} is no folder.")
    from presseschau.assistant.server import serve
    from presseschau.assistant.session import Session, Setup

    cache = stored.choice()
    sends = not stored.cache_only
    setup = Setup(
        archive=own,
        folders=tuple(folder or ()),
        addresses=not no_addresses,
        keep=keep,
        choice=lambda: model.choice(reader.choice(model, sends=sends), sends=sends),
        options=english.options,
        limits=money.limits(reader),
        most_a_call=max_cost_per_call,
        cache=cache.path,
        cache_mode=cache.mode,
        reading=reading.read_options(),
        repair=not reading.no_repair,
        lang_check=reading.german_only,
    )
    asyncio.run(serve(Session(setup)))
