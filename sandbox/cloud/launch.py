"""Runs ministack so that it never outlives whoever started it.

Executed by the interpreter of `.tools/cloud`, not imported. The starter keeps the other end of standard input
open; when that end closes, however the starter died, the cloud saves its state, ends with every process it
made, and removes the scratch folder that it runs in.
"""

import os
import runpy
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 4.0


def _end_with_the_starter(orphaned: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Runs until the cloud is told to end, or its starter is gone."""
    orphaned = threading.Event()
    threading.Thread(target=_end_with_the_starter, args=(orphaned,), daemon=True).start()
    sys.argv = ["ministack"]
    try:
        runpy.run_module("ministack", run_name="__main__", alter_sys=True)
    finally:
        if orphaned.is_set():
            shutil.rmtree(Path.cwd(), ignore_errors=True)
            os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
