"""docs/faults.md says what the tests say."""

import pytest

from tools.make_faults import GROUPS, PAGE, made_in_another_process


@pytest.mark.slow
def test_the_page_is_what_the_tests_make() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == made_in_another_process(), "make it anew: PYTHONPATH=src python tests/tools/make_faults.py"
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| fault |")]
    assert len(rows) >= 120
    assert all(f"## {title}" in page for title in GROUPS.values())
