"""What no request may do and every response carries, as plain ASGI: streams pass untouched."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.language import preferred
from prompts import words

MAX_BODY_BYTES = 64 * 1024

# Gradio's pages have inline scripts and styles. They need no 'unsafe-eval' as long as
# no event has a `js=` and no gr.HTML is used: both are compiled from text.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Gradio serves these to anyone; the pages use none of them.
_CLOSED = re.compile(r"/upload/?$|/upload_progress|/proxy=|/openapi\.json$")


class Limits:
    """Refuses closed addresses and bodies over the limit; adds the security headers.

    The body is counted as it arrives, whatever Content-Length says, and handed on
    whole: an application behind never sees half a body.
    """

    def __init__(self, app: ASGIApp, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secured = _with_headers(send)
        if _CLOSED.search(scope["path"]):
            await _refusal(scope, 404, "limits.not_found")(scope, receive, secured)
            return
        messages = await self._read(scope, receive)
        if messages is None:
            await _refusal(scope, 413, "limits.too_large")(scope, receive, secured)
            return
        await self.app(scope, _replaying(messages, receive), secured)

    async def _read(self, scope: Scope, receive: Receive) -> list[Message] | None:
        """Return the messages of the body; None if it is over the limit."""
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced[:20]) > self.max_body_bytes:
            return None
        messages: list[Message] = []
        n_bytes = 0
        while True:
            message = await receive()
            messages.append(message)
            n_bytes += len(message.get("body", b""))
            if n_bytes > self.max_body_bytes:
                return None
            if message["type"] != "http.request" or not message.get("more_body", False):
                return messages


def _replaying(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replayed() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replayed


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(SECURITY_HEADERS)
        await send(message)

    return sending


def _refusal(scope: Scope, status: int, key: str) -> JSONResponse:
    language = preferred(Headers(scope=scope).get("accept-language", ""))
    headers = {"Connection": "close"} if status == 413 else None  # the rest of the body is not read
    return JSONResponse({"detail": words("page", key, language)}, status, headers)
