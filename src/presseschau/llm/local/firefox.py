"""A translator of another kind beside a language model: Firefox's own German-English one, if it is installed.

`fxtranslate` (MPL-2.0; extra `[reader]`) runs the models that Firefox translates pages with, on the CPU, a sentence in
some hundredths of a second. `fetch_firefox` asks Mozilla's list for the files, which fxtranslate checks against the
hashes of that list; from then on the files must have the hashes that they had when they came, and nothing is asked of
the network. Nothing but this file calls it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from presseschau.errors import ConfigurationError, ModelError, OutputError, ProviderDownError
from presseschau.llm.local.store import default_folder
from presseschau.storage.files import write_file

FIREFOX = "firefox-de-en"
"""How `model pull` calls it."""
_FOLDER, _PAIR = "firefox", "de-en"
_HASHES = "sha256.json"
_FETCH = f"presseschau model pull {FIREFOX}"


def fetch_firefox(models: Path) -> Path:
    """The folder of Firefox's German-English model, below that of the embedded models; fetched if it is not there.

    Raises ConfigurationError without `fxtranslate`, ProviderDownError if the files cannot be had, OutputError if they
    cannot be written.
    """
    _installed()
    folder = models / _FOLDER / _PAIR
    if _known(folder):
        return _checked(folder)
    from fxtranslate import discovery

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The model cannot be written to {folder.parent}: {error.strerror}.") from None
    try:
        discovery.add_models("de", "en", cache_dir=str(folder.parent))
    except ValueError as error:
        raise ProviderDownError(
            f"Firefox's German-English model cannot be fetched: {error}. Check the network and its proxy, or copy the "
            f"folder {folder} from a machine that has it."
        ) from None
    files = _files(folder)
    if not files:
        raise ModelError(f"What was fetched into {folder} is no model: remove that folder and fetch it again.")
    write_file(folder / _HASHES, json.dumps({name: _sha256(path) for name, path in files.items()}, indent=1) + "\n")
    return folder


@lru_cache(maxsize=2)
def firefox_translator(models: Path | None = None) -> FirefoxTranslator:
    """The translator below the folder of the embedded models (None: the usual one); loaded by its first sentence.

    Raises ConfigurationError without `fxtranslate`, ModelError if its model is not there or not as it came.
    """
    _installed()
    return FirefoxTranslator(_checked((models or default_folder()) / _FOLDER / _PAIR))


def _installed() -> None:
    if find_spec("fxtranslate") is None:
        raise ConfigurationError(
            "Firefox's translator is not installed. Install it: pip install 'presseschau[reader]'; then fetch its "
            f"model: {_FETCH}"
        )


def _files(folder: Path) -> dict[str, Path]:
    """Those of the model, by name."""
    return {path.name: path for path in sorted(folder.glob("*.*")) if path.suffix in (".bin", ".spm")}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known(folder: Path) -> dict[str, str]:
    """The hashes that the files had when they came; {} if none are there."""
    try:
        found = json.loads((folder / _HASHES).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _checked(folder: Path) -> Path:
    known, files = _known(folder), _files(folder)
    if not known:
        raise ModelError(f"Firefox's German-English model is not there. Fetch it once, 40 MB: {_FETCH}")
    wrong = [name for name, value in known.items() if name not in files or _sha256(files[name]) != value]
    if wrong:
        raise ModelError(
            f"{', '.join(wrong)} in {folder} is not as it was fetched. Remove that folder and fetch it again: {_FETCH}"
        )
    return folder


class FirefoxTranslator:
    """`name` says in which version: what it said is kept under it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        known = json.dumps(_known(folder), sort_keys=True)
        self.name = f"{FIREFOX}/{hashlib.sha256(known.encode()).hexdigest()[:12]}"
        self._thread = ThreadPoolExecutor(1)  # its engine may only be used in the thread that made it
        self._engine: Any = None

    def english(self, sentences: Sequence[str]) -> list[str]:
        """The English of each German sentence. Raises ModelError if the files are no model."""
        return self._thread.submit(self._translated, tuple(sentences)).result()

    def _translated(self, sentences: Sequence[str]) -> list[str]:
        if self._engine is None:
            self._engine = self._loaded()
        return [" ".join(self._engine.translate(sentence).split()) for sentence in sentences]

    def _loaded(self) -> Any:
        from fxtranslate import Translator

        read = {name.partition(".")[0]: path.read_bytes() for name, path in _files(self._folder).items()}
        try:  # some pairs have a vocabulary for each language
            source, target = (read.get(name) or read["vocab"] for name in ("srcvocab", "trgvocab"))
            return Translator(read["model"], source, target, read.get("lex"))
        except (KeyError, ValueError) as error:
            raise ModelError(f"Firefox's German-English model in {self._folder} cannot be used: {error}.") from None
