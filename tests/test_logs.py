"""The log's thread outlives whatever its stream does."""

import errno
import io
import threading

import pytest

from service.logs import Lines


class Full(io.StringIO):
    """A file on a disk that is full for the first writes."""

    def __init__(self, refused: int, error: Exception) -> None:
        super().__init__()
        self.left, self.error, self.empty = refused, error, threading.Event()

    def write(self, text: str) -> int:
        if self.left:
            self.left -= 1
            if not self.left:
                self.empty.set()
            raise self.error
        return super().write(text)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), BrokenPipeError(), ValueError("closed")])
def test_a_full_disk_costs_the_lines_of_that_time_and_no_later_ones(error: Exception):
    stream = Full(1, error)
    lines = Lines(stream)
    for number in range(2):
        lines.write(f"lost {number}\n")
    assert stream.empty.wait(5)
    lines.write("kept\n")
    lines.close()
    assert stream.getvalue().splitlines() == ["kept", '{"event": "log_lines_dropped", "count": 2}']
