import json

import pytest


def test_answers_with_the_answer_object(post, answer):
    response = post({"question": "水电气怎么报装？", "history": ["你好"], "lang": "zh"})
    assert response.status_code == 200
    assert list(response.json()) == list(answer.as_dict())


def test_passes_the_last_five_turns_on(post, scripted):
    post({"question": "那时限呢？", "history": [str(n) for n in range(8)]})
    assert scripted.asked[-1] == ("那时限呢？", ("3", "4", "5", "6", "7"), None)


@pytest.mark.parametrize("question", ["", " \n", "长" * 1001])
def test_refuses_an_unusable_question_with_a_sentence(post, question):
    response = post({"question": question})
    assert response.status_code == 422
    assert response.json()["detail"].endswith("。")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 20_000,
        b'{"question": 1}',
        b'{"question": null}',
        b"{}",
        b'{"question": "x", "history": "x"}',
        b'{"question": "x", "history": [1]}',
        b'{"question": "x", "lang": "fr"}',
        b'{"question": "x", "lang": []}',
    ],
)
def test_refuses_another_body_with_a_sentence(post, body):
    response = post(body)
    assert response.status_code == 422
    assert response.json()["detail"].endswith("。")


def test_words_a_refusal_in_the_language_asked_for(post):
    assert post({"question": 1, "lang": "en"}).json() == {"detail": "question must be a string."}


def test_words_a_refusal_in_the_browsers_language(post):
    assert post(b"", **{"accept-language": "en-GB,zh;q=0.5"}).json()["detail"].startswith("The body")


@pytest.mark.parametrize("question", ['"\\ud800 报装"', '"\\udfff"', '"\\u0000报装"', '"\\u202e报装"'])
def test_odd_characters_never_break_the_reply(post, question):
    response = post(f'{{"question": {question}}}'.encode())
    assert response.status_code == 200
    assert json.loads(response.content.decode("utf-8", "strict"))["status"]


@pytest.mark.parametrize("question", ["出错了", "崩溃"])
def test_a_failure_is_500_with_the_object(post, question):
    response = post({"question": question})
    assert response.status_code == 500
    assert response.json()["status"] == "failed"


def test_a_fault_is_not_worded_as_an_absence(post):
    assert "这不表示通知里没有相关内容" in post({"question": "崩溃"}).json()["text"]


def test_a_fault_is_worded_in_the_askers_language(post):
    assert post({"question": "崩溃", "lang": "en"}).json()["text"].startswith("Something went wrong")


def test_an_answer_is_not_stored_on_the_way(post):
    assert post({"question": "报装"}).headers["cache-control"] == "no-store"


def test_is_alive(client):
    assert client.get("/healthz").json() == {"status": "alive"}
