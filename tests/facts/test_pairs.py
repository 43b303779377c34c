"""Pairs of sentences and the sure differences of one concept between them (fixtures/facts)."""

from __future__ import annotations

from typing import Any

import pytest
from fact_cases import cases, sure

from presseschau.facts.names import acronyms, persons, places, roles
from presseschau.facts.polarity import agents, directions, hedges, negation
from presseschau.facts.speech import quotes, voices
from presseschau.facts.time import periods

CONCEPTS = {
    "acronyms": (acronyms, "acronyms"), "agents_pairs": (agents, "agents"), "hedges": (hedges, "hedges"),
    "directions_pairs": (directions, "directions"), "negation": (negation, "negations"),
    "roles_pairs": (roles, "roles"), "periods_pairs": (periods, "periods"), "persons_pairs": (persons, "persons"),
    "places_pairs": (places, "places"), "quotes_pairs": (quotes, "quotes"), "voices_pairs": (voices, "voices"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "case"), [case for name in CONCEPTS for case in cases(name, named=True)])
def test_pairs(name: str, case: dict[str, Any]) -> None:
    concept, field = CONCEPTS[name]
    assert sure(concept, field, case["de"], case["en"]) == sorted(case["codes"])
