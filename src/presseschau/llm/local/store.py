"""The folder that holds the embedded models, and the check that a file is the one it is taken for.

The sha256 of a large file is remembered as long as the file does not change.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from presseschau.errors import ModelError, OutputError
from presseschau.llm.local.catalog import DEFAULT_MODEL, CatalogModel, catalog, find
from presseschau.storage.files import write_file

REMEMBERED = "sha256.json"


def file_sha256(path: Path, folder: Path) -> str:
    """The hash of the file in hexadecimal; read from `folder` if the file is unchanged since it was hashed.

    Unchanged means: same device, inode, size, and times of change of content and of inode; so an edit that resets
    the visible time is noticed too. A folder that cannot be written only costs the hashing next time. ModelError if
    the file cannot be read.
    """
    try:
        before = _state(path)
        remembered = _remembered(folder).get(str(path.resolve()))
        if remembered and remembered[:-1] == before:
            return str(remembered[-1])
        sha256 = fresh_sha256(path)
        if _state(path) == before:  # else it is still being written
            remember(path, sha256, folder)
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {error.strerror}.") from None
    return sha256


def fresh_sha256(path: Path) -> str:
    """The hash of the file in hexadecimal, read now. OSError if it cannot be."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remember(path: Path, sha256: str, folder: Path) -> None:
    """Keep the hash of a file that was just read or written in full."""
    kept = {name: entry for name, entry in _remembered(folder).items() if Path(name).exists()}
    kept[str(path.resolve())] = [*_state(path), sha256]
    with suppress(OSError, OutputError):
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / REMEMBERED, json.dumps(kept, indent=1), sync=False)


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _remembered(folder: Path) -> dict[str, list[int | str]]:
    """What is remembered: path -> state and hash. A file that is missing or damaged is forgotten."""
    try:
        kept = json.loads((folder / REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: entry for name, entry in kept.items() if isinstance(entry, list) and len(entry) == 6}


DEMO_NOTICE = (
    "Made with a small demonstration model: it shows how presseschau works and makes many mistakes. "
    "Check every sentence against the German, or use a larger model."
)
FILE_CONTEXT = 8192  # tokens of context for a user's own file
_MAGIC = b"GGUF"


@dataclass(frozen=True)
class LocalModel:
    """An embedded model that was chosen.

    `sha256` identifies it: that of the catalog, or of the user's own file. `path` is where its file is expected;
    nothing says that it is there or intact before `verified_path` was called. `notice` is what every result must
    say about it, or "".
    """

    name: str
    path: Path
    sha256: str
    context_tokens: int
    folder: Path
    catalog: CatalogModel | None = None

    @property
    def notice(self) -> str:
        """What every result made with this model must say; "" if nothing."""
        return DEMO_NOTICE if self.catalog and self.catalog.small_demo else ""

    def verified_path(self) -> Path:
        """The path of the file, whose hash was checked now or since it last changed.

        Reads the whole file when it is new or has changed (about a second a gigabyte). Raises ModelError if it is
        missing or is not the file that `sha256` names.
        """
        if not self.path.is_file():
            if self.catalog is None:
                raise ModelError(f"The model file {self.path} is gone.")
            raise ModelError(
                f"The embedded model {self.name} is not installed in {self.folder}. "
                f"Fetch it with: presseschau model pull {self.name}"
            )
        if self.catalog and self.path.stat().st_size != self.catalog.size:
            raise self._wrong_file(f"has {self.path.stat().st_size:,} bytes instead of {self.catalog.size:,}")
        if file_sha256(self.path, self.folder) != self.sha256:
            raise self._wrong_file("has another sha256 than it should")
        return self.path

    def _wrong_file(self, what: str) -> ModelError:
        mend = f"Fetch it again with: presseschau model pull {self.name}" if self.catalog else "Was it replaced?"
        return ModelError(f"The model file {self.path} {what}; it is not used. {mend}")


def default_folder() -> Path:
    """Where models lie unless told otherwise: the XDG data folder."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "presseschau" / "models"


def chosen_model(name: str, folder: Path | None = None) -> LocalModel:
    """The embedded model that `name` means: one of the catalog, or a GGUF file.

    A catalog model is not looked at yet, so that answers in the cache can be had without its file; a file of the
    user's own is hashed, unless it is unchanged since the last time. Raises ModelError if there is no such model
    or file.
    """
    folder = folder or default_folder()
    if not _is_file_name(name):
        return _from_catalog(find(name), folder)
    path = Path(name).expanduser()
    _check_is_model(path)
    sha256 = file_sha256(path, folder)
    known = next((model for model in catalog() if model.sha256 == sha256), None)
    return LocalModel(
        name=path.name,
        path=path,
        sha256=sha256,
        context_tokens=known.context_tokens if known else FILE_CONTEXT,
        folder=folder,
        catalog=known,
    )


CHOSEN = "default.json"


@dataclass(frozen=True)
class DefaultModel:
    """What is used where no model is named. `since`: the day on which the user chose it; "": nobody chose."""

    name: str
    since: str = ""


def default_model(folder: Path | None = None) -> DefaultModel:
    """What the user chose for this folder of models, else the pinned default."""
    try:
        found = json.loads(((folder or default_folder()) / CHOSEN).read_text(encoding="utf-8"))
        return DefaultModel(str(found["model"]), str(found["since"])[:10])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return DefaultModel(DEFAULT_MODEL)


def choose_default(name: str, folder: Path | None = None) -> None:
    """From now on this catalog model is used where none is named. Raises ModelError if there is no such model,
    OutputError if the choice cannot be kept."""
    chosen = {"model": find(name).name, "since": datetime.now(UTC).strftime("%Y-%m-%d")}
    write_file((folder or default_folder()) / CHOSEN, json.dumps(chosen) + "\n")


def path_of(name: str, folder: Path | None = None) -> Path:
    """The checked file of that model. ModelError if it is unknown, not there, or not the pinned file."""
    return chosen_model(name, folder).verified_path()


def installed(folder: Path | None = None) -> list[LocalModel]:
    """The models of the catalog whose file lies in the folder with the right size. Hashes nothing."""
    folder = folder or default_folder()
    models = [_from_catalog(model, folder) for model in catalog()]
    return [model for model in models if _size(model.path) == (model.catalog and model.catalog.size)]


def remove(name: str, folder: Path | None = None) -> int:
    """Bytes freed by deleting the file of a catalog model and what was fetched of it; 0 if there was nothing. If it was
    chosen as default, the pinned one is again.

    ModelError if the catalog has no such model, OutputError if the file cannot be deleted.
    """
    model = _from_catalog(find(name), folder or default_folder())
    freed = 0
    for path in (model.path, part_of(model.path)):
        freed += _size(path) or 0
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"The model file {path} cannot be deleted: {error.strerror}.") from None
    if default_model(folder).name == name:
        with suppress(OSError):
            (model.folder / CHOSEN).unlink()
    return freed


def part_of(path: Path) -> Path:
    """Where the bytes of a model file lie while it is being fetched."""
    return path.with_name(path.name + ".part")


def _from_catalog(model: CatalogModel, folder: Path) -> LocalModel:
    return LocalModel(
        name=model.name,
        path=folder / model.filename,
        sha256=model.sha256,
        context_tokens=model.context_tokens,
        folder=folder,
        catalog=model,
    )


def _is_file_name(name: str) -> bool:
    return name.lower().endswith(".gguf") or os.sep in name


def _check_is_model(path: Path) -> None:
    """A web page or an archive saved under the name of a model is noticed here; the engine would not say why."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ModelError(f"The model file {path} cannot be read: {error.strerror}.") from None
    if magic != _MAGIC:
        raise ModelError(f"The file {path} is not a GGUF model.")


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
