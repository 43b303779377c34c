"""What was ever measured of embedded models: by us, as shipped in `measured.json`, and on this machine.

`measured.json` is what `presseschau model check --json` printed. Figures belong to an identity, hence to a file's hash.
"""

from __future__ import annotations

import json
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from presseschau.errors import OutputError
from presseschau.measuring.figures import ModelCheck, ModelFigures
from presseschau.storage.files import write_file

HERE = "checks.json"


def keep(check: ModelCheck, folder: Path) -> None:
    """Notes the figures in the folder of the models, each once; a quick look does not replace a whole check. A folder
    that cannot be written only forgets them."""
    if not folder.is_dir():
        return
    known = _here(folder)
    for one in check.models:
        if not check.quick or known.get(one.identity, check).quick:
            known[one.identity] = check.model_copy(update={"models": (one,)})
    text = json.dumps([one.model_dump(mode="json") for one in known.values()], indent=1)
    with suppress(OSError, OutputError):
        write_file(folder / HERE, text + "\n", sync=False)


def known_figures(folder: Path) -> dict[str, tuple[ModelCheck, ModelFigures]]:
    """By identity, those of this machine before those that are shipped."""
    shipped = ModelCheck.model_validate_json(files("presseschau").joinpath("measuring", "measured.json").read_bytes())
    return {one.identity: (check, one) for check in (shipped, *_here(folder).values()) for one in check.models}


def _here(folder: Path) -> dict[str, ModelCheck]:
    """What is noted in the folder; what cannot be read is forgotten."""
    try:
        found = [ModelCheck.model_validate(row) for row in json.loads((folder / HERE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, RecursionError, ValidationError):
        return {}
    return {check.models[0].identity: check for check in found if check.models}
