"""Fetching from a hub: resumed, checked, and refused with a sentence."""

import subprocess
import sys
import urllib.error
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback_hub import CONTENT, LoopbackHub, files_in, tiny_model

from presseschau.errors import ModelError, OutputError, ProviderDownError
from presseschau.llm.local.download import DownloadProgress, pull
from presseschau.llm.local.model_sources import PartFile, SourceFault, _final_or_reason, fetch_from_hub
from searching import examples

MODEL = tiny_model()
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens


def fetch_with(folder: Path, hub: LoopbackHub, *, present: bytes = b"") -> bytes:
    """What lies in the part file after the hub was asked without waiting between tries."""
    path = folder / "tiny.gguf.part"
    path.write_bytes(present)
    with PartFile(path, MODEL.size, lambda done: None) as part:
        fetch_from_hub(MODEL, part, hub=hub.url, pause=0.0)
    return path.read_bytes()


def test_pull_gives_the_file_under_its_name_and_reports_every_byte(tmp_path):
    heard: list[DownloadProgress] = []
    with LoopbackHub(CONTENT, "whole") as hub:
        path = pull(MODEL, tmp_path / "new" / "folder", on_progress=heard.append, hub=hub.url)
    assert path.read_bytes() == CONTENT
    assert hub.paths == [f"/presseschau/tiny/resolve/{'0' * 40}/tiny.gguf"]
    assert files_in(tmp_path) == {"tiny.gguf"}
    assert heard[0] == DownloadProgress("Hugging Face", 0, len(CONTENT))
    assert heard[-1] == DownloadProgress("Hugging Face", len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(("present", "kept"), [(5, 5), (6, 6), (7, 0)], ids=("a part", "all", "too much"))
def test_of_a_part_file_what_may_belong_to_it_is_kept(tmp_path, present, kept):
    path, heard = tmp_path / "a.part", []
    path.write_bytes(CONTENT[:present])
    with PartFile(path, 6, heard.append) as part:
        assert (part.position, part.complete) == (kept, kept == 6)
    assert path.read_bytes() == CONTENT[:kept]
    assert heard == ([kept] if kept else [0, 0])


def test_a_mirror_is_asked_instead_and_its_bytes_are_checked_too(tmp_path, monkeypatch):
    with LoopbackHub(CONTENT, "whole") as mirror:
        monkeypatch.setenv("HF_ENDPOINT", mirror.url + "/")
        assert pull(MODEL, tmp_path).read_bytes() == CONTENT
        assert mirror.paths == [f"/presseschau/tiny/resolve/{'0' * 40}/tiny.gguf"]
    with LoopbackHub(CONTENT[:-1] + b"!", "whole") as mirror:
        monkeypatch.setenv("HF_ENDPOINT", mirror.url)
        with pytest.raises(ModelError, match="another sha256"):
            pull(MODEL, tmp_path / "other", source="huggingface")


def test_pull_again_asks_nobody(tmp_path):
    (tmp_path / MODEL.filename).write_bytes(CONTENT)
    assert pull(MODEL, tmp_path, hub=NOBODY).read_bytes() == CONTENT


@pytest.mark.parametrize("damaged", [CONTENT[:-1], CONTENT[:-1] + b"!", b""])
def test_pull_replaces_a_damaged_file(tmp_path, damaged):
    (tmp_path / MODEL.filename).write_bytes(damaged)
    with LoopbackHub(CONTENT, "whole") as hub:
        assert pull(MODEL, tmp_path, hub=hub.url).read_bytes() == CONTENT


def test_pull_continues_what_an_earlier_run_fetched(tmp_path):
    (tmp_path / "tiny.gguf.part").write_bytes(CONTENT[:1000])
    with LoopbackHub(CONTENT, "whole") as hub:
        assert pull(MODEL, tmp_path, hub=hub.url).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=1000-"]


def test_pull_starts_anew_when_the_first_bytes_were_wrong(tmp_path):
    (tmp_path / "tiny.gguf.part").write_bytes(b"\0" * 1000)
    with LoopbackHub(CONTENT, "whole") as hub:
        assert pull(MODEL, tmp_path, hub=hub.url).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=1000-", None]


@pytest.mark.parametrize("flipped", [0, len(CONTENT) // 2, len(CONTENT) - 1])
def test_pull_refuses_another_hash_and_keeps_nothing(tmp_path, flipped):
    wrong = bytearray(CONTENT)
    wrong[flipped] ^= 1
    with LoopbackHub(bytes(wrong), "whole") as hub, pytest.raises(ModelError, match="another sha256"):
        pull(MODEL, tmp_path, hub=hub.url)
    assert files_in(tmp_path) == set()


def test_pull_says_that_nobody_can_be_reached(tmp_path):
    with pytest.raises(ProviderDownError, match=r"Hugging Face cannot be reached .*Connection refused") as caught:
        pull(MODEL, tmp_path, hub=NOBODY)
    assert MODEL.sha256 in str(caught.value)


def test_pull_refuses_to_run_twice_at_once(tmp_path):
    def again(progress: DownloadProgress) -> None:
        with pytest.raises(ModelError, match="Another presseschau is fetching"):
            pull(MODEL, tmp_path, hub=NOBODY)

    with LoopbackHub(CONTENT, "whole") as hub:
        assert pull(MODEL, tmp_path, on_progress=again, hub=hub.url).exists()


def test_pull_checks_the_room_first(tmp_path):
    huge = tiny_model()
    object.__setattr__(huge, "size", 1 << 60)
    with pytest.raises(OutputError, match=r"needs 1152921504.6 GB"):
        pull(huge, tmp_path, hub=NOBODY)
    assert files_in(tmp_path) == set()


def test_pull_into_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        pull(MODEL, tmp_path / "file", hub=NOBODY)


FULL_DISK = """
import resource, sys
from pathlib import Path
from loopback_hub import tiny_model
from presseschau.errors import OutputError
from presseschau.llm.local.download import pull
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    pull(tiny_model(), Path(sys.argv[1]), hub=sys.argv[2])
except OutputError as error:
    print(error)
"""


def test_a_full_disk_keeps_what_was_fetched_and_the_next_run_continues(tmp_path):
    with LoopbackHub(CONTENT, "whole") as hub:
        limited = subprocess.run(
            [sys.executable, "-c", FULL_DISK, str(tmp_path), hub.url],
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "cannot be written" in limited.stdout
        assert "File too large" in limited.stdout
        assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:50_000]
        assert pull(MODEL, tmp_path, hub=hub.url).read_bytes() == CONTENT
    assert hub.ranges == [None, "bytes=50000-"]


def test_resumes_as_long_as_new_bytes_come(tmp_path):
    with LoopbackHub(CONTENT, *["cut:40000"] * 6, "whole") as hub:
        assert fetch_with(tmp_path, hub) == CONTENT
    assert hub.ranges == [None, *(f"bytes={40000 * n}-" for n in range(1, 7))]


def test_gives_up_when_no_new_byte_comes(tmp_path):
    with LoopbackHub(CONTENT, "cut:10", "cut:0") as hub, pytest.raises(SourceFault, match="closes the connection"):
        fetch_with(tmp_path, hub)
    assert len(hub.ranges) == 4
    assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:10]


def test_a_passing_server_error_is_tried_again(tmp_path):
    with LoopbackHub(CONTENT, "503", "503", "whole") as hub:
        assert fetch_with(tmp_path, hub) == CONTENT


@pytest.mark.parametrize("code", ["401", "403", "404", "410"])
def test_a_refusal_is_not_tried_again(tmp_path, code):
    with LoopbackHub(CONTENT, code) as hub, pytest.raises(SourceFault, match=f"answers {code}"):
        fetch_with(tmp_path, hub)
    assert len(hub.ranges) == 1


@pytest.mark.parametrize("what", ["page", "longer", "elsewhere"])
def test_something_other_than_the_file_leaves_what_is_there(tmp_path, what):
    with LoopbackHub(CONTENT, what) as hub, pytest.raises(SourceFault):
        fetch_with(tmp_path, hub, present=CONTENT[:5000])
    assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:5000]


def test_a_server_that_sends_without_end_is_stopped(tmp_path):
    with LoopbackHub(CONTENT, "unsized-longer") as hub, pytest.raises(SourceFault, match="more bytes"):
        fetch_with(tmp_path, hub)
    assert (tmp_path / "tiny.gguf.part").stat().st_size <= MODEL.size


def test_a_server_that_cannot_resume_starts_anew(tmp_path):
    with LoopbackHub(CONTENT, "no-range") as hub:
        assert fetch_with(tmp_path, hub, present=CONTENT[:5000]) == CONTENT


def test_a_part_longer_than_the_model_is_thrown_away(tmp_path):
    with LoopbackHub(CONTENT, "whole") as hub:
        assert fetch_with(tmp_path, hub, present=CONTENT + b"more") == CONTENT
    assert hub.ranges == [None]


def test_a_part_that_is_whole_is_fetched_no_more(tmp_path):
    with LoopbackHub(CONTENT, "whole") as hub:
        assert fetch_with(tmp_path, hub, present=CONTENT) == CONTENT
    assert hub.ranges == []


@settings(max_examples=examples(30))
@given(st.lists(st.integers(1, 90_000).map("cut:{}".format), max_size=8), st.integers(0, len(CONTENT)))
def test_whatever_breaks_off_the_bytes_are_the_same(tmp_path_factory, faults, present):
    with LoopbackHub(CONTENT, *faults, "whole") as hub:
        assert fetch_with(tmp_path_factory.mktemp("hub"), hub, present=CONTENT[:present]) == CONTENT


def test_a_folder_in_place_of_the_part_file(tmp_path):
    (tmp_path / "tiny.gguf.part").mkdir()
    with pytest.raises(OutputError, match=str(tmp_path)):
        pull(MODEL, tmp_path, hub=NOBODY)


@pytest.mark.parametrize(
    ("status", "again"), [(404, False), (408, True), (410, False), (429, True), (499, False), (500, True), (503, True)]
)
def test_which_answers_of_a_source_are_final(status, again):
    error = urllib.error.HTTPError("http://h.example", status, "Why", Message(), None)
    if again:
        assert _final_or_reason(error, reached=True) == f"answers {status} Why"
    else:
        with pytest.raises(SourceFault, match=f"answers {status} Why"):
            _final_or_reason(error, reached=True)


def test_a_source_that_was_never_reached_is_given_up():
    gone = urllib.error.URLError(OSError(111, "Connection refused"))
    assert _final_or_reason(gone, reached=True) == "breaks off (Connection refused)"
    assert _final_or_reason(ValueError(), reached=True) == "breaks off (ValueError)"
    with pytest.raises(SourceFault, match=r"cannot be reached \(Connection refused\)"):
        _final_or_reason(gone, reached=False)
