"""What the stub answers: given payloads, generated ones, or the sample of the help page, each as a typed value."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from convtool.errors import PayloadError, SourceError, UsageError
from convtool.sample import sample
from convtool.testing.choices import accepts
from convtool.testing.generate import Generator

if TYPE_CHECKING:
    import os

    from convtool.catalog import Catalog
    from convtool.operations import Operation, Operations

__all__ = ["Answers"]

_SUFFIXES = (".xml", ".json")


class Answers:
    """The values that operations answer with.

    ``responses``: a folder of payloads, in either format. A file's path says which operation it answers: its path
    (``api/Orders.json``; segments with a parameter are written without braces), its last segment, or the name of its
    contract. ``seed``: what no file answers is generated; without one it is the help page's sample, unless the
    schema files refuse that. SourceError where a file answers nothing; PayloadError where it is invalid.
    """

    def __init__(
        self, catalog: Catalog, operations: Operations, responses: str | os.PathLike[str] | None, seed: int | None
    ) -> None:
        self.catalog = catalog
        self.seed = seed
        self.given: dict[str, Any] = {}
        self._generators: dict[str, Generator] = {}
        self._samples: dict[str, Any] = {}  # by contract
        self._lock = Lock()
        if responses is not None:
            self._load(Path(responses), operations)

    def value(self, operation: Operation) -> Any:
        """Give the value that an operation answers with now; UsageError where none is found that the schemas take."""
        if operation.name in self.given:
            return self.given[operation.name]
        with self._lock:  # requests come in threads of their own
            if self.seed is not None:
                return self._generated(operation, self.seed)
            if operation.response not in self._samples:
                self._samples[operation.response] = self._sample(operation)
            return self._samples[operation.response]

    def _sample(self, operation: Operation) -> Any:
        """Give the sample, or a generated value where the schema files say more than the model, and refuse it."""
        codec = self.catalog.contract(operation.response)
        value = sample(codec.model, codec.instances)
        return value if codec.referee is None or accepts(codec, value) else self._generated(operation, 0)

    def _generated(self, operation: Operation, seed: int) -> Any:
        generator = self._generators.get(operation.name)
        if generator is None:
            codec = self.catalog.contract(operation.response)
            generator = self._generators[operation.name] = Generator(codec, seed)
        try:
            return generator.value()
        except UsageError as error:
            hint = f"give it one: respond(payload=…), or a file {_name(operation)}.json among the responses"
            raise UsageError(f"{operation.name} has no answer: {error.message}", hint=hint) from None

    def _load(self, folder: Path, operations: Operations) -> None:
        if not folder.is_dir():
            raise SourceError(f"{folder}: is not a folder of payloads")
        answering = [one for one in operations.all if one.response]
        files = [path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file()]
        # What says more about its operation comes later, and counts.
        ranked: list[tuple[int, Path, Operation]] = []
        for path in files:
            name = path.relative_to(folder).with_suffix("").as_posix()
            found = [(rank, path, one) for one in answering if (rank := _rank(name, one)) is not None]
            if not found:
                known = ", ".join(sorted({_name(one) for one in answering})) or "none"
                raise SourceError(
                    f"{path}: answers no operation", hint=f"a file is named after its operation's path: {known}"
                )
            ranked += found
        for _, path, operation in sorted(ranked, key=lambda row: (row[0], str(row[1]))):
            self.given[operation.name] = self._read(path, operation)

    def _read(self, path: Path, operation: Operation) -> Any:
        try:
            return self.catalog.contract(operation.response).read(path)
        except PayloadError as error:
            raise PayloadError(error.report.named(str(path))) from None


def _name(operation: Operation) -> str:
    """Give an operation's path as a file is named after it."""
    path, _, word = operation.path.partition("#")
    path = path.partition("?")[0].replace("{", "").replace("}", "").strip("/")
    return f"{path}/{word}" if word else path


def _rank(name: str, operation: Operation) -> int | None:
    """Tell how well a file's name (without its suffix) names an operation; None where it does not."""
    path, wanted = _name(operation).lower(), name.lower()
    choices = (operation.response.lower(), path.rpartition("/")[2], path, f"{operation.method.lower()} {path}")
    ranks = [rank for rank, choice in enumerate(choices) if wanted == choice]
    return max(ranks, default=None)
