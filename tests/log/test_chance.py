"""Salts and ids come of bytes that are given once."""

import subprocess
import sys

from service.log.chance import TOGETHER, random_16

IN_A_CHILD = """
import os
from service.log.chance import random_16
random_16()
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, random_16())
    os._exit(0)
os.wait()
print(os.read(reader, 16) == random_16())
"""


def test_random_bytes_are_given_once():
    given = [random_16() for _ in range(3 * TOGETHER)]
    assert {len(one) for one in given} == {16}
    assert len(set(given)) == len(given)


def test_a_process_and_its_child_go_on_with_others():
    assert subprocess.check_output([sys.executable, "-c", IN_A_CHILD], text=True) == "False\n"
