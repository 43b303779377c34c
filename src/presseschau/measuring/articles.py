"""The articles that models are measured on: their reference English, and what a careful reader finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from presseschau.checks.claim.labelled import LabelledClaim
from presseschau.ingest import read_article
from presseschau.models import Article

QUICK = ("gericht-muehle", "polizei-unfallflucht", "schweiz-postauto", "wetter-foehn")
"""Court, police, Swiss words, figures: four short ones."""


class _Unit(BaseModel):
    n: int
    en: str


class _Point(BaseModel):
    sentences: tuple[int, ...]


class _Labels(BaseModel):
    model_config = ConfigDict(frozen=True)

    english: tuple[_Unit, ...]
    claims: tuple[LabelledClaim, ...]
    points: tuple[_Point, ...] = Field(min_length=1)


@dataclass(frozen=True)
class LabelledArticle:
    """`english` by sentence number; `points`: the sentences that carry what a good summary holds."""

    name: str
    article: Article
    english: dict[int, str]
    claims: tuple[LabelledClaim, ...]
    points: tuple[tuple[int, ...], ...]


@cache
def labelled_articles(*, quick: bool = False) -> tuple[LabelledArticle, ...]:
    """All of them, or the four that a quick look takes."""
    folder = files("presseschau").joinpath("measuring", "articles")
    names = sorted(file.name.removesuffix(".txt") for file in folder.iterdir() if file.name.endswith(".txt"))
    found = []
    for name in QUICK if quick else names:
        labels = _Labels.model_validate_json(folder.joinpath(f"{name}.json").read_bytes())
        found.append(
            LabelledArticle(
                name=name,
                article=read_article(folder.joinpath(f"{name}.txt").read_bytes(), source=f"{name}.txt"),
                english={unit.n: unit.en for unit in labels.english},
                claims=labels.claims,
                points=tuple(point.sentences for point in labels.points),
            )
        )
    return tuple(found)
