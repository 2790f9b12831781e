"""The pages and the HTTP API, in one process."""

import errno
import os
import socket
import sys

import uvicorn
from fastapi import FastAPI

from assistant.review.accounts import accounts
from assistant.web import answers, api, limits, measures, staff
from assistant.web.door import Asker
from assistant.web.language import LANGUAGES, home, redirect_by_language
from assistant.web.staff.session import StaffSettings
from prompts import words

__all__ = ["StaffSettings", "create_app", "serve"]

# Gradio reads these when it is imported; any other value lets it look up hosts outside.
_OFFLINE = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def create_app(assistant: Asker, staff_settings: StaffSettings | None = None) -> FastAPI:
    """Return the whole site: `/` and `/en/`, `/measures`, `/answers/ID`, `/staff`, the API."""
    os.environ.update(_OFFLINE)
    from assistant.web import page  # noqa: PLC0415 - it imports Gradio, after the lines above

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(api.router(assistant))
    app.include_router(measures.router(assistant))
    app.include_router(answers.router(assistant))
    if assistant.desk:
        app.include_router(staff.router(assistant.desk, staff_settings or StaffSettings()))
    for language in sorted(
        LANGUAGES, key=lambda name: -len(home(name))
    ):  # "/" last: it takes all that is left
        page.mount(app, assistant, language)
    app.add_middleware(redirect_by_language)
    app.add_middleware(limits.Limits)
    return app


def serve(assistant: Asker, host: str, port: int, staff_settings: StaffSettings | None = None) -> None:
    """Serve until stopped; SystemExit with a sentence if the address cannot be had."""
    listener = _listen(host, port)
    settings = uvicorn.Config(
        create_app(assistant, staff_settings),
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # X-Forwarded-For could be forged by anyone
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}"
    sys.stdout.write(f"{_both('serve.address', address=address)}\n")
    if assistant.desk and not accounts(assistant.desk.database):
        sys.stdout.write(f"{_both('serve.first_account')}\n")
    sys.stdout.flush()
    uvicorn.Server(settings).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise SystemExit(_both("serve.port_in_use", port=port)) from error
        reason = error.strerror or str(error)
        raise SystemExit(_both("serve.cannot_listen", host=host, port=port, reason=reason)) from error
    return listener


def _both(key: str, **values: object) -> str:
    """Return a sentence in every language: whoever starts the program has not said which."""
    return "\n".join(words("page", key, language, **values) for language in LANGUAGES)
