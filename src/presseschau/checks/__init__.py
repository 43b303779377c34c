"""Findings about an article's English, made without a model."""

from presseschau.checks.claim.check import check_claim, check_point, check_terms
from presseschau.checks.claim.grounding import grounded, speakers
from presseschau.checks.claim.selection import (
    lead_only,
    leaning,
    must_cite,
    not_known,
    reach,
    repeated,
    stands_alone,
    telling,
    without_repeats,
)
from presseschau.checks.meta import ECHO, echoed
from presseschau.checks.naming.glossary import (
    Glossary,
    GlossaryEntry,
    UnreadableError,
    check_glossary,
    house_glossary,
    load_glossary,
    renderings,
)
from presseschau.checks.naming.spelling import respelled
from presseschau.checks.pair.check import article_strangers, check_pair, check_pairs, check_translation
from presseschau.checks.pair.second_english import differs
from presseschau.checks.pair.strangers import Stranger
from presseschau.checks.risk import ModelSigns, restated, risk
from presseschau.findings import badness, better

__all__ = [
    "ECHO",
    "Glossary",
    "GlossaryEntry",
    "ModelSigns",
    "Stranger",
    "UnreadableError",
    "article_strangers",
    "badness",
    "better",
    "check_claim",
    "check_glossary",
    "check_pair",
    "check_pairs",
    "check_point",
    "check_terms",
    "check_translation",
    "differs",
    "echoed",
    "grounded",
    "house_glossary",
    "lead_only",
    "leaning",
    "load_glossary",
    "must_cite",
    "not_known",
    "reach",
    "renderings",
    "repeated",
    "respelled",
    "restated",
    "risk",
    "speakers",
    "stands_alone",
    "telling",
    "without_repeats",
]
