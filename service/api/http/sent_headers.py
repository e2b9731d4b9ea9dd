"""The headers of a request, put in order once: they are looked for by name some ten times."""

from collections.abc import Iterable, KeysView


class SentHeaders:
    """By their names in small letters, as a server hands them on."""

    __slots__ = ("_all", "_first")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
        self._all = list(headers)
        self._first = dict(reversed(self._all))

    def __contains__(self, name: bytes) -> bool:
        return name in self._first

    @property
    def names(self) -> KeysView[bytes]:
        return self._first.keys()

    def first(self, name: bytes) -> bytes:
        """Blank where it was not sent."""
        return self._first.get(name, b"")

    def every(self, name: bytes) -> list[str]:
        """What was sent under a name, each time that it was."""
        if name not in self._first:
            return []
        return [value.decode("latin-1") for sent, value in self._all if sent == name]
