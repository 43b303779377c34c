"""`serve`: the desk, a page in the browser over an archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.groups import EngineOptions, ReaderOptions, grouped
from presseschau.cli.options import CacheFile, PriceGiven

if TYPE_CHECKING:
    import socket

    from presseschau.desk.preferences import FromCommandLine

_PASSWORD = "PRESSESCHAU_DESK_PASSWORD"  # noqa: S105 - the name of the variable


@grouped
def serve(
    model: EngineOptions,
    reader: ReaderOptions,
    archive: Annotated[
        Path | None,
        typer.Argument(help="The archive: a file that ends in .db; made if there is none.", show_default="your own"),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")] = 8765,
    listen: Annotated[
        str, typer.Option(metavar="ADDRESS", help="An address that other machines reach; needs a password.")
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None, typer.Option(help=f"A file with the password for --listen, if it is not in {_PASSWORD}.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", envvar="PRESSESCHAU_REVIEWER", help="Who decides: kept and shown."),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser, too.")] = False,
    cache: CacheFile = None,
    price: PriceGiven = None,
) -> None:
    """Open the desk: read, search, decide and export in a browser (extra: desk). Ctrl-C closes it.

    It prints an address that lets one browser in; only this machine can reach it, and nothing leaves the machine but
    what the model that you choose is asked. Without an archive it keeps its own in your data folder, and says where.
    A model that is named here wins over the one that is set in the desk.
    """
    from importlib.util import find_spec

    from presseschau.errors import ConfigurationError

    if any(find_spec(name) is None for name in ("starlette", "uvicorn", "python_multipart")):
        raise ConfigurationError("The desk needs Starlette and uvicorn: pip install 'presseschau[desk]'.")
    from presseschau.cli.exits import complain
    from presseschau.cli.library import check_archive
    from presseschau.cli.review import login
    from presseschau.desk.app import Desk, app, default_archive
    from presseschau.desk.security import Door, is_loopback
    from presseschau.library.store import Archive
    from presseschau.storage.files import cannot_write

    local = is_loopback(listen)
    password = None if local else _password(password_file)
    if password is None and not local:
        raise ConfigurationError(
            f"--listen {listen} lets other machines in, and so needs a password: put one into {_PASSWORD}, or into a "
            "file that --password-file names."
        )
    given = _given(model, reader, cache, price)
    path = archive or default_archive()
    check_archive(path)
    if archive is None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_write(path, error, "Name an archive elsewhere: presseschau serve archive.db") from None
    Archive(path).close()
    with _bound(listen, port) as bound:
        door = Door(bound.getsockname()[1], listen, password, by or login(), _tell_next)
        complain(f"The archive is {path}.")
        if not local:
            complain("Other machines reach this desk without encryption: use it only in a network that you trust.")
        address = door.origin if password else door.address
        print(f"Open {address}", flush=True)
        if open_:
            import webbrowser

            webbrowser.open(address)
        _run(app(Desk(path, door, given)), bound)
    complain("The desk is closed.")


def _given(model: EngineOptions, reader: ReaderOptions, cache: str | None, price: str | None) -> FromCommandLine:
    """What was named. Raises BadParameter for what cannot be used."""
    from presseschau.desk.preferences import FromCommandLine, pair
    from presseschau.llm.places import cache_place

    reader.check()
    for option, prices in (("--price", price), ("--reader-price", reader.reader_price)):
        try:
            pair(prices or "")
        except ValueError as error:
            raise typer.BadParameter(f"{option} {prices!r}: {error}") from None
    return FromCommandLine(
        model=model.model or None, base_url=model.base_url or None, price=price,
        second_reader=reader.second_reader or None, reader_base_url=reader.reader_base_url or None,
        reader_price=reader.reader_price, api_key_file=model.api_key_file,
        reader_api_key_file=reader.reader_api_key_file, models=model.models, same_model=model.same_model,
        cache=cache_place(cache) if cache else None,
    )  # fmt: skip


def _tell_next(address: str) -> None:
    print(f"Let in. For another browser: {address}", file=sys.stderr, flush=True)


def _password(file: Path | None) -> str | None:
    """From the variable or the file, never from the command line. Raises ConfigurationError."""
    import os

    from presseschau.errors import ConfigurationError

    if file is None:
        return os.environ.get(_PASSWORD) or None
    try:
        return file.read_text("utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The password in {file} cannot be read: {error}.") from None


def _bound(listen: str, port: int) -> socket.socket:
    """The socket, bound before anything is printed. Raises ConfigurationError if it cannot be."""
    import socket

    from presseschau.errors import ConfigurationError

    bound = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(listen, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, proto)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()  # who opens the address before all is loaded waits, and is not refused
    except OSError as error:
        if bound is not None:
            bound.close()
        raise ConfigurationError(
            f"{listen}:{port} cannot be used: {error.strerror}. Is a desk open already? --port 0 takes a free one."
        ) from None
    return bound


def _run(desk: object, bound: socket.socket) -> None:
    """Serves until Ctrl-C."""
    from contextlib import suppress

    import uvicorn

    config = uvicorn.Config(
        desk,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[bound])
