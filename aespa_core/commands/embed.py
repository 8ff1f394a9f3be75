"""``aespa embed``: run a study's images through frozen encoders once, and keep what they give."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.notices import notices_of, tell, with_notices
from aespa_core.commands.options import Json, StudyArgument
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.inference.encoder_backend import BackendChoice
    from aespa_core.models.heat.settings import ModelSettings

AUTO = "auto"
WEIGHTS = "Folder of a checkpoint, name on the hub, or $NAME of a variable; a new network if none."


@when_stopped(
    "Images that were looked at are kept in the cache: the same command goes on from there."
)
def embed_command(
    study: StudyArgument,
    satellite_weights: Annotated[str, typer.Option(help=f"A ViT. {WEIGHTS}")] = "",
    street_weights: Annotated[str, typer.Option(help=f"A CLIP vision tower. {WEIGHTS}")] = "",
    grid: Annotated[int, typer.Option(min=1, max=64, help="Satellite tokens a side.")] = 4,
    photos: Annotated[int, typer.Option(min=1, max=1_000, help="Most photos of a tract.")] = 8,
    backend: Annotated[
        str,
        typer.Option(
            help="torch_fp32, torch_bf16, onnx_int8, or auto: the fastest that moves no estimate."
        ),
    ] = "torch_fp32",
    batch: Annotated[int, typer.Option(min=1, max=4_096, help="Images at a time.")] = 32,
    cache: Annotated[Path | None, typer.Option(help="Folder; runs/embeddings if none.")] = None,
    as_json: Json = False,
) -> None:
    """Embed a study's tiles and photos; a stopped run goes on, and images seen are not seen again.

    With `auto`, LST may move by less than 0.05 °C at the 99th percentile against the plain backend.
    """
    from aespa_core.errors import ConfigError
    from aespa_core.inference.encoder_backend import BACKENDS
    from aespa_core.models.heat.checkpoints import CLIP, VIT
    from aespa_core.models.heat.pretrained import sized_as_checkpoint
    from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
    from aespa_core.studies.catalogue import find_study
    from aespa_core.target_folder import check_shared

    if backend not in (AUTO, *BACKENDS):
        raise ConfigError(
            f"There is no backend '{backend}': choose one of {', '.join((AUTO, *BACKENDS))}."
        )
    if cache is not None:
        check_shared(cache, "--cache")
    settings = ModelSettings(
        satellite=sized_as_checkpoint(VIT, EncoderSettings(weights=satellite_weights)),
        street=sized_as_checkpoint(CLIP, EncoderSettings(weights=street_weights)),
        grid=grid,
        photos=photos,
    )
    embed_study(find_study(study), settings, backend, batch, cache, as_json)


def embed_study(
    study: Path,
    settings: "ModelSettings",
    backend: str,
    batch: int,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Embed a study with the encoders of a model's settings and print what was done."""
    from aespa_core.datasets.heat.samples import read_samples
    from aespa_core.errors import StudyError
    from aespa_core.inference import heat_embeddings
    from aespa_core.inference.backend_probe import probed_backend
    from aespa_core.inference.encoder_backend import BackendChoice
    from aespa_core.inference.heat_embeddings import (
        FrozenEncoder,
        HeatEncoders,
        embed_samples,
        frozen,
    )
    from aespa_core.inference.unlabelled import Unlabelled
    from aespa_core.models.heat.satellite import SatelliteEncoder
    from aespa_core.models.heat.street import StreetEncoder
    from aespa_core.studies.folder import open_study

    opened = open_study(study)
    notices = notices_of(opened)
    # labels are asked for by the choice of a backend alone
    samples = read_samples(opened if backend == AUTO else Unlabelled(opened.path, opened.info))
    total = heat_embeddings.image_count(samples, settings.photos)
    if not total:
        raise StudyError(
            f"{study} has no images: put tiles into images/satellite/<geoid>.png and photos into "
            "images/street/<geoid>/."
        )
    encoders: dict[str, FrozenEncoder] = {}
    choices: dict[str, BackendChoice] = {}
    for name, module in (
        ("satellite", SatelliteEncoder(settings.satellite, settings.grid)),
        ("street", StreetEncoder(settings.street)),
    ):
        choice = probed_backend(module, samples) if backend == AUTO else None
        encoders[name] = frozen(module, choice.name if choice else backend)
        choices[name] = choice or BackendChoice(backend, "asked for", ())
    start = time.perf_counter()
    with counting_bar() as bar:
        line = bar.add_task("images", total=total)
        made = embed_samples(
            samples,
            settings,
            HeatEncoders(**encoders),
            cache,
            lambda count: bar.update(line, advance=count),
            batch,
        )
    seconds = time.perf_counter() - start
    folder = cache or heat_embeddings.CACHE
    tell(notices)
    if as_json:
        words: dict[str, object] = {"cache": str(folder), "tracts": len(samples), "images": total}
        words |= {"encoded": made.encoded, "seconds": round(seconds, 3)}
        words |= {"backends": {name: spoken(choice) for name, choice in choices.items()}}
        words |= {"satellite": made.satellite.shape, "street": made.street.shape}
        typer.echo(json_text(with_notices(words, notices)))
        return
    for name, chosen in choices.items():
        typer.echo(f"{name}: {chosen.name}, {chosen.reason}.")
    typer.echo(
        f"{folder}: {total:,} images of {len(samples):,} tracts, {made.encoded:,} of them looked "
        f"at now, in {seconds:.1f} s."
    )


def spoken(choice: "BackendChoice") -> dict[str, object]:
    """Put a choice into words for machines."""
    return asdict(choice) | {"trials": [asdict(trial) for trial in choice.trials]}
