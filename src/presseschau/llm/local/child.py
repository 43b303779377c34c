"""The process that holds the model. Run as a script by `server.py`; imports nothing of presseschau.

Protocol: one JSON line on stdin with the settings (so that the key stands in no command line), one JSON line on stdout
when the model answers, then nothing more. The end of stdin means that the parent is gone, however it went.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from typing import Any

WARNINGS_AND_ERRORS = 2  # llama.cpp verbosity: 1 errors, 2 warnings, 3 one line per request
TOKENS_READ_AT_ONCE = 256  # a request whose client is gone ends after so many; 2048 as usual holds the next 20 s
PROMPT_CACHE_MIB = 256  # llama.cpp keeps up to 8192 by default: more than many machines have


def main() -> None:
    """Load the model, serve it on loopback, end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches this process too; the parent decides
    # The engine writes its log to stdout too: keep stdout for the one line the parent waits for.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as report:
        os.dup2(2, 1)
        settings = json.loads(sys.stdin.buffer.readline())
        parent = threading.Thread(target=_end_with_parent, daemon=True)
        parent.start()
        _let_kernel_watch_stdin()
        server = _serve(settings)
        report.write(json.dumps({"address": server.listening_address}) + "\n")
    parent.join()


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)  # at once: the engine's own shutdown waits for a running answer


def _let_kernel_watch_stdin() -> None:
    """On Linux the end of stdin also raises SIGIO, which ends the process.

    Loading holds the interpreter lock for seconds, in which no Python thread could notice the end. The thread is
    started first: it sees an end that came before this call.
    """
    if hasattr(fcntl, "F_SETOWN"):
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)


def _serve(settings: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["model"]
    params.model_alias = {settings["alias"]}  # else answers name the path of the file
    params.n_ctx = settings["context_tokens"]
    params.n_parallel = 1  # on a few cores several slots only take the prefix cache from each other
    params.cpuparams.n_threads = settings["threads"]
    params.cpuparams_batch.n_threads = settings["threads"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["api_key"]]
    params.ui = False
    params.endpoint_slots = False  # shows the text being worked on
    params.cors_origins = "null"  # not "*": no page in a browser may read answers
    params.enable_reasoning = 0  # thinking is not bound by a grammar and costs minutes on a few cores
    params.n_batch = params.n_ubatch = TOKENS_READ_AT_ONCE
    params.cache_prompt = True
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.verbosity = WARNINGS_AND_ERRORS
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
