"""What every payload is held to, whatever is in it.

Nothing but typed errors; what can be converted can be converted back, and the second round trip gives what the first
gave; a stream says what the whole says, wherever its pieces end.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from convtool import PayloadError
from convtool.codes import CODES
from tests.fuzz.documents import document
from tests.support import chunked

if TYPE_CHECKING:
    from convtool.convert import Codec

__all__ = ["Finding", "check", "one"]


class Finding(AssertionError):
    """A promise that an input breaks."""


def one(number: int, *, few: bool = False) -> str:
    """Try payload ``number``; give what it is. Finding, or whatever escapes, where it breaks a promise."""
    this = document(number, few=few, forms=True)
    try:
        valid = check(this.of, this.form, this.data, this.profile, this.size)
    except Exception as error:
        error.add_note(str(this))
        raise
    return f"{this.form} {'valid' if valid else 'refused'}"


def check(of: Codec, form: str, data: bytes, profile: Any, size: int = 0) -> bool:
    """Hold a payload to the promises; give whether it is valid."""
    valid = _round_trips(of, form, data, profile)
    if size and form != "form":
        with chunked(size):
            report = of.validate(io.BytesIO(data), format=form, profile=profile)  # type: ignore[arg-type]
        if bool(report) != valid:
            raise Finding(f"whole it is {'valid' if valid else 'refused'}, in pieces it is not:\n{report.text()}")
    return valid


def _same(of: Codec, one: bytes, other: bytes, form: Any) -> bool:
    """Tell whether two documents hold equal values: a decimal 0 in XML is 0.0 in JSON, and then in XML too."""
    first, second = of.read(one, format=form), of.read(other, format=form)
    return first == second or repr(first) == repr(second)  # NaN equals nothing


def _round_trips(of: Codec, form: str, data: bytes, profile: Any) -> bool:
    to = "xml" if form == "json" else "json"
    report = of.validate(data, format=form, profile=profile)  # type: ignore[arg-type]
    try:
        made = of.convert(data, to, format=form, profile=profile)  # type: ignore[arg-type]
    except PayloadError as error:
        if error.report:
            raise Finding("refused without an error") from None
        return bool(report)
    if not report:
        raise Finding("converted what validate calls invalid")
    try:
        there = made.data
        steps = [of.convert(there, form, format=to, profile=profile)]  # type: ignore[arg-type]
        for one in (to, form):
            steps.append(of.convert(steps[-1].data, one, format=form if one == to else to, profile=profile))  # type: ignore[arg-type]
    except PayloadError as error:
        # Of a path .NET makes one thing on one system and another elsewhere, where JSON has it.
        if profile == "dotnet" and all(
            "means the same on every system" in one.message for one in error.report if one.severity == "error"
        ):
            return True
        # A record of which nothing is said, as by ``=``, is not null; but no form says so of it.
        if form == "form" and error.report.diagnostics[0].message.startswith("A form cannot hold a record without"):
            return True
        if any(CODES[found.code].loss for found in made.report):
            return True  # as of a derived type that JSON has no name for
        raise Finding(f"what was written is refused:\n{error.report.text()}") from None
    back, again, last = (step.data for step in steps)
    if any(CODES[found.code].loss for step in steps for found in step.report):
        return True  # said of what convtool has written itself: a float's key, of which JSON has seven digits
    # In the dotnet profile a conversion may change what .NET changes: CR becomes LF on the way to XML.
    if last != back or (profile == "strict" and again != there and not _same(of, there, again, to)):
        raise Finding("the second round trip differs from the first")
    return True
