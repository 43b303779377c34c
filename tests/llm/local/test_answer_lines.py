"""Answers in numbered lines: bound by a grammar, read back as the JSON they stand for."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from fault_server import FaultServer, completion
from presseschau.errors import MalformedAnswer
from presseschau.llm.cache import AnswerCache
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.local.grammar import Lines, lines_grammar, lines_json, lines_of
from presseschau.llm.retry import Policy
from presseschau.models import Message, Request
from presseschau.pipeline.answer_schema import STRING, exactly, fixed, record, row
from presseschau.pipeline.translation import TranslationAnswer

LINES = Lines((2, 3), (80, 80), rows="sentences", number="n", text="en")
LIMITED = {**STRING, "maxLength": 80}
TIGHT = record(sentences=row([record(n=fixed(n), en=LIMITED) for n in (2, 3)]))
REQUEST = Request("translate", (Message(role="user", content="Zwei. Drei."),), TranslationAnswer, 200, tight=TIGHT)


def test_rows_of_a_known_number_and_a_bound_text_are_lines_and_nothing_else_is():
    assert lines_of(TIGHT) == LINES
    assert lines_of(None) is None
    assert lines_of(record(sentences=row([record(n=fixed(2), en=STRING)]))) is None
    assert lines_of(record(points=row([]), headline=STRING)) is None


@pytest.fixture
async def asked(tmp_path):
    """Sends REQUEST as to the embedded engine; the answer of the server is the text given."""

    async def ask(text):
        async with FaultServer([completion(text)]) as server:
            endpoint = Endpoint(server.base_url, "m", SecretStr("k"), identity="sha256:0", profile="embedded")
            with AnswerCache(tmp_path / "answers.sqlite3") as cache:
                async with Client(endpoint, cache, policy=Policy(attempts=1)) as client:
                    return (await client.ask(REQUEST)), server.requests[0].json if server.requests else None

    return ask


async def test_an_answer_in_lines_is_checked_and_kept_as_json(asked):
    answer, sent = await asked('[2] "Two," he said: "{2}".\n[3] Three.')
    assert sent["grammar"] == lines_grammar(LINES)
    assert "response_format" not in sent
    assert [(s.n, s.en) for s in answer.value.sentences] == [(2, '"Two," he said: "{2}".'), (3, "Three.")]
    again, sent = await asked("not asked")
    assert sent is None
    assert again.cached
    assert again.text == answer.text == json.dumps(json.loads(answer.text), ensure_ascii=False)


async def test_other_text_is_a_malformed_answer(asked):
    with pytest.raises(MalformedAnswer):
        await asked("Two and three.")


def test_the_grammar_names_each_number_once_and_in_order():
    assert re.findall(r'"(?:\\n)?\[(\d+)\] "', lines_grammar(LINES)) == ["2", "3"]


@pytest.mark.parametrize(("text", "fits"), [("It [the party] won.", True), ("It won. [3] They", False), ("", False)])
def test_no_text_goes_on_with_a_number_of_its_own(text, fits):
    pattern = re.search(r"^TEXT_2: /(.*)/$", lines_grammar(LINES), re.MULTILINE)[1]
    assert bool(re.fullmatch(pattern, text)) is fits


def test_a_text_that_is_fixed_is_all_that_may_stand_there():
    said = 'He said: "No [3]."'
    lines = lines_of(record(sentences=row([record(n=fixed(2), en=exactly(said)), record(n=fixed(3), en=LIMITED)])))
    assert lines is not None
    assert lines_grammar(lines).split("\n")[2:] == [
        f"TEXT_2: {json.dumps(said)}",
        lines_grammar(LINES).split("\n")[3],
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1), min_size=1))
def test_whatever_stands_in_the_lines_comes_back(texts):
    written = "\n".join(f"[{n}] {text}" for n, text in enumerate(texts, 1))
    if written != written.strip():
        return  # white space around the answer is not part of it
    read = json.loads(lines_json(written, LINES))
    assert [(row["n"], row["en"]) for row in read["sentences"]] == list(enumerate(texts, 1))


@pytest.mark.parametrize("text", ["Two.\nThree.", "[2] Two.\nand more", "", '{"sentences":[]}', "[x] Two."])
def test_what_is_not_lines_is_left_as_it_is(text):
    assert lines_json(text, LINES) == text
