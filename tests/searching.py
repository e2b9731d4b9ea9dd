"""How many examples a search tries: as many as the profile says, or a share of them where an example is dear."""

from typing import Any

from hypothesis import settings

OF = 100


def examples(many: int, **more: Any) -> settings:
    """So many of each hundred that the profile tries: few with `make test`, fifty times as many with `make fuzz`."""
    return settings(max_examples=max(1, settings().max_examples * many // OF), **more)
