"""Briefing notes for the output tests: one made by hand from fixtures/briefing, one that tries everything at once."""

import json
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from presseschau.ingest import read_article
from presseschau.models import Claim, Evidence, Finding, Moment, Span, Usage
from presseschau.notes import (
    Change,
    Cited,
    LeftOut,
    Method,
    Note,
    Source,
    SourceClaim,
    SourceSentence,
    Story,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"


@cache
def sample() -> Note:
    """Three events, eighteen articles: what `brief` is expected to make of fixtures/briefing."""
    written = json.loads((FIXTURES / "output/note.sample.json").read_text(encoding="utf-8"))
    slugs = sorted(path.stem for path in (FIXTURES / "briefing").glob("*.txt"))
    sources = tuple(_source(n, slug, written["english"].get(slug, {})) for n, slug in enumerate(slugs, 1))
    sources = tuple(s.model_copy(update={"copy_of": written["copies"].get(str(s.n))}) for s in sources)
    claims = tuple(_claim(id, given, sources) for id, given in written["claims"].items())
    return Note.model_validate(written["note"] | {"sources": sources, "claims": claims})


@cache
def american() -> Note:
    """The same for American readers."""
    return sample().model_copy(update={"english": "American English"})


def nothing() -> Note:
    """Articles were read and nothing in them is worth a line."""
    said = Cited(text="Nothing significant.", claims=())
    empty = {"stories": (), "others": (), "key_points": (), "changes": (), "left_out": (), "claims": ()}
    return sample().model_copy(update={"bottom_line": (said,), **empty})


def filled_with(text: str) -> Note:
    """The sample with `text` in every string field that an article, a model or a person can fill."""
    told = Cited(text=text, claims=("1.c1", text), findings=(Finding(code=text, severity="warning", message=text),))
    claim = Claim(
        id=text,
        text=text,
        sentences=(2,),
        evidence=(Evidence(n=2, start=0, end=len(text), text=text),),
        speaker=text,
        speaker_de=Span(start=0, end=len(text), text=text),
        via=(text, text),
        relies_on=text,
        when=Moment(text=text, date=text),
        verb=text,
        supported=False,
        findings=told.findings,
    )
    changed = Change(kind="corrected", text=text, before=text, claims=(text,))
    story = Story.model_validate(
        {
            "title": text,
            "sources": (1, 2),
            "points": (told,),
            "positions": (
                {"speaker": text, "via": (text,), "relies_on": text, "stance": text, "text": text, "date": text}
                | {"outlets": (text, text), "claims": (text,)},
            ),
            "timeline": ({"date": text, "phrase": text, "planned": True, "text": text, "claims": (text,)},),
            "comparisons": (
                {"about": text, "kind": "disputed", "figures": ({"value": text, "claims": (text,), "sources": (1,)},)},
            ),
            "corrections": (changed,),
            "single_source": (told,),
            "questions": (told,),
        }
    )
    source = Source(
        n=1,
        id=text,
        sentences=(SourceSentence(n=2, role=text, de=text, en=text, start=0, end=len(text)),),
        **dict.fromkeys(("outlet", "agency", "author", "headline_de", "headline", "published", "link"), text),
    )
    method = Method(models=(text,), prompts=text, usage=Usage(), notice=text, versions={text: text})
    return Note(
        **dict.fromkeys(("title", "topic", "since", "until", "english"), text),
        bottom_line=(told,),
        key_points=(told,),
        changes=(changed,),
        stories=(story,),
        others=(story,),
        left_out=(LeftOut(text=text, reason=text, claims=(text,)),),
        sources=(source, source.model_copy(update={"n": 2, "copy_of": 1})),
        claims=(SourceClaim(id=text, source=1, claim=claim), SourceClaim(id="1.c1", source=1, claim=claim)),
        method=method,
    )


@cache
def stress() -> Note:
    """The sample with sixty more sources, names that do not end, two writing directions, and markup everywhere."""
    long = "Bundesarbeitsgemeinschaft der Landesrundfunkreferentinnen und -referenten (Nord-Süd-Koordinierungsstelle)"
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2
    odd = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) | `a` "
    odd += "\u202eevil\u202c \x1b[31m 👩🏽‍🚒🔥 عاجل: حريق كبير"
    base = sample()
    first = base.sources[0]
    day = date(2026, 3, 12)
    more = tuple(
        first.model_copy(
            update={
                "n": n,
                "id": f"{n:064x}",
                "outlet": long if n % 7 == 0 else f"Zeitung {n}",
                "headline": odd if n % 5 == 0 else f"Headline {n}",
                "headline_de": word if n % 6 == 0 else f"Überschrift {n}",
                "published": (day + timedelta(days=n % 9)).isoformat(),
                "link": f"https://example.org/{'langer-pfad/' * 12}{n}",
            }
        )
        for n in range(19, 79)
    )
    claims = tuple(base.claims[0].model_copy(update={"id": f"{s.n}.c1", "source": s.n}) for s in more)
    many = Cited(text=f"{odd} {word}", claims=tuple(claim.id for claim in claims))
    story = base.stories[0]
    position = story.positions[0].model_copy(
        update={"speaker": long, "via": (long, odd), "text": odd, "outlets": tuple(s.outlet or "" for s in more[:12])}
    )
    shown = story.comparisons[0]
    wide = shown.model_copy(
        update={
            "about": word,
            "figures": tuple(
                shown.figures[0].model_copy(update={"value": f"{n}.000.000 {long[:n]}", "sources": (n,)})
                for n in range(19, 27)
            ),
        }
    )
    empty = Story(title=odd, sources=(19, 20), points=(Cited(text="Nothing significant.", claims=()),))
    return base.model_copy(
        update={
            "title": f"{odd} {long}",
            "topic": odd,
            "bottom_line": (*base.bottom_line, many),
            "stories": (
                story.model_copy(
                    update={
                        "title": long,
                        "points": (*story.points, many),
                        "positions": (position, *story.positions),
                        "comparisons": (wide, *story.comparisons),
                    }
                ),
                empty,
            ),
            "left_out": (*base.left_out, LeftOut(text=odd, reason=word)),
            "sources": (*base.sources, *more),
            "claims": (*base.claims, *claims),
        }
    )


def _source(n: int, slug: str, english: dict[str, str]) -> Source:
    article = read_article((FIXTURES / f"briefing/{slug}.txt").read_bytes(), source=f"{slug}.txt")
    return Source(
        n=n,
        id=article.id,
        outlet=article.outlet,
        agency=article.agency,
        author=article.author,
        headline_de=article.headline,
        headline=english.get("headline"),
        published=article.published,
        link=f"https://example.org/{slug}" if n % 2 else None,
        sentences=tuple(
            SourceSentence(n=s.n, role=s.role, de=s.text, en=english.get(str(s.n)), start=s.start, end=s.end)
            for s in article.sentences
        ),
    )


def _claim(id: str, given: dict[str, Any], sources: tuple[Source, ...]) -> SourceClaim:
    """`given` is a Claim in short: [text, sentences, further fields]; its id and German are looked up."""
    n, _, short = id.partition(".")
    text, numbers, rest = given
    sentences = {s.n: s for s in sources[int(n) - 1].sentences}
    evidence = [Evidence(n=s.n, start=s.start, end=s.end, text=s.de) for s in (sentences[k] for k in numbers)]
    german = rest.pop("speaker_de", None)
    start = next((e.start + e.text.index(german) for e in evidence if german and german in e.text), None)
    span = Span(start=start, end=start + len(german), text=german) if start is not None else None
    fields = {"id": short, "text": text, "sentences": numbers, "evidence": evidence, "speaker_de": span} | rest
    return SourceClaim(id=id, source=int(n), claim=Claim.model_validate(fields))
