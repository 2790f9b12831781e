import asyncio

import pytest
from starlette.responses import PlainTextResponse

from assistant.web.limits import MAX_BODY_BYTES, SECURITY_HEADERS, Limits


async def echo(scope, receive, send):
    """An application that returns its body, unguarded."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await PlainTextResponse(body)(scope, receive, send)


def call(chunks, headers=(), path="/x"):
    """Send a request in chunks to the guarded application; return status and body."""
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": list(headers), "query_string": b""}
    asyncio.run(Limits(echo)(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("path", ["/", "/en/", "/measures", "/healthz", "/no-such-page", "/page/style.css"])
def test_every_response_has_the_security_headers(client, path):
    headers = client.get(path, headers={"accept-language": "zh"}).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_no_text_may_become_script():
    assert "unsafe-eval" not in SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/en/gradio_api/upload",
        "/gradio_api/upload/",
        "/gradio_api/upload_progress",
        "/proxy=http://evil.example/",
        "/gradio_api/proxy=http://evil.example/",
        "/openapi.json",
        "/gradio_api/openapi.json",
        "/docs",
    ],
)
def test_closed_addresses_are_not_found(client, path):
    assert client.post(path, content=b"x").status_code in (404, 405)
    assert client.get(path).status_code == 404


def test_a_body_announced_over_the_limit_is_refused(client):
    response = client.post("/api/v1/ask", content=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert response.json()["detail"]


def test_a_body_over_the_limit_is_refused_whatever_it_announced():
    assert call([b"x" * 40_000] * 2)[0] == 413
    assert call([b"x" * 40_000] * 2, headers=[(b"content-length", b"5")])[0] == 413


def test_a_body_at_the_limit_arrives_whole():
    half = b"x" * (MAX_BODY_BYTES // 2)
    assert call([half, half]) == (200, half + half)


def test_a_length_that_is_no_number_is_counted():
    assert call([b"abc"], headers=[(b"content-length", b"-1")]) == (200, b"abc")


def test_the_pages_themselves_keep_to_the_limit(client):
    response = client.post("/gradio_api/queue/join", content=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413
