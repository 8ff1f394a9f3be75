"""Options that several commands have, each with the range in which it ends within a day."""

from typing import Annotated, Any, Final

import typer

# what every generator of random numbers here takes
MOST_SEED: Final = 2**32 - 1
MOST_CORES: Final = 256
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Cores = Annotated[int, typer.Option(min=1, max=MOST_CORES, help="Worker processes.")]
# a study as everybody names it: `aespa study list` has the ids
STUDY_HELP: Final = "Id of `aespa study list`, or folder of a study."
StudyArgument = Annotated[str, typer.Argument(help=STUDY_HELP)]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace results of another study in --out.")
]


def seed_option(words: str) -> Any:  # noqa: ANN401 (what typer makes of it)
    """Make an option that takes a seed."""
    return typer.Option(min=0, max=MOST_SEED, help=words)
