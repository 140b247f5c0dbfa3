"""What the page asks for, by HTTP: its own files, and what came of the payloads that it sends.

A payload is the body of a request, of a media type that no form of another page can send; what is asked about it stands
in the query. Whoever calls has made sure that the request comes from this page, and that its body is not too long.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from threading import Semaphore
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec

from convtool._version import __version__
from convtool.catalog import Catalog
from convtool.codes import PROFILES
from convtool.compare import Dates
from convtool.errors import ConvtoolError, UsageError
from convtool.job import Job
from convtool.limits import TRIAL_LIMITS
from convtool.outcome import shown, source_name
from convtool.shown import line
from convtool.trial.differ import differ
from convtool.trial.exchanges import body, capture
from convtool.trial.found import plain
from convtool.trial.look import bounded, judged, look_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convtool.limits import TrialLimits
    from convtool.trial.look import Look

__all__ = ["FILES", "MEDIA_TYPE", "Opened", "Reply", "Trial"]

MEDIA_TYPE = "application/octet-stream"  # of what the page sends
FILES = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "shown.js": ("shown.js", "text/javascript; charset=utf-8"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
# The page loads its own files, asks its own server, and makes no text into markup; nobody shows it within another page.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_WAIT = 60  # seconds for one's turn, before it is said that there is too much to do


class Reply(NamedTuple):
    """An answer: its status, its body, what that is, and headers."""

    status: int
    data: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = _HEADERS


class Opened(NamedTuple):
    """A payload that the page begins with: its name and its bytes."""

    name: str
    data: bytes


@dataclass
class Trial:
    """Answers the page's requests; it may be shared by threads.

    ``job``: how payloads are read, where the page does not say it. ``opened``: what the page begins with, which only
    those can ask for who know ``token``: other users of the machine do not.
    """

    catalog: Catalog
    job: Job = field(default_factory=Job)
    opened: tuple[Opened, ...] = ()
    limits: TrialLimits = TRIAL_LIMITS
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def __post_init__(self) -> None:
        self._turns = Semaphore(self.limits.together)
        self._catalogs = {self.job.schemas: self.catalog}

    def answer(self, method: str, path: str, query: Mapping[str, str], content_type: str, data: bytes) -> Reply | None:
        """Answer a request for a path below the page's; None where there is nothing of the kind."""
        if method in ("GET", "HEAD"):
            return self._given(path)
        asked = self._asked.get(path) if method == "POST" else None
        if asked is None:
            return None
        if content_type != MEDIA_TYPE:
            return _refused(415, f"what is looked at is sent as {MEDIA_TYPE}")
        if len(data) > self.limits.body:
            return _refused(
                413, f"this page takes {self.limits.body:,} bytes at most", "The command line takes any size."
            )
        if not self._turns.acquire(timeout=_WAIT):
            return _refused(503, "too much is being looked at at once")
        try:
            return asked(query, data)
        except ConvtoolError as error:
            return _refused(400, error.message, error.hint)
        except (MemoryError, RecursionError):
            return _refused(400, "this is too much for the page", "The command line may be able to do it.")
        finally:
            self._turns.release()

    @cached_property
    def _asked(self) -> dict[str, Callable[[Mapping[str, str], bytes], Reply]]:
        return {"look": self._look, "save": self._save, "differ": self._differ}

    # --- what is there ---

    def _given(self, path: str) -> Reply | None:
        if path in FILES:
            name, content_type = FILES[path]
            return Reply(200, files("convtool.trial").joinpath(name).read_bytes(), content_type)
        if path == "about":
            return _json({"version": __version__, "contracts": self.catalog.contracts(), "most": self.limits.body})
        first, _, rest = path.partition("/")
        token, _, number = rest.partition("/")
        if first != "opened" or not secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        if not number:
            told = {
                "names": [shown(one.name) for one in self.opened],
                "contract": self.job.contract,
                "format": self.job.given,
            }
            return _json(told)
        if number.isdecimal() and len(number) < 3 and int(number) < len(self.opened):
            return Reply(200, self.opened[int(number)].data, MEDIA_TYPE)
        return None

    # --- what is asked ---

    def _look(self, query: Mapping[str, str], data: bytes) -> Reply:
        catalog, job = self._job(query)
        name = query.get("name", "")
        if "number" in query:
            return _json({"look": self._body(query, data).told()})
        wanted = bounded(job, self.limits)
        outcome = judged(catalog, data, name, wanted)
        if outcome.format == "capture":
            return _json({"capture": plain(capture(catalog, data, outcome, job=job, limits=self.limits))})
        return _json({"look": look_as(catalog, data, outcome, wanted, self.limits).told()})

    def _body(self, query: Mapping[str, str], data: bytes) -> Look:
        catalog, job = self._job(query)
        number = query["number"]
        if not number.isdecimal() or len(number) > 9:
            raise UsageError(f"{line(number)} is no number of an exchange")
        return body(
            catalog, data, query.get("name", ""), int(number), query.get("side", ""), job=job, limits=self.limits
        )

    def _save(self, query: Mapping[str, str], data: bytes) -> Reply:
        """Give what a conversion writes, all of it."""
        catalog, job = self._job(query)
        if "number" in query:
            made = self._body(query, data)
        else:
            wanted = bounded(job, self.limits)
            made = look_as(catalog, data, judged(catalog, data, query.get("name", ""), wanted), wanted, self.limits)
        found = made.data.get(query.get("profile", ""))
        if found is None:
            return _refused(404, "nothing has been written")
        return Reply(200, found, MEDIA_TYPE)

    def _differ(self, query: Mapping[str, str], data: bytes) -> Reply:
        left, right = query.get("left", "left"), query.get("right", "right")
        catalog, job = self._as_said(query, self.job.of_both(source_name(left), source_name(right)))
        first = query.get("first", "")
        if not first.isdecimal() or len(first) > 12:
            raise UsageError("where the second payload begins is no number")
        dates: Any = query.get("dates", "text")
        profile: Any = query.get("profile", "strict")
        if profile not in PROFILES or dates not in get_args(Dates):
            raise UsageError("there is no such profile, or way to compare dates")
        compared = differ(
            catalog, (left, data[: int(first)]), (right, data[int(first) :]),
            job=msgspec.structs.replace(job, profile=profile), dates=dates, ignore=query.get("without", "").split(),
            limits=self.limits,
        )  # fmt: skip
        return _json(compared.told())

    def _job(self, query: Mapping[str, str]) -> tuple[Catalog, Job]:
        """Give the contracts and the job for a payload: as the page says, else as is settled for its name."""
        return self._as_said(query, self.job.of(source_name(query.get("name", ""))))

    def _as_said(self, query: Mapping[str, str], job: Job) -> tuple[Catalog, Job]:
        if job.schemas not in self._catalogs:
            self._catalogs[job.schemas] = Catalog(job.schemas)
        given: Any = query.get("format", "")
        if given not in ("", "json", "xml", "form"):
            raise UsageError(f"there is no format {line(given)}")
        told = {"contract": query.get("contract", "") or job.contract, "given": given or job.given}
        pretty = query.get("pretty", "1") == "1"
        return self._catalogs[job.schemas], msgspec.structs.replace(job, **told, pretty=pretty, rules=())


def _refused(status: int, message: str, hint: str = "") -> Reply:
    return _json({"error": line(message), "hint": line(hint)}, status)


def _json(content: Any, status: int = 200) -> Reply:
    return Reply(status, msgspec.json.encode(content))
