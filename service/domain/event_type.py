"""What every event type is: a frozen model of its data, its name, its version, the streams it may stand in.

An event type's docstring is its published reference.
"""

from typing import Any, ClassVar

from pydantic import SerializerFunctionWrapHandler, model_serializer

from service.domain.base import Frozen


class EventData(Frozen):
    """The data of one event type. `event_type` is stored, and no renaming of a class changes it."""

    event_type: ClassVar[str]
    schema_version: ClassVar[int] = 1
    noun: ClassVar[str]
    """The noun of the streams that this type may stand in."""
    posted: ClassVar[bool] = True
    """Whether clients may post it. What they may not comes from an administrator's command."""
    added: ClassVar[frozenset[str]] = frozenset()
    """Optional fields that came later: written back only where they were stated, so that old readings never change."""
    begins: ClassVar[bool] = False
    """Whether a stream may begin with it. What does not begin a stream acts on what was recorded there."""
    once: ClassVar[bool] = False
    """Whether a stream takes it once: posted again, after a retraction, it is said anew, and no copy of the first."""

    @model_serializer(mode="wrap")
    def _as_read(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        unsaid = self.added - self.model_fields_set
        return {name: value for name, value in written.items() if name not in unsaid}


ANY_NOUN = "any"
