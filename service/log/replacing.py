"""A file that takes another one's place at once, or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from service.errors import Unavailable


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file that stands under its name only when all of it is written, and on the disk. Raises Unavailable."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as unfinished:
            try:
                yield unfinished.file
                unfinished.flush()
                os.fsync(unfinished.fileno())
                Path(unfinished.name).replace(file)
            except BaseException:
                Path(unfinished.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Unavailable("A file cannot be written.", cause=f"{file}: {error.strerror}") from error
