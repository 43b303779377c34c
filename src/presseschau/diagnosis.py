"""What is installed, where answers are kept, whether a model can be asked: `doctor` prints it, the desk shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from presseschau.llm.engine import Choice
    from presseschau.llm.local.store import LocalModel
    from presseschau.llm.places import CachePlace
    from presseschau.llm.retry import Policy

_PACKAGES = (
    "openai", "xllamacpp", "pydantic", "tenacity", "trafilatura", "ftfy", "zstandard", "brotli", "python-docx",
)  # fmt: skip


def packages() -> list[tuple[str, str]]:
    """What this program needs, or reads more formats with: name and version."""
    return [(name, version_of(name)) for name in _PACKAGES]


def version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def cache_found(place: CachePlace) -> str:
    """Where answers are kept, and how many. Raises CacheError if none can be."""
    from presseschau.llm.places import open_cache

    with open_cache(place) as cache:
        cache.check_writable()
        return f"{place}, {cache.stats().answers} answers"


def model_found(choice: Choice, policy: Policy | None = None) -> Iterator[tuple[str, str]]:
    """Where a model is, what it is worth, and what it answers to a tiny question, each when it is known. Raises what
    makes it unusable."""
    yield "endpoint", choice.endpoint.base_url or "embedded, on this machine"
    if choice.local:
        yield "worth", _worth(choice.endpoint.identity, choice.local)
        yield "file", f"{choice.local.verified_path()} (hash checked)"
    yield "answers", _question(choice, policy)


def _worth(identity: str, local: LocalModel) -> str:
    """What was measured of an embedded model."""
    from presseschau.measuring.report import in_short, known_figures

    known = known_figures(local.folder).get(identity)
    return in_short(*known) if known else "never measured (presseschau model check says it)"


def _question(choice: Choice, policy: Policy | None) -> str:
    """Ask for the translation of two words; the answer says more than any probe of the address."""
    from presseschau.ingest import read_article
    from presseschau.llm.engine import open_engine
    from presseschau.pipeline import translation
    from presseschau.pipeline.asking import Options
    from presseschau.pipeline.numbered import windows

    (window,) = windows(read_article("Guten Morgen.", source="doctor", lang_check=False), 1000)
    request = translation.request(window, window.numbers, Options(), {})

    async def ask() -> str:
        async with open_engine(choice, policy=policy) as engine:
            answer = await engine.ask(request)
            return f"Guten Morgen. -> {translation.english_of(answer.value, window.numbers).get(1)!r}"

    return asyncio.run(ask())
