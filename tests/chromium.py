"""A page driven from outside, as a hand would: headless Chromium, by its DevTools protocol over a pipe.

Nothing is put into the page, so that its own policy is in force; keys are real keys, and what it asks the network for
is noted. ``tests.browser`` is enough where a page's document is all that matters.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import selectors
import shutil
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import NAMES, OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Page", "chromium"]

_SECONDS = 60  # for anything to happen: the machine may be busy
_KEYS = {"Enter": 13, "Tab": 9, "Escape": 27}


class Page:
    """A page in a browser of its own. ``requests`` are the URLs it has asked for, ``said`` what its console has."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._selector = selectors.DefaultSelector()
        self._selector.register(reading, selectors.EVENT_READ)
        self._number = 0
        self._rest = b""
        self._session = ""
        self._loaded = 0
        self.requests: list[str] = []
        self.said: list[str] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.send(f"{domain}.enable")
        self.sized(1200, 900)

    # --- the protocol ---

    def send(self, method: str, **told: Any) -> dict[str, Any]:
        """Ask for something, and give the answer; what happens meanwhile is noted."""
        self._number += 1
        wanted = {"id": self._number, "method": method, "params": told}
        if self._session:
            wanted["sessionId"] = self._session
        os.write(self._writing, json.dumps(wanted).encode() + b"\0")
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            for message in self._messages():
                if message.get("id") == self._number:
                    assert "error" not in message, message
                    result: dict[str, Any] = message["result"]
                    return result
                self._note(message)
        raise AssertionError(f"{method}: Chromium does not answer")

    def _messages(self) -> Iterator[dict[str, Any]]:
        while b"\0" not in self._rest:
            if not self._selector.select(1):
                return
            data = os.read(self._reading, 1 << 16)
            assert data, "Chromium has ended"
            self._rest += data
        while b"\0" in self._rest:
            message, _, self._rest = self._rest.partition(b"\0")
            yield json.loads(message)

    def _note(self, message: dict[str, Any]) -> None:
        told = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Runtime.consoleAPICalled":
                self.said.append(" ".join(str(one.get("value", one.get("description"))) for one in told["args"]))
            case "Runtime.exceptionThrown":
                details = told["exceptionDetails"]
                self.said.append(details.get("exception", {}).get("description", details["text"]))
            case "Log.entryAdded":
                self.said.append(told["entry"]["text"])
            case "Page.javascriptDialogOpening":
                self.said.append(f"dialog: {told['message']}")
            case "Page.loadEventFired":
                self._loaded += 1

    # --- what a hand does ---

    def open(self, url: str) -> None:
        """Go to an address."""
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """Give the value of an expression in the page; a promise is waited for."""
        how = {"returnByValue": True, "awaitPromise": True, "allowUnsafeEvalBlockedByCSP": False}
        told = self.send("Runtime.evaluate", expression=script, **how)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, script: str) -> None:
        """Wait until an expression is true."""
        until = time.monotonic() + _SECONDS
        while not self.run(f"Boolean({script})"):
            assert time.monotonic() < until, f"{script}: is not so; {self.said}"
            time.sleep(0.02)

    def text(self, what: str) -> str:
        """Give the text of an element, as it is seen; its white space made single blanks."""
        return " ".join(str(self.run(f"document.querySelector({json.dumps(what)}).innerText")).split())

    def click(self, what: str) -> None:
        """Click on an element."""
        self.run(f"document.querySelector({json.dumps(what)}).click()")

    def key(self, key: str, modifiers: int = 0, *commands: str) -> None:
        """Press a key, with modifiers of the protocol: 2 is Ctrl; ``commands`` are the editor's that it means."""
        told: dict[str, Any] = {"key": key, "modifiers": modifiers, "commands": commands}
        told |= {"windowsVirtualKeyCode": _KEYS[key], "code": key} if key in _KEYS else {"text": key}
        self.send("Input.dispatchKeyEvent", type="keyDown", **told)
        self.send("Input.dispatchKeyEvent", type="keyUp", **told)

    def type(self, text: str) -> None:
        """Put text where the cursor is, as a keyboard or an input method does."""
        self.send("Input.insertText", text=text)

    def allow_clipboard(self) -> None:
        """Let the page read and write the clipboard, as one who has been asked does."""
        session, self._session = self._session, ""
        self.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self._session = session

    def downloads(self, folder: Path) -> None:
        """Let what is saved go into a folder."""
        session, self._session = self._session, ""
        self.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        self._session = session

    def files(self, what: str, *paths: Path) -> None:
        """Choose files in an input."""
        document = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=document, selector=what)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    # --- how it looks ---

    def sized(self, width: int, height: int) -> None:
        """Give the window a size."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def dark(self, yes: bool = True) -> None:
        """Let the system prefer dark colours."""
        features = [{"name": "prefers-color-scheme", "value": "dark" if yes else "light"}]
        self.send("Emulation.setEmulatedMedia", features=features)

    def picture(self, path: Path) -> None:
        """Write what is seen of the whole page as a picture."""
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        told = self.send("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))

    def violations(self, axe: str) -> list[str]:
        """Give what axe, whose text is given, sees wrong with the page."""
        self.run(f"{axe}\ntrue")
        found: list[str] = self.run(
            "axe.run(document).then(told => told.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"
        )
        return found


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """Give a page of a browser with a profile of its own, which can reach nothing but this machine."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed")
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    offline = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
    command = [found, *OPTIONS, "--remote-debugging-pipe", f"--user-data-dir={profile}", offline, "about:blank"]

    def placed() -> None:  # Chromium reads what it is told from descriptor 3, and answers on 4
        high = [fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (theirs_in, theirs_out)]
        for one, wanted in zip(high, (3, 4), strict=True):
            os.dup2(one, wanted)

    with subprocess.Popen(command, preexec_fn=placed, pass_fds=(3, 4), stderr=subprocess.DEVNULL) as process:  # noqa: PLW1509
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            page = Page(ours_in, ours_out)
            yield page
            with suppress(AssertionError):
                page._session = ""
                page.send("Browser.close")
            process.wait(_SECONDS)
        finally:
            process.kill()
            os.close(ours_in)
            os.close(ours_out)
