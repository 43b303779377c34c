"""A result in the rows of the archive's tables, and back to the very bytes."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from presseschau.models import (
    ANALYSIS_SCHEMA,
    Analysis,
    Article,
    Claim,
    Finding,
    Provenance,
    TranslatedSentence,
)

Values = tuple[Any, ...]
Given = Mapping[str, Any]
"""A result as JSON has it."""

ARTICLE = ("article", "source", "headline", "outlet", "agency", "author", "topic", "published", "updated", "language",
           "summary", "rest")  # fmt: skip
MAKER = ("model", "engine", "prompts", "versions", "notice")
SENTENCE = ("n", "role", "paragraph", "start", '"when"', "german", "english", "status", "decided", "more")
CLAIM = ("n", "claim", "text", "speaker", "via", "relies_on", "stance", "verb", "quotation", "when_text", "when_date",
         "supported", "status", "decided", "start", '"end"', "more")  # fmt: skip
EVIDENCE = ("claim", "place", "sentence")
FINDING = ("n", "code", "severity", "message", "part", "sentence", "claim", "failure", "spans", "place", "more")
_FINDING = ("code", "severity", "message", "sentence", "claim", "part", "failure", "de_span", "en_span")
_PLACE = FINDING.index("place")
_OF_ARTICLE = frozenset({"id", "source", "text", "text_sha256", "topic", "headline", "published", "updated", "agency",
                         "outlet", "author", "language", "sentences", "dropped", "kept", "findings"})  # fmt: skip
_OF_SENTENCE = frozenset({"n", "role", "de", "en", "start", "end", "status", "decided", "findings"})
_OF_CLAIM = frozenset({"id", "text", "sentences", "evidence", "speaker", "speaker_de", "via", "relies_on", "stance",
                       "verb", "quotation", "when", "supported", "status", "decided", "findings"})  # fmt: skip
_OF_RESULT = frozenset({"schema", "article", "translation", "summary", "claims", "findings", "provenance"})
"""Fields that the rows hold; any other one, as later versions add, goes to `more` or `rest` as it is."""


@dataclass(frozen=True)
class Parts:
    """The rows of one result, without the number of its article; the speaker of a claim is a name."""

    article: Values
    maker: Values
    sentences: Sequence[Values]
    claims: Sequence[Values]
    evidence: Sequence[Values]
    findings: Sequence[Values]


def digest(line: bytes) -> bytes:
    """Sixteen bytes that tell one line from another."""
    return hashlib.blake2b(line.rstrip(), digest_size=16).digest()


def parted(given: Given) -> Parts:
    """The rows of a result that was found to be one."""
    article, made, claims = given["article"], given["provenance"], given["claims"]
    rest = {
        "gaps": _gaps(article["text"], article["sentences"]),
        "dropped": [[one["reason"], one["start"], one["end"]] for one in article["dropped"]],
        "kept": [[one["role"], one["start"], one["end"]] for one in article["kept"]],
        "article": _others(article, _OF_ARTICLE),
        "made": _others(made, MAKER),
        "parts": [name for name in ("translation", "claims") if given[name] is not None],
        "more": _others(given, _OF_RESULT),
    }
    columns = {**article, "article": article["id"], "rest": _json(rest)}
    columns["summary"] = None if given["summary"] is None else _json(given["summary"])
    return Parts(
        tuple(columns[name] for name in ARTICLE),
        tuple(_json(made[name]) if name == "versions" else made[name] for name in MAKER),
        _sentences(article["sentences"], given["translation"] or ()),
        [_claim(n, claim) for n, claim in enumerate(claims or (), 1)],
        [
            (n, place, number)
            for n, claim in enumerate(claims or (), 1)
            for place, number in enumerate(claim["sentences"], 1)
        ],
        _findings(given),
    )


def exact(parts: Parts, line: bytes) -> bytes | None:
    """The line, compressed, if the rows do not give it back."""
    try:
        again = joined(parts)
    except (LookupError, TypeError, ValueError):
        again = b""
    return None if again == line.rstrip() else zlib.compress(line.rstrip(), 6)


def joined(parts: Parts) -> bytes:
    """The line of JSON, without its end."""
    about = dict(zip(ARTICLE, parts.article, strict=True))
    rest = json.loads(about["rest"])
    findings = [_finding(row) for row in parts.findings]
    held: dict[Any, list[Given]] = defaultdict(list)
    for row, finding in zip(parts.findings, findings, strict=True):
        place = row[_PLACE]
        held[place, finding["sentence"] if place == "sentence" else finding["claim"]].append(finding)
    sentences: list[Given] = []
    translation: list[Given] = []
    text: list[str] = []
    for (n, role, paragraph, start, when, german, english, status, decided, more), gap in zip(
        parts.sentences, rest["gaps"], strict=False
    ):
        text += gap, german
        place = {"start": start, "end": start + len(german)}
        sentences.append({"n": n, "role": role, "text": german, **place, "paragraph": paragraph, "when": when})
        told = {"n": n, "role": role, "de": german, "en": english, **place, "status": status,
               "findings": held["sentence", n], **_told(decided=decided), **_more(more)}  # fmt: skip
        translation.append(_ordered(TranslatedSentence, told))
    whole = "".join((*text, rest["gaps"][-1]))
    article = {
        **rest["article"],
        **{name: about[name] for name in _OF_ARTICLE if name in about},
        "id": about["article"],
        "text": whole,
        "text_sha256": hashlib.sha256(whole.encode()).hexdigest(),
        "sentences": sentences,
        **{
            name: [{key: said, "text": whole[start:end], "start": start, "end": end} for said, start, end in rest[name]]
            for name, key in (("dropped", "reason"), ("kept", "role"))
        },
        "findings": held["article", None],
    }
    made = {**dict(zip(MAKER, parts.maker, strict=True)), **rest["made"]}
    whole_result = {
        "schema_": ANALYSIS_SCHEMA,
        "article": _ordered(Article, article),
        "translation": translation if "translation" in rest["parts"] else None,
        "summary": about["summary"] and json.loads(about["summary"]),
        "claims": _joined_claims(parts, sentences, whole, held) if "claims" in rest["parts"] else None,
        "findings": findings,
        "provenance": _ordered(Provenance, {**made, "versions": json.loads(made["versions"])}),
        **rest["more"],
    }
    return to_json({name.removesuffix("_"): value for name, value in _ordered(Analysis, whole_result).items()})


def _ordered(model: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """The values in the order of the model's fields, in which they are printed."""
    return {name: values[name] for name in model.model_fields if name in values}


def _others(given: Given, known: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in known}


def _told(**values: Any) -> dict[str, Any]:
    """What is not there is not printed."""
    return {name: value for name, value in values.items() if value is not None}


def _more(more: str | None) -> dict[str, Any]:
    return json.loads(more) if more else {}


def _further(given: Given, known: Collection[str]) -> str | None:
    """What of a row has no column, as JSON; None if there is nothing."""
    others = _others(given, known)
    return _json(others) if others else None


def _gaps(text: str, sentences: Sequence[Given]) -> list[str]:
    """What stands before, between and after the sentences."""
    gaps, at = [], 0
    for sentence in sentences:
        gaps.append(text[at : sentence["start"]])
        at = sentence["end"]
    return [*gaps, text[at:]]


def _sentences(sentences: Sequence[Given], translation: Sequence[Given]) -> list[Values]:
    english = {row["n"]: row for row in translation}
    rows: dict[int, Values] = {}
    for s in sentences:
        row = english.get(s["n"], {})
        rows[s["n"]] = (
            s["n"], s["role"], s["paragraph"], s["start"], s["when"], s["text"],
            row.get("en"), row.get("status"), row.get("decided"), _further(row, _OF_SENTENCE),
        )  # fmt: skip
    return list(rows.values())


def _claim(n: int, claim: Given) -> Values:
    when, span = claim["when"] or {"text": None, "date": None}, claim["speaker_de"] or {"start": None, "end": None}
    return (
        n, claim["id"], claim["text"], claim["speaker"], _json(claim["via"]) if claim["via"] else None,
        claim["relies_on"], claim["stance"], claim["verb"], claim["quotation"], when["text"], when["date"],
        claim["supported"], claim["status"], claim.get("decided"), span["start"], span["end"],
        _further(claim, _OF_CLAIM),
    )  # fmt: skip


def _joined_claims(
    parts: Parts, sentences: Sequence[Given], whole: str, held: Mapping[Any, list[Given]]
) -> list[dict[str, Any]]:
    by_number = {sentence["n"]: sentence for sentence in sentences}
    cited: dict[int, list[int]] = defaultdict(list)
    for claim, _, sentence in parts.evidence:
        cited[claim].append(sentence)
    found = []
    for row in parts.claims:
        (n, name, text, speaker, via, relies_on, stance, verb, quotation, when, date, supported, status, decided,
         start, end, more) = row  # fmt: skip
        evidence = [by_number[number] for number in cited[n]]
        found.append(_ordered(Claim, {
            "id": name,
            "text": text,
            "sentences": cited[n],
            "evidence": [{key: one[key] for key in ("n", "start", "end", "text")} for one in evidence],
            "speaker": speaker,
            "speaker_de": None if start is None else {"start": start, "end": end, "text": whole[start:end]},
            "via": json.loads(via) if via else [],
            "relies_on": relies_on,
            "stance": stance,
            "verb": verb,
            "quotation": quotation,
            "when": None if when is None else {"text": when, "date": date},
            "supported": bool(supported),
            "status": status,
            "findings": held["claim", name],
            **_told(decided=decided),
            **_more(more),
        }))  # fmt: skip
    return found


def _findings(given: Given) -> list[Values]:
    """Those in the list of all, each with where else it stands."""
    of_article = given["article"]["findings"]
    by_sentence = {row["n"]: row["findings"] for row in given["translation"] or () if row["findings"]}
    by_claim = {claim["id"]: claim["findings"] for claim in given["claims"] or () if claim["findings"]}
    rows = []
    for n, one in enumerate(given["findings"], 1):
        place = (
            "article" if one in of_article
            else "sentence" if one in by_sentence.get(one["sentence"], ())
            else "claim" if one in by_claim.get(one["claim"], ())
            else None
        )  # fmt: skip
        spans = {name: one[name] for name in ("de_span", "en_span") if one[name]}
        plain = {**one, "n": n, "spans": _json(spans) if spans else None, "place": place,
                 "more": _further(one, _FINDING)}  # fmt: skip
        rows.append(tuple(plain[name] for name in FINDING))
    return rows


def _finding(row: Values) -> dict[str, Any]:
    told = dict(zip(FINDING, row, strict=True))
    spans = _more(told["spans"])
    known = {name: spans.get(name) if name.endswith("_span") else told[name] for name in _FINDING}
    return _ordered(Finding, {**known, **_more(told["more"])})


def _json(value: Any) -> str:
    return to_json(value).decode()
