"""A program that uses an embedded model and ends in the way its second argument names.

Prints the child's process id.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from presseschau.llm.local.server import LocalServer


async def main(model: Path, end: str) -> None:
    async with LocalServer(lambda: model) as server:
        if end == "loading":
            start = asyncio.create_task(server.address())
            while not server.running:  # noqa: ASYNC110
                await asyncio.sleep(0)
            print(server.pid, flush=True)
            await start
        await server.address()
        print(server.pid, flush=True)
        match end:
            case "raise":
                raise RuntimeError("on purpose")
            case "forget":
                os._exit(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "terminate":
                os.kill(os.getpid(), signal.SIGTERM)
            case "wait":
                await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
