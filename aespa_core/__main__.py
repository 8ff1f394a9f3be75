"""The command line: bad input is one sentence and exit code 2, a stop one and its own code."""

from aespa_core.commands.stopping import answer_at_once, as_before, leave


def main() -> None:
    """Run the command line."""
    before = answer_at_once()
    # imported here: it takes a while, in which Ctrl-C is heard already
    from aespa_core.commands.answer import answer
    from aespa_core.commands.every_command import app

    as_before(before)
    code = answer(app)
    if code > 128:
        leave(code)
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    main()
