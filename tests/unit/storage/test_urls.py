"""The setting that names a store."""

from pathlib import Path

import pytest

from playhead.storage.urls import RemoteUrl, parse_url


@pytest.mark.parametrize(
    ("url", "parsed"),
    [
        ("file:///var/lib/playhead/store", Path("/var/lib/playhead/store")),
        ("file:///with%20space/store/", Path("/with space/store")),
        ("s3://bucket", RemoteUrl("s3", "bucket")),
        ("s3://bucket/", RemoteUrl("s3", "bucket")),
        ("s3://bucket/a/b", RemoteUrl("s3", "bucket", "a/b/")),
        ("s3://bucket/a/b/?region=eu-west-1", RemoteUrl("s3", "bucket", "a/b/", region="eu-west-1")),
        (
            "s3://bucket?endpoint=http://127.0.0.1:7070&allow_http=true&region=us-east-1",
            RemoteUrl("s3", "bucket", endpoint="http://127.0.0.1:7070", allow_http=True, region="us-east-1"),
        ),
        ("s3://bucket?endpoint=https%3A%2F%2Fs3.test%2F", RemoteUrl("s3", "bucket", endpoint="https://s3.test")),
        ("s3://bucket?virtual_hosted=true", RemoteUrl("s3", "bucket", virtual_hosted=True)),
        ("gs://bucket/a", RemoteUrl("gs", "bucket", "a/")),
        ("az://container/a?account=films", RemoteUrl("az", "container", "a/", account="films")),
    ],
)
def test_a_url_is_read(url: str, parsed: Path | RemoteUrl) -> None:
    assert parse_url(url) == parsed


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "no scheme"),
        ("/var/lib/playhead", "no scheme"),
        ("ftp://host/path", "ftp"),
        ("http://bucket.s3.test", "http"),
        ("file://relative/path", "absolute path"),
        ("file:///", "absolute path"),
        ("file:///a?b=c", "absolute path"),
        ("file:///a%00b", "absolute path"),
        ("s3://", "bucket"),
        ("s3://under score!", "bucket"),
        ("s3://bucket:9000/a", "bucket"),
        ("s3://bucket/../other", "prefix"),
        ("s3://bucket/a//b", "prefix"),
        ("s3://bucket?reigon=eu", "did you mean 'region'"),
        ("s3://bucket?zzz=1", "known are"),
        ("gs://bucket?region=eu", "no option 'region'"),
        ("s3://bucket?region=a&region=b", "twice"),
        ("s3://bucket?endpoint=http://plain.test", "allow_http=true"),
        ("s3://bucket?endpoint=plain.test", "http or https"),
        ("s3://bucket?allow_http=yes", "true or false"),
    ],
)
def test_another_url_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "s3://AKIA:hunter2@bucket/a",
        "s3://hunter2@bucket",
        "s3://bucket?secret_access_key=hunter2",
        "s3://bucket?access_key_id=hunter2",
        "s3://bucket?session_token=hunter2",
        "az://container?sas=hunter2",
        "az://container?account_key=hunter2",
        "s3://bucket?endpoint=https://user:hunter2@s3.test",
        "s3://bucket?endpoint=https://s3.test?sig=hunter2",
        "s3://bucket#hunter2",
    ],
)
def test_a_url_with_a_secret_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"environment|endpoint") as refusal:
        parse_url(url)
    assert "hunter2" not in str(refusal.value)


def test_a_remote_url_prints_without_its_options() -> None:
    assert str(RemoteUrl("s3", "bucket", "a/b/", endpoint="https://s3.test")) == "s3://bucket/a/b"
