"""The archive: what was analysed, the newest first, to be searched and narrowed down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from presseschau.desk.page import desk_of, render
from presseschau.errors import InputError
from presseschau.findings import CODES
from presseschau.library.facets import COUNTED, FacetCounts, Facets, facets, judged
from presseschau.library.search import Answered, Question, search_and_first
from presseschau.library.store import Archive
from presseschau.models import Stance
from presseschau.output.page import Piece
from presseschau.output.wording import in_words

PAGE = 20
_LAST = 5000
"""Pages at the most; nobody leafs further."""


@dataclass(frozen=True)
class SearchForm:
    """The form of the page as it was sent; what cannot be used is left out of the question, and told in `wrong`."""

    fields: Mapping[str, str]
    wrong: Sequence[str]
    question: Question
    page: int

    def address(self, **changed: str | None) -> str:
        """This question with other fields, from its first page on."""
        fields = {**self.fields, **changed}
        told = urlencode({name: value for name, value in fields.items() if value})
        return f"/archive?{told}" if told else "/archive"

    @property
    def filled(self) -> Mapping[str, str]:
        """Every field, "" where nothing was sent."""
        return {"q": "", "order": "", **dict.fromkeys(_FILTERS, ""), **self.fields}

    @property
    def narrowed(self) -> Iterator[tuple[str, str]]:
        """(what, the address without it) for each filter."""
        for name, label in _FILTERS.items():
            if value := self.fields.get(name):
                yield f"{label} {_worded(name, value)}", self.address(**{name: None})


_FILTERS = {"outlet": "outlet", "speaker": "speaker", "stance": "stance", "finding": "with", "risk": "risk from",
            "since": "since", "until": "until"}  # fmt: skip


def asked(params: Mapping[str, str]) -> SearchForm:
    """The question of an address, or of a form."""
    fields = {
        name: " ".join(value.split())[:300]
        for name, value in params.items()
        if name in ("q", "order", *_FILTERS) and value.strip()
    }
    wrong: list[str] = []
    for name in ("since", "until"):
        if fields.get(name) and not _is_day(fields[name]):
            wrong.append(f"{fields.pop(name)} is no day: write 2026-05-14.")
    if fields.get("stance") and fields["stance"] not in get_args(Stance):
        wrong.append(f"{fields.pop('stance')} is no stance.")
    if "since" in fields and "until" in fields and fields["since"] > fields["until"]:
        wrong.append(f"No day is after {fields['since']} and before {fields['until']}.")
    risk = None
    if "risk" in fields:
        with suppress(ValueError):
            risk = float(fields["risk"])
        if risk is None or not 0 <= risk <= 1:
            wrong.append(f"{fields.pop('risk')} is no risk: it is between 0 and 1.")
            risk = None
    question = Question(
        fields.get("q", ""), speaker=fields.get("speaker"), outlet=fields.get("outlet"), since=fields.get("since"),
        until=fields.get("until"), stance=fields.get("stance"), finding=fields.get("finding"), risk=risk,
        order="newest" if _newest(fields) else "best",
    )  # fmt: skip
    page = params.get("page", "1")
    at = min(max(int(page), 1), _LAST) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    return SearchForm(fields, wrong, question, at)


def _newest(fields: Mapping[str, str]) -> bool:
    return "q" not in fields or fields.get("order") == "newest"


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False


def archive(request: Request) -> Response:
    form = asked(request.query_params)
    wrong = list(form.wrong)
    with Archive(desk_of(request).archive, reads=True) as opened:
        try:
            skip = (form.page - 1) * PAGE
            found, first = search_and_first(opened, form.question, most=PAGE, skip=skip, first=COUNTED)
            groups = list(_groups(form, facets(opened, form.question, first), desk_of(request).american))
        except InputError as error:
            wrong.append(str(error))
            found, groups = Answered(0, ()), []
        stands = judged(opened, [hit.article.id for hit in found.hits])
    pages = min(-(-found.total // PAGE), _LAST)
    return render(
        request, "archive.html.j2", asked=form, found=found, groups=groups, stands=stands, wrong=wrong,
        stances=get_args(Stance), pages=pages, first=(form.page - 1) * PAGE + 1, marked_at=_marked_at,
        counted=COUNTED,
    )  # fmt: skip


@dataclass(frozen=True)
class FacetGroup:
    """A way to narrow the answer down: (what it is called, how many articles, the address, is it chosen?)."""

    title: str
    values: Sequence[tuple[str, int, str, bool]]


def _groups(form: SearchForm, found: Facets, american: bool) -> Iterator[FacetGroup]:
    """Those with something to choose between."""
    named: Sequence[tuple[str, str, FacetCounts]] = (
        ("Outlet", "outlet", found.outlets), ("Speaker", "speaker", found.speakers),
        ("Stance of a claim", "stance", found.stances), ("Finding", "finding", found.findings),
        ("Risk of a sentence", "risk", found.risks),
    )  # fmt: skip
    months = [
        (in_words(month, american), many, form.address(since=f"{month}-01", until=_last_day(month)),
         form.fields.get("since") == f"{month}-01" and form.fields.get("until") == _last_day(month))
        for month, many in found.months if _is_day(f"{month}-01")
    ]  # fmt: skip
    yield FacetGroup("Month", months)
    for title, name, counts in named:
        values = []
        for value, many in counts:
            asks = f'"{value}"' if name in ("outlet", "speaker") else value
            chosen = form.fields.get(name) == asks
            values.append((_worded(name, value), many, form.address(**{name: None if chosen else asks}), chosen))
        yield FacetGroup(title, values)


def _last_day(month: str) -> str:
    following = date.fromisoformat(f"{month}-01").replace(day=28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).isoformat()


_GRADES = re.compile(r" \([^()]*\b(?:info|warning|error)\b[^()]*\)")
"""How grave it is, which stands at the article."""


def _worded(name: str, value: str) -> str:
    if name == "finding" and value in CODES:
        return f"{_GRADES.sub('', CODES[value].says)} · {value}"
    return f"{value} or more" if name == "risk" else value.strip('"')


def _marked_at(text: str, places: Sequence[tuple[int, int]]) -> list[Piece]:
    """A sentence with the words that were looked for marked."""
    marks = [""] * len(text)
    for start, end in places:
        marks[start:end] = ["found"] * (end - start)
    cuts = [0, *(at for at in range(1, len(text)) if marks[at] != marks[at - 1]), len(text)]
    return [Piece(text[a:b], marks[a]) for a, b in pairwise(cuts) if a < b]


routes = [Route("/archive", archive)]
