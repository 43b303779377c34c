"""A catalog model of a few bytes."""

import hashlib
from pathlib import Path

from presseschau.llm.local.catalog import CatalogModel, PackageParts

PARTS = PackageParts(
    package="presseschau-test-part{n}",
    version="0.2.0",
    count=3,
    member="presseschau_test_part{n}/data/part{n:02d}.bin",
    part_size=100_000,
)
CONTENT = b"GGUF" + bytes(range(256)) * 1000  # 256,004 bytes: two full parts and a short one


def tiny_model(content: bytes = CONTENT, parts: PackageParts | None = None) -> CatalogModel:
    return CatalogModel(
        name="tiny", repo="presseschau/tiny", revision="0" * 40, filename="tiny.gguf", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), licence="none", note="", small_demo=True, pypi_parts=parts,
        context_tokens=64,
    )  # fmt: skip


def files_in(folder: Path) -> set[str]:
    """Names of the files that hold bytes of a model."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.name not in (".lock", "sha256.json")}
