"""What the article itself says is not known: unklar, zunächst nicht bekannt, liess sich nicht überprüfen."""

from __future__ import annotations

import re

from presseschau.models import EVIDENCE_ROLES, Article

_YET = r"(?:zunächst|vorerst|noch|bislang|bisher|derzeit|weiterhin|vorläufig|am \w+|auch|immer)"
_NOT_KNOWN = re.compile(
    rf"\bunklar\b|\bungeklärt\b|\bungewiss\b|\bnicht (?:bekannt|klar|geklärt|absehbar|sicher)\b(?!\s+gemacht)"
    rf"|\b(?:ist|sind|war|waren|blieb|bleibt|blieben|bleiben)\s(?:{_YET}\s)*(?:unbekannt|offen)\b(?!\s+(?:für|gegenüber))"
    rf"|\bnoch (?:unbekannt|offen)\b|\blie(?:ß|ss)(?:en)? sich (?:\w+ ){{0,3}}nicht (?:\w+ )?(?:über)?prüfen\b"
    rf"|\b(?:unabhängig )?(?:überprüfen|bestätigen) lie(?:ß|ss)(?:en)? sich (?:\w+ ){{0,3}}nicht\b"
    rf"|\bnicht (?:unabhängig )?(?:überprüfen|bestätigen|verifizieren)\b|\bsteht (?:{_YET}\s)*nicht fest\b"
    rf"|\b(?:äußerte|äußerten)\s(?:er |sie )?sich (?:{_YET} )*nicht\b"
    rf"|\b(?:lag|lagen|liegen) (?:{_YET} )*(?:\w+ )?nicht vor\b"
    rf"|\b(?:{_YET} )keine (?:näheren |genauen |weiteren )?(?:Angaben|Erkenntnisse|Informationen|Auskunft|Auskünfte)\b"
    rf"|\bmachte[n]? (?:\w+ ){{0,4}}keine (?:näheren |genauen |weiteren )?Angaben\b|\bkeine Stellungnahme\b",
    re.IGNORECASE,
)


def not_known(article: Article) -> tuple[int, ...]:
    """The numbers of the lead and body sentences that say so, in order. A question alone says nothing."""
    return tuple(s.n for s in article.sentences if s.role in EVIDENCE_ROLES and _NOT_KNOWN.search(s.text))
