"""What commands read from a file, or from standard input where a - stands in its place."""

import sys
from pathlib import Path

from service.errors import InvalidRequest

STREAM = Path("-")
"""Standard output, or standard input, in the place of a file."""


def content(file: Path) -> bytes:
    """All of a file. Raises InvalidRequest."""
    try:
        found = sys.stdin.buffer.read() if file == STREAM else file.read_bytes()
    except OSError as unread:
        raise InvalidRequest(f"The file {file} cannot be read: {unread.strerror}.") from unread
    if not found.strip():
        raise InvalidRequest("There is nothing in it." if file == STREAM else f"There is nothing in {file}.")
    return found
