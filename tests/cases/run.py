"""Run cases through every door: ``python -m tests.cases.run FOLDER [FOLDER ...]``.

FOLDER is a directory of cases, or one case; without any, the directory that ``AESPA_CASES`` names.
Exit code 0: all answered as they must; 1: something is wrong, and each line says what.
"""

import os
import sys
import time
from pathlib import Path

from tests.cases.case import cases_in, wrong_with


def main(words: list[str]) -> int:
    """Print what is wrong with each case."""
    folders = words or [os.environ.get("AESPA_CASES", "")]
    if not folders[0]:
        print("Which cases? Give a folder, or set AESPA_CASES.", file=sys.stderr)
        return 2
    cases = [case for folder in folders for case in cases_in(Path(folder).resolve())]
    broken = 0
    for case in cases:
        start = time.perf_counter()
        wrong = wrong_with(case)
        broken += bool(wrong)
        state = f"{len(wrong)} wrong" if wrong else "right"
        table = "" if case.right else ", not in the table"
        print(f"{case.folder.name}: {state} ({time.perf_counter() - start:.1f} s{table})")
        for line in wrong:
            print(f"    {line}")
        sys.stdout.flush()
    print(f"{broken} of {len(cases)} cases are answered wrongly.")
    return int(bool(broken))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
