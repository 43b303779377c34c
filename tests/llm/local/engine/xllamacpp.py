"""Stands in for the engine: the same classes as far as `child.py` uses them, and no model.

The model file says what happens: `serve`, `fail` (cannot be loaded), `die` (killed while loading), `hang` (loading
never ends and holds the interpreter lock, as the real engine does while it loads).
"""

import ctypes
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace


class CommonParams(SimpleNamespace):
    def __init__(self):
        super().__init__(model=SimpleNamespace(), cpuparams=SimpleNamespace(), cpuparams_batch=SimpleNamespace())


class Server:
    def __init__(self, params):
        match Path(params.model.path).read_text():
            case "fail":
                os.write(1, b"0.00.001 E llama_model_load: error loading model: the tensors are missing\n")
                os.write(1, b"0.00.002 E srv          init: exiting due to model loading error\n")
                raise RuntimeError("Failed to init server, please check the input params.")
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                os.write(2, b"loading\n")
                ctypes.PyDLL(None).sleep(600)  # PyDLL keeps the interpreter lock

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                allowed = self.headers.get("Authorization") in [f"Bearer {key}" for key in params.api_keys]
                self.send_response(200 if allowed else 401)
                self.send_header("Content-Length", "0")
                self.end_headers()

        http = ThreadingHTTPServer((params.hostnames[0], params.port), Handler)
        threading.Thread(target=http.serve_forever, daemon=True).start()
        self.listening_address = "http://{}:{}".format(*http.server_address)
