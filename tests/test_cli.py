"""The program as a user runs it: what is printed where, and the exit code."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import in_process
from fault_server import FaultServer, Reply, completion, error, html

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "fixtures/articles/own/quartal-halvensen.txt"
ENGLISH = json.loads((ROOT / "fixtures/translations/own/quartal-halvensen.json").read_text())
KEY = "sk-canary-0123456789"


def answer(seen):
    """A good answer to whatever task is asked."""
    text = seen.json["messages"][-1]["content"]
    if runs := re.search(r"sentences ([\d, -]+) into", text):
        first, _, last = runs[1].partition("-")
        rows = [{"n": n, "en": ENGLISH[str(n)]} for n in range(int(first), int(last or first) + 1)]
        return completion(json.dumps({"sentences": rows}))
    cited, *points = ({"sentences": [n], "text": ENGLISH[str(n)]} for n in (3, 4, len(ENGLISH)))
    if "Task: summarise" in text:
        return completion(json.dumps({"points": points, "bottom_line": cited, "headline": ENGLISH["1"]}))
    runs = re.search(r"sentences ([\d, -]+):", text)[1]
    numbers = [n for run in runs.split(",") for n in range(int(run.split("-")[0]), int(run.split("-")[-1]) + 1)]
    said = {"speaker": None, "via": [], "stance": "asserted"}
    return completion(json.dumps({"claims": [{"sentences": [n], **said, "text": ENGLISH[str(n)]} for n in numbers]}))


class Program:
    """presseschau with its own folder, cache, key and (if scripted) endpoint."""

    def __init__(self, folder):
        self.folder = folder
        self.cache = folder / "cache" / "answers.sqlite3"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PRESSESCHAU", "OPENAI"))},
            "OPENAI_API_KEY": KEY,
            "PRESSESCHAU_CACHE": str(self.cache),
            "PRESSESCHAU_MODELS": str(folder / "models"),
        }

    def command(self, *arguments):
        return [sys.executable, "-m", "presseschau", *map(str, arguments)]

    def run(self, *arguments, input="", **environment):
        """Its end. In this process: another takes half a second to begin, and how it begins is tested apart."""
        return in_process.program(arguments, self.environment | environment, self.folder, said=input)

    def run_alone(self, *arguments, input="", **environment):
        """The same in a process of its own."""
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            input=input,
            timeout=100,
            cwd=self.folder,
            env=self.environment | environment,
        )


@pytest.fixture
def program(tmp_path):
    return Program(tmp_path)


@pytest.fixture
def served():
    """`served(script)` starts a scripted endpoint in a thread and gives it with its base URL."""
    stops = []

    def serve(script):
        ready = threading.Event()
        loop = asyncio.new_event_loop()
        done = asyncio.Event()
        server = FaultServer(script)

        async def serving():
            async with server:
                ready.set()
                await done.wait()

        thread = threading.Thread(target=lambda: loop.run_until_complete(serving()))
        thread.start()
        ready.wait()
        stops.append(lambda: (loop.call_soon_threadsafe(done.set), thread.join(), loop.close()))
        return server

    yield serve
    for stop in stops:
        stop()


def ask(program, server, *arguments, **environment):
    return program.run(*arguments, "-m", "scripted", "--base-url", server.base_url, **environment)


def one_sentence(done):
    """stderr is one line for people, without traceback and without the key."""
    lines = done.stderr.strip().splitlines()
    assert lines, "nothing was said"
    assert lines[-1].startswith("presseschau: ")
    assert "Traceback" not in done.stderr
    assert KEY not in done.stdout + done.stderr
    return lines[-1]


# --- a good run -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_json_goes_to_stdout_and_validates_against_the_printed_schema(program, served):
    import jsonschema

    done = ask(program, served([answer]), "article", ARTICLE, "--json")
    assert done.returncode == 0, done.stderr
    schema = json.loads(program.run("schema").stdout)
    jsonschema.validate(json.loads(done.stdout), schema)


@pytest.mark.slow
def test_again_it_sends_nothing(program, served):
    server = served([answer])
    first = ask(program, server, "article", ARTICLE, "--json", "--metrics", "first.json")
    sent = len(server.requests)
    second = ask(program, server, "article", ARTICLE, "--json", "--metrics", "second.json")
    took = [json.loads((program.folder / name).read_text()) for name in ("first.json", "second.json")]
    assert [(run["requests"], run["cached"]) for run in took] == [(3, 0), (0, 3)]
    assert sent == 3
    assert len(server.requests) == sent
    assert second.stdout == first.stdout


@pytest.mark.slow
def test_refresh_asks_again_and_no_cache_leaves_none(program, served):
    server = served([answer])
    ask(program, server, "translate", ARTICLE, "--no-cache")
    assert not program.cache.exists()
    ask(program, server, "translate", ARTICLE)
    ask(program, server, "translate", ARTICLE, "--refresh")
    assert len(server.requests) == 3


@pytest.mark.slow
def test_a_stored_result_renders_and_verifies(program, served):
    result = program.folder / "result.json"
    assert ask(program, served([answer]), "article", ARTICLE, "-o", result).returncode == 0
    page = program.run("render", result, "-o", program.folder / "page.html")
    assert page.returncode == 0, page.stderr
    assert ENGLISH["3"][:30] in (program.folder / "page.html").read_text()
    assert ENGLISH["3"][:30] in program.run("render", result).stdout
    assert program.run("verify", result).returncode == 0
    changed = result.read_text().replace("118.4 million", "811.4 million")
    assert "811.4" in changed
    (program.folder / "changed.json").write_text(changed)
    checked = program.run("verify", program.folder / "changed.json")
    assert checked.returncode == 6
    assert {f["code"] for f in json.loads(checked.stdout)["findings"]} & {"number.added", "number.missing"}


def test_pairs_are_verified_in_order(program):
    rows = [
        {"id": "a", "de": "Es kamen 300 Menschen.", "en": "300 people came."},
        {"id": "b", "de": "Es kamen 300 Menschen.", "en": "3,000 people came."},
    ]
    (program.folder / "pairs.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = program.run("verify", "--pairs", "pairs.jsonl")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in found] == ["a", "b"]
    assert found[0]["findings"] == []
    assert found[1]["findings"]
    assert done.returncode == 6
    assert done.stderr.splitlines()[-1] == "2 checked: 1 error, 0 warnings, 0 notes."


@pytest.mark.parametrize(
    ("de", "en"),
    [
        ("Er wurde nicht verurteilt.", "He was convicted."),
        ("Das Gericht sprach den Angeklagten frei.", "The court sent the defendant to prison."),
        ("Der Ausschuss lehnte den Entwurf ab.", "The committee waved the draft through."),
    ],
)
def test_a_lost_denial_and_a_reversed_verdict_or_vote_end_with_six(program, de, en):
    (program.folder / "pairs.jsonl").write_text(json.dumps({"de": de, "en": en}))
    assert program.run("verify", "--pairs", "pairs.jsonl").returncode == 6


def test_the_article_can_come_from_stdin(program):
    done = program.run_alone("read", "-", "--json", input=ARTICLE.read_text())
    assert json.loads(done.stdout)["headline"]


def test_help_and_version_are_there(program):
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", program.run_alone("--version").stdout)
    assert "claims" in program.run("--help").stdout


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n \t", ""),
        ("binary.bin", bytes(range(256)) * 50, ""),
        (
            "english.txt",
            b"The government said on Monday that it would not change the law before the election. " * 5,
            "German",
        ),
        ("missing.txt", None, "no such file"),
        ("broken.gz", b"\x1f\x8b\x08\x00broken", ""),
    ],
)
def test_input_that_is_no_german_article_is_exit_1(program, name, content, says):
    if content is not None:
        (program.folder / name).write_bytes(content)
    done = program.run("article", name, "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert says in one_sentence(done)


@pytest.mark.slow
def test_a_long_text_is_read_in_bounded_time_and_ten_megabytes_are_refused(program):
    (program.folder / "long.txt").write_text("Die Stadt wächst. " * 50_000)
    done = program.run("read", "long.txt", "--json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["sentences"]) == 50_000

    (program.folder / "longer.txt").write_text("Die Stadt wächst. " * 600_000)
    done = program.run("read", "longer.txt", "--json")
    assert done.returncode == 1
    assert "at most 1,000,000" in one_sentence(done)


# --- configuration ----------------------------------------------------------------------------------------------------


def test_no_model_file_is_exit_4_with_the_command_that_fetches_it(program):
    done = program.run("article", ARTICLE)
    assert done.returncode == 4
    assert "model pull" in one_sentence(done)


def test_an_unknown_embedded_model_is_exit_4(program):
    done = program.run("article", ARTICLE, "-m", "local:nonsense")
    assert done.returncode == 4
    assert "qwen" in one_sentence(done)


def test_a_model_file_with_a_wrong_hash_is_refused(program):
    folder = program.folder / "models"
    folder.mkdir()
    (folder / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf").write_bytes(b"GGUF" + b"x" * 1000)
    done = program.run("article", ARTICLE)
    assert done.returncode == 4
    assert "not used" in one_sentence(done)


def test_a_base_url_without_a_model_is_exit_4(program):
    assert program.run("article", ARTICLE, "--base-url", "http://127.0.0.1:9/v1").returncode == 4
    assert program.run("article", ARTICLE, OPENAI_BASE_URL="http://127.0.0.1:9/v1").returncode == 4


def test_openai_without_a_key_is_exit_4(program):
    done = program.run("article", ARTICLE, "-m", "gpt-6-luna", OPENAI_API_KEY="")
    assert done.returncode == 4
    assert "OPENAI_API_KEY" in one_sentence(done)


@pytest.mark.slow
@pytest.mark.parametrize(
    "reply", [error(401), error(403), error(429, code="insufficient_quota"), error(402)], ids=lambda r: str(r.status)
)
def test_a_bad_key_or_no_credit_stops_at_once_with_exit_4(program, served, reply):
    server = served([reply])
    done = ask(program, server, "article", ARTICLE, "--json")
    assert done.returncode == 4
    one_sentence(done)
    assert len(server.requests) <= 3
    failed = json.loads(done.stdout)
    assert failed["translation"] is None
    assert [f["failure"] for f in failed["findings"] if f["code"] == "task.failed"] == ["credentials"]


def test_a_cache_that_is_something_else_is_exit_4(program, served):
    program.cache.parent.mkdir()
    program.cache.write_bytes(b"my diary" * 1000)
    server = served([answer])
    done = ask(program, server, "article", ARTICLE)
    assert done.returncode == 4
    one_sentence(done)
    assert server.requests == []
    assert program.cache.read_bytes() == b"my diary" * 1000


@pytest.mark.slow
def test_cache_only_sends_nothing(program, served):
    server = served([answer])
    done = ask(program, server, "article", ARTICLE, "--cache-only")
    assert done.returncode == 4
    one_sentence(done)
    assert server.requests == []


@pytest.mark.parametrize("options", [["--no-cache", "--refresh"], ["-o", "x.pdf"], ["--map", "text"]])
def test_contradictions_are_exit_2(program, options):
    done = program.run("article", ARTICLE, *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_is_exit_74_before_anything_is_sent(program, served):
    server = served([answer])
    done = ask(program, server, "article", ARTICLE, "-o", program.folder / "nowhere" / "x.json")
    assert done.returncode == 74
    one_sentence(done)
    assert server.requests == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_exit_74(program, served):
    server = served([answer])
    command = program.command("article", ARTICLE, "--json", "-m", "scripted", "--base-url", server.base_url)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=program.environment, timeout=60
        )
    assert done.returncode == 74
    assert "Traceback" not in done.stderr
    assert "cannot be written" in done.stderr


# --- failing parts ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_failed_part_is_null_and_exit_3(program, served):
    def refusing(seen):
        if "Task: say in" in seen.json["messages"][-1]["content"]:
            return completion(None, refusal="I cannot help with that.")
        return answer(seen)

    done = ask(program, served([refusing]), "article", ARTICLE, "--json")
    assert done.returncode == 3
    found = json.loads(done.stdout)
    assert found["claims"] is None
    assert found["translation"]
    assert [f["failure"] for f in found["findings"] if f["code"] == "task.failed"] == ["refused"]


@pytest.mark.slow
def test_no_usable_part_is_exit_1(program, served):
    done = ask(program, served([completion(None, refusal="No.")]), "article", ARTICLE, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["translation"] is None


@pytest.mark.slow
def test_a_login_page_instead_of_an_api_is_no_crash(program, served):
    done = ask(program, served([html(), html(401)]), "translate", ARTICLE, "--json")
    assert done.returncode in (1, 4, 75)
    assert "Traceback" not in done.stderr


# --- signals ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_cleanly_and_the_next_run_continues(program, served, number, code):
    hang = threading.Event()

    def first_then_hang(seen):
        if "Task: translate" in seen.json["messages"][-1]["content"]:
            return answer(seen)
        hang.set()
        return Reply(ending="hang")

    stuck = served([first_then_hang])
    command = program.command("article", ARTICLE, "--json", "-m", "scripted", "--base-url", stuck.base_url)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=program.environment, cwd=program.folder
    )
    assert hang.wait(60)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert out == ""
    assert "Traceback" not in err
    assert err.strip().startswith("presseschau: ")
    assert program.run("cache", "verify").returncode == 0


@pytest.mark.parametrize("while_loading", ["typer", "pydantic"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_it_is_still_loading_shows_no_traceback(program, while_loading, number, code):
    """The package that is loaded sends it: `typer` before there is a command, `pydantic` when there is one."""
    early = program.folder / "early"
    early.mkdir()
    (early / f"{while_loading}.py").write_text(f"import os\nos.kill(os.getpid(), {int(number)})\n")
    found = os.pathsep.join(filter(None, (str(early), os.environ.get("PYTHONPATH"))))
    done = program.run_alone("read", ARTICLE, PYTHONPATH=found)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("read", ARTICLE), ("--version",)], ids=["much", "little"])
def test_a_reader_that_goes_away_is_no_error(program, words):
    read = subprocess.Popen(
        program.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=program.environment
    )
    read.stdout.close()
    with read.stderr as stderr:
        said = stderr.read()
    assert read.wait(60) == 0
    assert said == b""


@pytest.mark.slow
def test_a_glossary_is_told_to_the_model_and_checked(program, served):
    (program.folder / "terms.csv").write_text("source,target,forbidden\nHalvensen,Halvensen plc,\n")
    server = served([answer])
    done = ask(program, server, "translate", ARTICLE, "--glossary", "terms.csv", "--json", "--repair-rounds", "0")
    assert "Halvensen = Halvensen plc" in server.requests[0].json["messages"][-1]["content"]
    assert "glossary.missing" in {f["code"] for f in json.loads(done.stdout)["findings"]}
    (program.folder / "bad.csv").write_text("nothing;useful\n")
    assert program.run("translate", ARTICLE, "--glossary", "bad.csv").returncode == 4


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--dry-run", "--cache-only"])
def test_what_sends_nothing_needs_no_key(option, program, tmp_path):
    arguments = ["batch", ARTICLE, "-m", "gpt-6.1-terra", "-o", tmp_path / "out.jsonl"]
    done = program.run(*arguments, option, OPENAI_API_KEY="")
    assert "needs a key" not in done.stderr
    asked = program.run(*arguments, OPENAI_API_KEY="")
    assert asked.returncode == 4
    assert "needs a key" in asked.stderr
