import ssl
from collections.abc import Iterator

import httpx2
import pytest
import stamina

from playhead.cli.client import Api, ConnectionLost, Refused, ServerUnreachable

PROBLEM = {
    "title": "Not found",
    "status": 404,
    "detail": "There is no video vid_1.",
    "code": "not_found",
    "hint": "Look at the list.",
    "request_id": "req_1",
}


@pytest.fixture(autouse=True)
def _retries_at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


def api(*answers: httpx2.Response | Exception, seen: list[httpx2.Request] | None = None) -> Api:
    """A client whose server gives these answers in turn."""
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if seen is not None:
            seen.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    return Api("http://test", "ph_key", transport=httpx2.MockTransport(answer))


def test_a_call_goes_below_the_prefix_with_the_key_and_without_empty_parameters() -> None:
    seen: list[httpx2.Request] = []

    assert api(httpx2.Response(200, json={"a": 1}), seen=seen).get("/videos", search=None, limit=5) == {"a": 1}

    assert str(seen[0].url) == "http://test/api/v1/videos?limit=5"
    assert seen[0].headers["Authorization"] == "Bearer ph_key"


def test_behind_a_proxy_that_asks_for_a_user_the_key_goes_another_way() -> None:
    """One Authorization header cannot hold both."""
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={})

    with Api("http://ann:pw@test", "ph_key", transport=httpx2.MockTransport(answer)) as behind:
        behind.get("/videos")

    assert (behind.url, str(seen[0].url)) == ("http://test", "http://test/api/v1/videos")
    assert seen[0].headers["Authorization"] == "Basic YW5uOnB3"
    assert seen[0].headers["X-API-Key"] == "ph_key"


def test_a_proxy_in_front_that_asks_for_a_user_is_told_apart_from_playhead() -> None:
    challenge = httpx2.Response(401, headers={"WWW-Authenticate": 'Basic realm="x"'}, html="<h1>401</h1>")

    with pytest.raises(Refused, match="test requires a user and password in front of Playhead") as refused:
        api(challenge).get("/videos")

    assert "PLAYHEAD_URL=https://user:password@host" in str(refused.value.hint)


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "The certificate of http://test is not trusted"),
        (ssl.SSLError(1, "wrong version number"), "The TLS handshake with http://test failed"),
        (ConnectionRefusedError(111, "refused"), "No Playhead server at http://test"),
    ],
)
def test_an_error_of_tls_says_what_is_wrong_with_it(cause: OSError, sentence: str) -> None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        cause.verify_message = "self-signed certificate"
    failed = httpx2.ConnectError("failed")
    failed.__cause__ = cause

    with pytest.raises(ServerUnreachable, match=sentence):
        api(failed).get("/videos")


def test_a_proxy_that_refuses_is_named() -> None:
    with pytest.raises(ServerUnreachable, match="The proxy for http://test refused the connection: 403 Forbidden"):
        api(httpx2.ProxyError("403 Forbidden")).get("/videos")


def test_a_problem_becomes_its_sentence_hint_and_request_id() -> None:
    with pytest.raises(Refused) as refused:
        api(httpx2.Response(404, json=PROBLEM)).get("/videos/vid_1")

    error = refused.value
    assert (error.response_status, error.problem, error.detail, error.hint, error.request_id) == (
        404,
        "not_found",
        "There is no video vid_1.",
        "Look at the list.",
        "req_1",
    )


def test_a_malformed_field_is_named() -> None:
    body = {**PROBLEM, "status": 422, "errors": [{"loc": ["body", "title"], "msg": "too long"}]}
    with pytest.raises(Refused, match=r"body\.title: too long"):
        api(httpx2.Response(422, json=body)).send("POST", "/projects", json={})


def test_a_field_that_the_sentence_names_already_is_not_repeated() -> None:
    body = {
        "detail": "body.url cannot be used: It is empty.",
        "errors": [{"loc": ["body", "url"], "msg": "It is empty"}],
    }
    with pytest.raises(Refused) as refused:
        api(httpx2.Response(422, json=body)).send("POST", "/channels", json={})
    assert refused.value.detail == body["detail"]


def test_without_a_key_the_refusal_says_how_to_get_one() -> None:
    with pytest.raises(Refused, match="playhead keys create"):
        api(httpx2.Response(401, json={"detail": "Sign in first."})).get("/videos")


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "[1]", '"text"'])
def test_an_answer_that_is_no_problem_document_still_reads(body: str) -> None:
    with pytest.raises(Refused, match="The server responded with 400 Bad Request"):
        api(httpx2.Response(400, text=body)).get("/videos")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_is_tried_again_while_the_server_is_busy(status: int) -> None:
    assert api(httpx2.Response(status, json={}), httpx2.Response(200, json=[])).get("/videos") == []


def test_a_read_is_tried_again_when_the_line_drops() -> None:
    assert api(httpx2.ReadError("reset"), httpx2.Response(200, json=[])).get("/videos") == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_is_sent_once(method: str) -> None:
    seen: list[httpx2.Request] = []

    with pytest.raises(ConnectionLost, match="reset"):
        api(httpx2.ReadError("reset"), seen=seen).send(method, "/projects/prj_1")

    assert len(seen) == 1


def test_a_refusal_is_not_tried_again() -> None:
    seen: list[httpx2.Request] = []

    with pytest.raises(Refused):
        api(httpx2.Response(404, json=PROBLEM), seen=seen).get("/videos/vid_1")

    assert len(seen) == 1


def test_where_nothing_listens_the_sentence_says_so_at_once() -> None:
    seen: list[httpx2.Request] = []

    with pytest.raises(ServerUnreachable, match="No Playhead server at http://test"):
        api(httpx2.ConnectError("refused"), seen=seen).get("/videos")

    assert len(seen) == 1


def test_a_list_is_read_page_by_page_up_to_the_limit() -> None:
    seen: list[httpx2.Request] = []
    pages = [
        httpx2.Response(200, json={"items": [{"n": 1}, {"n": 2}], "next_cursor": "c"}),
        httpx2.Response(200, json={"items": [{"n": 3}], "next_cursor": "d"}),
    ]

    assert api(*pages, seen=seen).items("/videos", limit=3) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [request.url.params.get("cursor") for request in seen] == [None, "c"]
