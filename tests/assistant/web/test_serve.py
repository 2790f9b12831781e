import socket

import pytest

from assistant.web import serve


def test_says_when_the_port_is_in_use(scripted):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"端口 {port} 已被占用"):
            serve(scripted, "127.0.0.1", port)


def test_says_when_an_address_is_not_its_own(scripted):
    with pytest.raises(SystemExit, match="Cannot listen on 192.0.2.1"):
        serve(scripted, "192.0.2.1", 7860)
