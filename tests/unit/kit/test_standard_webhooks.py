"""Signatures of webhooks."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playhead.kit.standard_webhooks import SignatureInvalid, new_secret, sign, signed_headers, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_vector_of_the_specification() -> None:
    assert sign(SECRET, ID, 1614265330, BODY) == SIGNATURE


def test_each_valid_secret_signs() -> None:
    other = new_secret()
    headers = signed_headers([other, SECRET], ID, AT, BODY)

    assert headers["webhook-id"] == ID
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"].split() == [sign(other, ID, 1614265330, BODY), SIGNATURE]


def test_a_secret_has_the_length_that_the_specification_wants() -> None:
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32
    assert new_secret() != new_secret()


def verified(secrets: list[str], body: bytes, *, at: datetime = AT, **changes: str) -> str:
    """Verify the message of the specification, with changes of its headers."""
    headers = {**signed_headers([SECRET], ID, AT, BODY), **{name.replace("_", "-"): to for name, to in changes.items()}}
    return verify(secrets, headers, body, now=at)


def test_a_genuine_message_gives_its_id_within_five_minutes() -> None:
    assert verified([new_secret(), SECRET], BODY.encode()) == ID
    assert verified([SECRET], BODY.encode(), webhook_signature=f"v1,xx v1a,é {SIGNATURE}") == ID
    assert verified([SECRET], BODY.encode(), at=AT - timedelta(minutes=5)) == ID


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"body": b"{}"}, "does not match"),
        ({"secrets": [new_secret()]}, "does not match"),
        ({"webhook_id": "msg_other"}, "does not match"),
        ({"webhook_signature": ""}, "does not match"),
        ({"webhook_timestamp": "1614265331"}, "does not match"),
        ({"webhook_timestamp": "²"}, "malformed"),
        ({"webhook_id": ""}, "missing"),
        ({"at": AT + timedelta(minutes=5, seconds=1)}, "5 minutes"),
        ({"at": AT - timedelta(minutes=5, seconds=1)}, "5 minutes"),
    ],
)
def test_any_other_message_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(SignatureInvalid, match=says):
        verified(**{"secrets": [SECRET], "body": BODY.encode(), **changes})
