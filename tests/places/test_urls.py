"""URLs: which are understood, and what is shown of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from convtool.errors import UsageError
from convtool.places.urls import check, from_root, join, scrubbed, shown_url, split


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:word@h/a/b.xml?X-Amz-Signature=1#x", "https://h/a/b.xml"),
        ("https://h?sig=1", "https://h"),
        ("abfs://box@name.dfs.core.windows.net/a?b", "abfs://box@name.dfs.core.windows.net/a?b"),
        ("s3://key:secret@bucket/a", "s3://bucket/a"),
        ("s3://bucket/what?", "s3://bucket/what?"),
        ("a/b?c", "a/b?c"),
    ],
)
def test_what_is_shown_of_a_url(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_messages_of_others_are_scrubbed() -> None:
    text = "GET https://me:word@h/a?sig=123&x=y failed: see s3://k:s@b/c."
    assert scrubbed(text) == "GET https://h/a failed: see s3://b/c."


def test_what_a_user_gives() -> None:
    assert check("file:///a/b%20c") == "/a/b c"
    assert check("S3://bucket/Key") == "s3://bucket/Key"
    assert check("abfs://box@name.dfs.core.windows.net/a") == "abfs://box@name.dfs.core.windows.net/a"
    for bad in ("s3://key:secret@bucket/a", "https://token@h/a"):
        with pytest.raises(UsageError, match="has a name or a password in it") as caught:
            check(bad)
        assert "secret" not in str(caught.value)
        assert "token@" not in str(caught.value)
    with pytest.raises(UsageError, match=r"ftp://: is no place that is known"):
        check("ftp://h/a")
    with pytest.raises(UsageError, match="query"):
        check("s3://bucket/a?X-Amz-Signature=1")


def test_places_below_folders() -> None:
    assert join("s3://bucket/in/", "a/b.xml") == "s3://bucket/in/a/b.xml"
    assert join("in", "a/b.xml") == "in/a/b.xml"
    assert join("memory://", "a.json") == "memory://a.json"
    for path in ("a", "in/a", "/a", "memory://a.zip", "s3://bucket/a.zip", "s3://bucket/in/a.zip"):
        folder, name = split(path)
        assert ("/" not in name, join(folder, name)) == (True, path)
    assert from_root("s3://bucket/in/?x") == "/s3/bucket/in/?x"
    assert from_root("https://me@h/a/?token=1") == "/https/h/a"
    assert from_root("a") == str(Path.cwd() / "a")
