"""Analyses for the output tests: from the own articles, their translations and claims, without a model."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from presseschau.ingest import read_article
from presseschau.models import (
    Analysis,
    Claim,
    Evidence,
    Finding,
    Moment,
    Point,
    Provenance,
    Sentence,
    Span,
    Summary,
    TranslatedSentence,
    Usage,
)

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
RICH = "ausland-amudarja"
SLUGS = sorted(path.stem for path in (FIXTURES / "translations/own").glob("*.json"))


@cache
def own(slug: str) -> Analysis:
    """The analysis of an own article; for RICH with every state and severity laid over it."""
    article = read_article((FIXTURES / f"articles/own/{slug}.txt").read_bytes(), source=f"{slug}.txt")
    overlay = _json(f"output/{slug}.overlay.json") if slug == RICH else {}
    english = _json(f"translations/own/{slug}.json")
    rows = tuple(_row(s, english[str(s.n)], overlay.get("sentences", {}).get(str(s.n), {})) for s in article.sentences)
    claims = _claims(slug, {s.n: s for s in article.sentences}, article.text, overlay.get("claims", {}))
    findings = tuple(_finding(given, rows, claims, article.text) for given in overlay.get("findings", ()))
    return Analysis(
        article=article,
        translation=tuple(
            row.model_copy(update={"findings": tuple(f for f in findings if f.sentence == row.n)}) for row in rows
        ),
        summary=Summary.model_validate(overlay["summary"]) if overlay else None,
        claims=tuple(
            claim.model_copy(update={"findings": tuple(f for f in findings if f.claim == claim.id)}) for claim in claims
        ),
        findings=findings,
        provenance=Provenance(
            model="own",
            engine="people",
            prompts="none",
            usage=Usage(),
            repairs=1,
            versions={"presseschau": "0"},
            notice="Machine translation, not reviewed by a person. Here the machine was a person.",
        ),
    )


def hostile() -> list[str]:
    """The strings that some format could take for something to do."""
    lines = (FIXTURES / "output/hostile.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def filled_with(text: str) -> Analysis:
    """RICH with `text` in every field that an article, a model or a person can fill."""
    whole = own(RICH)
    rows = tuple(row.model_copy(update={"de": text, "en": text}) for row in whole.translation or ())
    sentences = tuple(s.model_copy(update={"text": text}) for s in whole.article.sentences)
    finding = Finding(code=text, severity="error", message=text, sentence=2, part="translation")
    kept = tuple(k.model_copy(update={"text": text, "role": text}) for k in whole.article.kept)
    dropped = tuple(d.model_copy(update={"text": text, "reason": text}) for d in whole.article.dropped)
    names = dict.fromkeys(("source", "topic", "headline", "published", "updated", "agency", "outlet", "author"), text)
    article = whole.article.model_copy(update={**names, "sentences": sentences, "kept": kept, "dropped": dropped})
    claim = Claim(
        id=text,
        text=text,
        sentences=(4,),
        evidence=(Evidence(n=4, start=0, end=len(text), text=text),),
        speaker=text,
        speaker_de=Span(start=0, end=len(text), text=text),
        via=(text, text),
        relies_on=text,
        when=Moment(text=text, date=text),
        verb=text,
        supported=False,
        findings=(finding.model_copy(update={"sentence": None, "claim": text}),),
    )
    made = whole.provenance.model_copy(
        update={"model": text, "engine": text, "prompts": text, "notice": text, "versions": {text: text}}
    )
    point = Point(text=text, sentences=(3,))
    short = Summary(headline=text, bottom_line=text, bottom_line_sentences=(2,), points=(point,), unknown=(5,))
    return whole.model_copy(
        update={
            "article": article,
            "translation": rows,
            "summary": short,
            "claims": (claim, *(whole.claims or ())),
            "findings": (finding,),
            "provenance": made,
        }
    )


def _json(name: str) -> dict[str, Any]:
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def _row(sentence: Sentence, english: str, overlay: dict[str, Any]) -> TranslatedSentence:
    fields = {"en": english, "status": "ok"} | overlay
    return TranslatedSentence(
        n=sentence.n, role=sentence.role, de=sentence.text, start=sentence.start, end=sentence.end, **fields
    )


def _claims(slug: str, sentences: dict[int, Sentence], text: str, overlay: dict[str, Any]) -> tuple[Claim, ...]:
    lines = (FIXTURES / "claims/own_claims.jsonl").read_text(encoding="utf-8").splitlines()
    given = [claim for claim in map(json.loads, lines) if claim["article"] == slug]
    claims = []
    for i, claim in enumerate(given, 1):
        evidence = [sentences[n] for n in claim["sentences"]]
        fields = {
            "id": f"c{i}",
            **{key: claim[key] for key in ("text", "sentences", "speaker", "via", "stance")},
            "evidence": [Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in evidence],
            "speaker_de": _span(claim["speaker_de"], text, evidence[0].start),
        }
        claims.append(Claim.model_validate(fields | overlay.get(f"c{i}", {})))
    return tuple(claims)


def _finding(
    given: dict[str, Any], rows: tuple[TranslatedSentence, ...], claims: tuple[Claim, ...], text: str
) -> Finding:
    fields = {key: value for key, value in given.items() if key not in ("de", "en")}
    row = next((row for row in rows if row.n == given.get("sentence")), None)
    claim = next((claim for claim in claims if claim.id == given.get("claim")), None)
    english = (row.en if row else claim.text if claim else "") or ""
    return Finding(
        **fields,
        de_span=_span(given.get("de"), text, row.start if row else 0),
        en_span=_span(given.get("en"), english, 0),
    )


def _span(wanted: str | None, text: str, start: int) -> Span | None:
    at = text.find(wanted, start) if wanted else -1
    return Span(start=at, end=at + len(wanted), text=wanted) if wanted and at >= 0 else None
