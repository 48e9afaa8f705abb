"""Runs ministack so that it never outlives whoever started it.

Executed by the interpreter of `.tools/cloud`, not imported. The starter keeps the other end of standard input
open; when that end closes, however the starter died, the cloud saves its state, ends with every process it
made, and removes the scratch folder that it runs in.

ministack brings a server written in Python, which takes half of each call's CPU. It is served here by one
whose HTTP and loop are written in C, and calls of SDKs are answered without the headers that browsers read.
"""

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn
from ministack.app import app

GRACE_SECONDS = 4.0
KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 1
SDK_HEADER = b"x-amz-target"
FOR_BROWSERS = b"access-control-"


def _end_with_the_starter(orphaned: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


async def _cloud(scope: Any, receive: Any, send: Any) -> None:
    async def plainly(message: Any) -> None:
        if message["type"] == "http.response.start":
            told = [pair for pair in message["headers"] if not pair[0].lower().startswith(FOR_BROWSERS)]
            message = {**message, "headers": told}
        await send(message)

    is_sdk = any(name == SDK_HEADER for name, _ in scope.get("headers", ()))
    await app(scope, receive, plainly if is_sdk else send)


def _serve() -> None:
    """Until SIGTERM: uvicorn ends, has the cloud save its state, and raises the signal again, to nobody."""
    signal.signal(signal.SIGTERM, lambda *_: None)
    uvicorn.run(
        _cloud,
        host=os.environ["BIND_HOST"],
        port=int(os.environ["GATEWAY_PORT"]),
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
    )


def main() -> None:
    """Runs until the cloud is told to end, or its starter is gone."""
    orphaned = threading.Event()
    threading.Thread(target=_end_with_the_starter, args=(orphaned,), daemon=True).start()
    try:
        _serve()
    finally:
        if orphaned.is_set():
            shutil.rmtree(Path.cwd(), ignore_errors=True)
            os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
