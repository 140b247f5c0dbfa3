"""What a page looks like to a browser: headless Chromium, where it is installed; else the test is skipped."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["dom", "shown"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox: in containers there is none to be had. The rest keeps it from asking the network for anything else.
OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


def dom(url: str, profile: Path, *options: str) -> str:
    """Give a page's document as Chromium has built it. ``profile``: a folder of its own."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    command = [found, *OPTIONS, f"--user-data-dir={profile}", *options, "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def shown(document: str) -> str:
    """Give the text of a document, without its marks."""
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", document, flags=re.DOTALL)
    return " ".join(unescape(text).split())
