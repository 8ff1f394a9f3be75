"""The folder layout of the published AESPA code, so that an outside implementation can train.

``lst/{split}/{tract}.npy`` holds day and night temperature, °C, shape (2,);
``concepts/{split}/{tract}_{proxy}.npy`` one number; ``mobility/{split}/{tract}.npy`` the week,
shape (168, 3): visits, outbound, stay; ``satellite/{split}/{tract}.png`` and
``street/{split}/{tract}/*.jpg`` pictures, turned into these
forms where the study has others; ``normalization.json`` mean and deviation of temperature
over the training tracts. Tracts without a day temperature are left out: the layout cannot say
*missing*.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.errors import FileError, StudyError
from aespa_core.images.picture import decoded_picture, read_bytes
from aespa_core.images.picture_files import photos_of, tiles_in
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import replacing_folder, write_text
from aespa_core.studies.folder import Study
from aespa_core.studies.tables import HOURS_OF_WEEK

SPLITS: Final = ("train", "val", "test")
# Names of the five proxies in the published code.
CONCEPTS: Final = {
    "ndvi": "ndvi_proxy",
    "canopy": "tree_canopy_proxy",
    "impervious": "impervious_proxy",
    "albedo": "albedo_proxy",
    "shadow": "shadow_fraction",
}
MOVEMENTS: Final = ("visits", "outbound", "stay")
# Of photos that are stored without loss, which the layout does not know.
JPEG_QUALITY: Final = 95
NORMALIZATION: Final = "normalization.json"


@dataclass(frozen=True)
class PublishedTables:
    """What the layout holds in numbers, tables as in a study.

    Attributes
    ----------
    split
        Split of each tract, by geoid.
    temperature, proxies, mobility
        Tables of these names; a proxy or a week that has no file is missing.
    """

    split: pd.Series
    temperature: pd.DataFrame
    proxies: pd.DataFrame
    mobility: pd.DataFrame


def random_split(study: Study, seed: int) -> dict[str, str]:
    """Deal a study's tracts at random: 60 % train, 20 % val, 20 % test, within each metro alike."""
    rng = np.random.default_rng(seed)
    split: dict[str, str] = {}
    for _, geoids in study.read("tracts").groupby("metro")["geoid"]:
        order = rng.permutation(geoids.to_numpy())
        ends = np.round(np.array([0.6, 0.8]) * len(order)).astype(int)
        for name, part in zip(SPLITS, np.split(order, ends), strict=True):
            split |= {str(geoid): name for geoid in part}
    return split


def write_published(study: Study, split: Mapping[str, str], folder: Path) -> int:
    """Write a study's tracts in the published layout; return how many were left out.

    Parameters
    ----------
    study
        With temperature; proxies, mobility and images are written where there are any.
    split
        Split of each tract (:data:`SPLITS`), by geoid.
    folder
        New folder; one that stands there is replaced when the new one is whole.

    Raises
    ------
    StudyError
        If a tract has no split or an unknown one, or none of ``train`` has a temperature.
    """
    heat = study.read("temperature").set_index("geoid")
    if strange := [g for g in heat.index if split.get(g) not in SPLITS]:
        raise StudyError(
            f"Tract {strange[0]} has the split {split.get(strange[0])!r}: "
            f"give each tract one of {', '.join(SPLITS)}."
        )
    day = heat["lst_day_c"].dropna()
    train = day[[split[g] == "train" for g in day.index]]
    if train.empty:
        raise StudyError("No tract of the split 'train' has a day temperature: nothing to learn.")
    with replacing_folder(folder) as temporary:
        tiles = tiles_in(study.path / "images" / "satellite")
        for geoid in map(str, day.index):
            if geoid in tiles:
                write_tile(tiles[geoid], temporary / "satellite" / split[geoid] / f"{geoid}.png")
            photos = photos_of(study.path / "images" / "street" / geoid)
            write_photos(photos, temporary / "street" / split[geoid] / geoid)
        write_numbers(study, heat.loc[day.index], split, temporary)
        scale = {"mean": float(train.mean()), "std": float(train.std(ddof=0))}
        write_text(temporary / NORMALIZATION, json.dumps(scale, indent=1) + "\n")
    return len(heat) - len(day)


def check_same_tracts(study: Study, folder: Path) -> None:
    """Refuse a folder in the published layout that holds tracts of another study.

    Raises
    ------
    FileError
        If it does.
    """
    before = {path.stem for path in folder.glob("lst/*/*.npy")}
    if other := sorted(before - set(study.read("tracts")["geoid"])):
        raise FileError(
            f"{folder} holds tract {other[0]} and {len(other) - 1:,} more of another study: choose "
            "another folder with --out, or add --overwrite to replace them."
        )


def write_tile(tile: Path, path: Path) -> None:
    """Write a satellite tile as PNG; one that is PNG is copied."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if tile.suffix.lower() == path.suffix:
        shutil.copyfile(tile, path)
    else:
        decoded_picture(read_bytes(tile), tile).save(path, "PNG")


def write_photos(photos: Sequence[Path], folder: Path) -> None:
    """Write a tract's photos as JPEG; those that are JPEG are copied."""
    for photo in photos:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{photo.stem}.jpg"
        if photo.suffix.lower() in (".jpg", ".jpeg"):
            shutil.copyfile(photo, path)
        else:
            picture = decoded_picture(read_bytes(photo), photo)
            picture.save(path, "JPEG", quality=JPEG_QUALITY)


def write_numbers(study: Study, heat: pd.DataFrame, split: Mapping[str, str], folder: Path) -> None:
    """Write temperature, proxies and movement of all tracts."""
    for geoid, row in heat.iterrows():
        values = np.array([row["lst_day_c"], row.get("lst_night_c", np.nan)])
        save(folder / "lst" / split[str(geoid)] / f"{geoid}.npy", values)
    if "proxies" in study.tables:
        proxies = study.read("proxies").set_index("geoid").reindex(heat.index)
        for geoid, row in proxies[[p for p in PROXY_IDS if p in proxies]].iterrows():
            for proxy, value in row.dropna().items():
                name = f"{geoid}_{CONCEPTS[str(proxy)]}.npy"
                save(folder / "concepts" / split[str(geoid)] / name, np.array(float(value)))
    if "mobility" in study.tables:
        hours = study.read("mobility")
        for geoid, week in hours[hours["geoid"].isin(heat.index)].groupby("geoid"):
            ordered = week.set_index("hour_of_week").reindex(range(HOURS_OF_WEEK))
            path = folder / "mobility" / split[str(geoid)] / f"{geoid}.npy"
            save(path, ordered.reindex(columns=MOVEMENTS).to_numpy(float))


def save(path: Path, values: np.ndarray) -> None:
    """Write an array without pickle."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, values, allow_pickle=False)


def read_published(folder: Path) -> PublishedTables:
    """Read the numbers of the published layout.

    Raises
    ------
    StudyError
        If there is no ``lst`` folder in it, or an array has the wrong shape.
    """
    files = {s: sorted((folder / "lst" / s).glob("*.npy")) for s in SPLITS}
    if not any(files.values()):
        raise StudyError(f"{folder} has no lst/{{{','.join(SPLITS)}}}/*.npy: give the data root.")
    split = {path.stem: name for name, paths in files.items() for path in paths}
    heat = {path.stem: load(path, (2,)) for paths in files.values() for path in paths}
    concepts, weeks = [], []
    for geoid, name in split.items():
        found: dict[str, object] = {"geoid": geoid}
        for proxy, concept in CONCEPTS.items():
            path = folder / "concepts" / name / f"{geoid}_{concept}.npy"
            found[proxy] = float(load(path, ())) if path.is_file() else np.nan
        concepts.append(found)
        if (path := folder / "mobility" / name / f"{geoid}.npy").is_file():
            week = pd.DataFrame(load(path, (HOURS_OF_WEEK, 3)), columns=list(MOVEMENTS))
            weeks.append(week.assign(geoid=geoid, hour_of_week=range(HOURS_OF_WEEK)))
    temperature = pd.DataFrame(heat, index=["lst_day_c", "lst_night_c"]).T.rename_axis("geoid")
    empty = pd.DataFrame(columns=[*MOVEMENTS, "geoid", "hour_of_week"])
    return PublishedTables(
        pd.Series(split, name="split"),
        temperature.reset_index(),
        pd.DataFrame(concepts),
        pd.concat(weeks, ignore_index=True) if weeks else empty,
    )


def load(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Read an array and check its shape."""
    try:
        values: np.ndarray = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"{path} is not a NumPy array ({error}): write it again.") from error
    if values.shape != shape:
        raise StudyError(f"{path} has shape {values.shape}: the published layout has {shape}.")
    return values
