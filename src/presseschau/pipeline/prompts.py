"""The texts said to a model: read from a folder, filled in, checked before any call."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from string import Template

from presseschau.errors import ConfigurationError
from presseschau.findings import ROWS

SHIPPED = Path(__file__).parent.parent / "prompts"
FOR_EVERY_TASK = ("repair", "schema", "shared", "translate")
"""Folders that each task may use: an embedded model translates first, whatever is asked for."""
EARLIER = {
    "c7a55a2b9c85": {
        "claims": "aff6b159ba3f", "repair": "b7e5611c6b33", "schema": "bd0b1b5bd531", "shared": "9a8f482c8072",
        "summary": "c60a074928fc", "translate": "f1fcdbeb506a",
    },
}  # fmt: skip
"""Versions of all shipped prompts as earlier runs have noted them, and the digests of their folders: such a run goes on
as long as what its tasks use is the same."""


class Prompts:
    """The prompt files below `folder`; a file missing there is taken from the shipped ones.

    Names are paths without suffix, such as `translate/task`. Raises ConfigurationError for an unknown name, an
    unreadable file, or a variable that has no value.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise ConfigurationError(f"There is no prompt folder {folder}. Make one with `presseschau prompts copy`.")
        if folder is not None and not any((folder / f"{name}.txt").is_file() for name in self._names):
            raise ConfigurationError(
                f"The folder {folder} holds no prompt. `presseschau prompts copy` makes one with all of them."
            )
        self.folder = folder
        self._texts: dict[str, str] = {}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(str(p.relative_to(SHIPPED).with_suffix("")) for p in SHIPPED.rglob("*.txt"))

    def names(self) -> list[str]:
        """Every prompt's name, sorted."""
        return sorted(self._names)

    def path(self, name: str) -> Path:
        """The file that is used for `name`."""
        if name not in self._names:
            raise ConfigurationError(f"There is no prompt named {name!r}. `presseschau prompts list` shows them.")
        own = self.folder / f"{name}.txt" if self.folder else None
        return own if own and own.is_file() else SHIPPED / f"{name}.txt"

    def text(self, name: str) -> str:
        """The prompt as it lay on disk when it was first used."""
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The prompts that the folder does not have: those that are shipped stand in for them."""
        return tuple(name for name in self.names() if self.folder and not (self.folder / f"{name}.txt").is_file())

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The texts of the folder, without those that are the shipped ones."""
        return tuple(self.text(name) for name in self.names() if self.path(name) != SHIPPED / f"{name}.txt")

    def _read(self, name: str) -> str:
        path = self.path(name)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise ConfigurationError(f"The prompt file {path} cannot be read: {why}.") from error

    def render(self, name: str, **values: object) -> str:
        """The prompt with its variables filled in, without surrounding blank lines."""
        try:
            text = Template(self.text(name)).substitute({key: str(value) for key, value in values.items()})
        except KeyError as error:
            raise ConfigurationError(
                f"The prompt file {self.path(name)} asks for ${error.args[0]}, which this task does not have; "
                f"it has {', '.join('$' + key for key in values)}."
            ) from None
        except ValueError as error:
            where = str(error).rpartition(": ")[2]
            raise ConfigurationError(
                f"The prompt file {self.path(name)} has a stray dollar sign ({where}); write $$ for a dollar."
            ) from None
        return text.strip("\n")

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change when any prompt text changes."""
        return self._digest(self.names())

    def version_for(self, tasks: Iterable[str], later: Collection[str] = ()) -> str:
        """Twelve hex digits that change when a prompt text changes that these tasks can use, but for those `later`."""
        return _joint({folder: self._folder(folder, later) for folder in (*FOR_EVERY_TASK, *tasks)})

    def earlier_versions(self, tasks: Collection[str]) -> frozenset[str]:
        """What earlier runs have noted where these tasks' prompts are the same, but for the repair wording of codes
        that came later. The first ones noted the version of all prompts."""
        known = sorted({row.since for row in ROWS}, key=_release)
        ours = {
            self.version_for(tasks, [f"repair/{row.name}" for row in ROWS if row.since in known[i:]])
            for i in range(1, len(known) + 1)
        }
        same = (
            whole
            for whole, folders in EARLIER.items()
            if _joint({folder: folders[folder] for folder in (*FOR_EVERY_TASK, *tasks)}) in ours
        )
        return frozenset((self.version, *ours, *same))

    def _folder(self, folder: str, later: Collection[str]) -> str:
        return self._digest([name for name in self.names() if name.rpartition("/")[0] == folder and name not in later])

    def _digest(self, names: Iterable[str]) -> str:
        digest = hashlib.sha256()
        for name in names:
            digest.update(f"{name}\0{self.text(name)}\0".encode())
        return digest.hexdigest()[:12]


@cache
def shipped() -> Prompts:
    """The shipped ones: read once, not for each article."""
    return Prompts()


def _release(since: str) -> list[int]:
    return [int(number) for number in since.split(".") if number]


def _joint(folders: Mapping[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{name} {folders[name]}" for name in sorted(folders)).encode()).hexdigest()[:12]
