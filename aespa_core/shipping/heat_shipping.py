"""Weights of the multimodal model as they ship: small files, a card among them and one beside."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.errors import ArtifactError
from aespa_core.inference.heat_run import WEIGHTS_FILE, HeatResult
from aespa_core.inference.heat_scope import scope_in
from aespa_core.inference.model_card import CARD
from aespa_core.inference.proxy_reader import READER_FILE
from aespa_core.models.heat.checkpoint import load_checkpoint
from aespa_core.shipping.demo_scores import MetroScore
from aespa_core.shipping.heat_card import MODEL, card_as_markdown
from aespa_core.studies.atomic import replacing_folder, write_text
from aespa_core.target_folder import check_target

LARGEST_BYTES: Final = 5_000_000


def shipped_files(weights: Path) -> list[Path]:
    """List what ships of a run: weights and, where proxies are read off images, their reader.

    Raises
    ------
    ArtifactError
        If a file is larger than :data:`LARGEST_BYTES`.
    """
    names = (WEIGHTS_FILE, READER_FILE)
    files = [path for path in map(weights.with_name, names) if path.is_file()]
    for path in files:
        if (size := path.stat().st_size) > LARGEST_BYTES:
            raise ArtifactError(
                f"{path} has {size / 1e6:.1f} MB, and a file that ships may have "
                f"{LARGEST_BYTES / 1e6:g}: train with smaller encoders."
            )
    return files


def facts_of(result: HeatResult, scores: tuple[MetroScore, ...]) -> dict[str, Any]:
    """Say of one model what the card says of it.

    Parameters
    ----------
    result
        Of its training.
    scores
        On the demo.
    """
    checkpoint = load_checkpoint(result.weights, CONTEXT)
    parts = [*checkpoint.models, *([checkpoint.encoders] if checkpoint.encoders else [])]
    return {
        "train_tracts": result.train_tracts,
        "validation_tracts": result.validation_tracts,
        "members": result.members,
        "epochs": result.epochs,
        "validation_mae_c": round(result.validation_mae_c, 4),
        "half_width_c": round(scope_in(checkpoint.words, str(result.weights)).half_width_c, 4),
        "parameters": sum(p.numel() for part in parts for p in part.parameters()),
        "bytes": {path.name: path.stat().st_size for path in shipped_files(result.weights)},
        "demo": [
            {name: round(v, 4) if isinstance(v, float) else v for name, v in asdict(s).items()}
            for s in scores
        ],
    }


def check_models_target(folder: Path) -> None:
    """Refuse to write over anything but these weights or an empty folder.

    Raises
    ------
    ArtifactError
        If something else stands there.
    """
    check_target(folder, is_models, "models", "--out-models")


def is_models(folder: Path) -> bool:
    """Whether a folder holds weights that were shipped here."""
    try:
        model = json.loads((folder / CARD).read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, KeyError, TypeError):
        model = None
    if model != MODEL:
        raise ArtifactError(
            f"{folder} holds something else than the weights of `aespa demo build` (no {CARD} of "
            f"'{MODEL}'): choose another folder with --out-models."
        )
    return True


def ship_models(weights: Mapping[str, Path], card: Mapping[str, Any], out: Path) -> Path:
    """Write ``<mode>/`` with weights and reader, the card among them and, beside, for people.

    Parameters
    ----------
    weights
        Mode → weights of a run.
    card
        As :func:`aespa_core.shipping.heat_card.card_of` gives it.
    out
        Folder; older weights there are replaced when the new ones are whole.

    Returns
    -------
    Path
        The card for people.
    """
    check_models_target(out)
    with replacing_folder(out) as temporary:
        for mode, path in weights.items():
            (temporary / mode).mkdir()
            for file in shipped_files(path):
                shutil.copyfile(file, temporary / mode / file.name)
        write_text(temporary / CARD, json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    # no suffix is replaced: a folder may have a dot in its name
    words = out.with_name(f"{out.name}.md")
    write_text(words, card_as_markdown(card))
    return words
