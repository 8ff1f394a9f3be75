"""What compiled libraries print goes to the error stream: standard output is the answer's alone.

HiGHS prints a line of its solver's inner state now and then, whatever it is told; a JSON answer
would no longer be JSON.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def native_output_aside() -> Iterator[None]:
    """Send file descriptor 1 to where 2 goes; for the command line, which has one thread."""
    c_library = ctypes.CDLL(None)
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        # what C has buffered would else come out after the way back
        c_library.fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
