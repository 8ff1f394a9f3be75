"""What compiled code prints does not mix with the answer."""

import json
import subprocess
import sys

SCRIPT = """
import ctypes, json
from contextlib import nullcontext
from aespa_core.commands.native_output import native_output_aside

with {context}():
    ctypes.CDLL(None).puts(b"HighsMipSolverData: a state nobody asked for")
print(json.dumps({{"answer": 1}}))
"""


def said(context: str) -> subprocess.CompletedProcess:
    words = [sys.executable, "-c", SCRIPT.format(context=context)]
    return subprocess.run(words, capture_output=True, text=True, check=True)


def test_the_answer_is_json_and_the_rest_is_on_the_error_stream():
    found = said("native_output_aside")
    assert json.loads(found.stdout) == {"answer": 1}
    assert "HighsMipSolverData" in found.stderr


def test_without_it_the_answer_would_be_spoilt():
    assert "HighsMipSolverData" in said("nullcontext").stdout
