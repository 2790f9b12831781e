"""Runs a script or a module with every door to the network watched.

`python watched.py REPORT SCRIPT_OR_MODULE [ARGUMENT…]` writes what was contacted
outside this machine, and which heavy packages were loaded, when all is over. An
audit hook sees every socket of Python's own, in every thread, and refuses it.
"""

import atexit
import json
import runpy
import sys
from pathlib import Path
from typing import Any

_DOORS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")
_HERE = ("127.0.0.1", "::1", "localhost")
_HEAVY = ("torch", "sentence_transformers", "transformers", "gradio")


def watch(report: Path) -> None:
    """Refuse and note every contact from now on; write the report at the very end."""
    contacted: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _DOORS:
            return
        address = arguments[0] if isinstance(arguments[0], (str, bytes)) else arguments[-1]
        host = address[0] if isinstance(address, tuple) else address
        if isinstance(address, (tuple, str)) and str(host) not in _HERE:
            contacted.append(f"{event} {host}")
            raise PermissionError(f"{event} {host}")

    def write() -> None:
        heavy = [name for name in _HEAVY if name in sys.modules]
        report.write_text(json.dumps({"contacted": contacted, "heavy": heavy}), "utf-8")

    atexit.register(write)
    sys.addaudithook(hook)


if __name__ == "__main__":
    report_path, target, *rest = sys.argv[1:]
    watch(Path(report_path))
    sys.argv = [target, *rest]
    sys.path[0] = str(Path(__file__).parents[2])
    if target.endswith(".py"):
        runpy.run_path(target, run_name="__main__")
    else:
        runpy.run_module(target, run_name="__main__", alter_sys=True)
