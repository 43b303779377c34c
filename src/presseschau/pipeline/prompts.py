"""The texts said to a model: read from a folder, filled in, checked before any call."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from string import Template

from presseschau.errors import ConfigurationError

SHIPPED = Path(__file__).parent.parent / "prompts"


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

    def _read(self, name: str) -> str:
        path = self.path(name)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"The prompt file {path} cannot be read: {error}.") from error

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
            raise ConfigurationError(
                f"The prompt file {self.path(name)} has a stray dollar sign ({error}); write $$ for a dollar."
            ) from None
        return text.strip("\n")

    @cached_property
    def version(self) -> str:
        """Twelve hex digits that change when any prompt text changes."""
        digest = hashlib.sha256()
        for name in self.names():
            digest.update(f"{name}\0{self.text(name)}\0".encode())
        return digest.hexdigest()[:12]
