"""Findings about an article's English, made without a model."""

from presseschau.checks.claim import check_claim, check_point
from presseschau.checks.order import badness, better
from presseschau.checks.pair import check_pair
from presseschau.checks.severity import severity
from presseschau.checks.telling import telling
from presseschau.checks.translation import check_translation

__all__ = ["badness", "better", "check_claim", "check_pair", "check_point", "check_translation", "severity", "telling"]
