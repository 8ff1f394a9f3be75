"""Every command: assembles the groups of commands."""

from aespa_core.commands import (
    atlas,
    attribute,
    bench,
    demo,
    disparity,
    embed,
    predict,
    study,
    train,
    whatif,
)
from aespa_core.commands.command_line import Commands

app = Commands(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Urban heat per census tract: estimates, physical reasons, and who bears it.",
)
app.add_typer(study.app, name="study")
app.add_typer(atlas.app, name="atlas")
app.add_typer(demo.app, name="demo")
app.add_typer(bench.app, name="bench")
app.command("embed")(embed.embed_command)
app.command("train")(train.train_command)
app.command("predict")(predict.predict_command)
app.command("attribute")(attribute.attribute_command)
app.command("whatif")(whatif.whatif_command)
app.command("disparity")(disparity.disparity_command)


@app.callback()
def root() -> None:
    """Urban heat per census tract: estimates, physical reasons, and who bears it."""
