"""Signatures of webhooks."""

import base64
from datetime import UTC, datetime

from playhead.kit.standard_webhooks import new_secret, sign, signed_headers

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
