"""Embeddings of images on disk: a frozen encoder looks at each image once.

A cache is a folder of parts, each a single ``.npy`` file of rows (hash of the image, embedding).
Index and numbers lie in one file that appears whole or not at all, so a run that is killed loses
the part at hand and no more, and two runs at once do not disturb each other. Parts are mapped into
memory, not read, and hold no pickle.
"""

import hashlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.pixels import PREPROCESSING, decoded
from aespa_core.errors import ArtifactError
from aespa_core.images.picture import read_bytes
from aespa_core.studies.atomic import write_bytes, write_text

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# Looks at images: (N, S, S, 3) uint8 to (N, …) float32.
Encode = Callable[[Pixels], Floats]
Progress = Callable[[int], None]

HASH: Final = "V32"
# Images between two writes: what a killed run loses at most.
PART: Final = 128


def not_shown(count: int) -> None:
    """Show no progress."""


class EmbeddingCache:
    """What one encoder made of the images that it saw.

    Parameters
    ----------
    folder
        Of all caches; this one's lies in it.
    key
        Everything that an embedding follows from beside the image: weights, grid, backend. The
        side and the preprocessing of images are added to it.
    shape
        Of one embedding, such as (D,) or (1 + G², D).
    px
        Side that images are resized to, pixels.
    """

    def __init__(self, folder: Path, key: str, shape: tuple[int, ...], px: int) -> None:
        words = f"{key}\n{PREPROCESSING}\n{px} px\n{shape}\n"
        self.folder = folder / hashlib.sha256(words.encode()).hexdigest()[:24]
        self.words = words
        self.px = px
        self.dtype = np.dtype([("image", HASH), ("row", "<f4", shape)])
        self.places: dict[bytes, tuple[Path, int]] = {}  # image → part, row
        self.known: set[Path] = set()

    def __len__(self) -> int:
        """Count the images that are there."""
        self.refresh()
        return len(self.places)

    def refresh(self) -> None:
        """Take note of the parts that appeared since."""
        for path in sorted(self.folder.glob("[!.]*.npy")):
            if path not in self.known:
                for row, image in enumerate(self.part(path)["image"]):
                    self.places.setdefault(image.tobytes(), (path, row))
                self.known.add(path)

    def part(self, path: Path) -> npt.NDArray[Any]:
        """Map a part into memory; not kept open, since a process may open only so many files.

        Raises
        ------
        ArtifactError
            If the part is garbled or of another shape.
        """
        again = "remove it, and its images are encoded again"
        try:
            part: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise ArtifactError(
                f"{path} is not a part of an embedding cache ({error}): {again}."
            ) from error
        if part.dtype != self.dtype:
            raise ArtifactError(f"{path} holds {part.dtype}, not {self.dtype}: {again}.")
        return part

    def embed(
        self,
        paths: Sequence[Path],
        encode: Encode,
        batch: int = 32,
        progress: Progress = not_shown,
    ) -> Floats:
        """Embed images, running the encoder on those alone that it has not seen.

        Parameters
        ----------
        paths
            n image files; equal images are encoded once.
        encode
            The encoder that ``key`` tells of.
        batch
            Images at a time.
        progress
            Told how many of ``paths`` came to be ready since the last call.

        Returns
        -------
        Rows in the order of ``paths``, shape (n, …).

        Raises
        ------
        StudyError
            If an image is missing or broken; what was encoded before it is kept.
        """
        images = [hashlib.sha256(read_bytes(path)).digest() for path in paths]
        self.refresh()
        missing: dict[bytes, Path] = {}
        for image, path in zip(images, paths, strict=True):
            if image not in self.places:
                missing.setdefault(image, path)
        progress(len(paths) - len(missing))
        todo = list(missing.items())
        if todo:
            self.make()
        for start in range(0, len(todo), PART):
            self.append(todo[start : start + PART], encode, batch, progress)
        return self.rows_of(images)

    def make(self) -> None:
        """Make the folder, with a note of what it is for whoever finds it.

        Raises
        ------
        ArtifactError
            If it cannot be made: better before the encoder runs than after.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / "about.txt").is_file():
                write_text(self.folder / "about.txt", self.words)
        except OSError as error:
            raise ArtifactError(
                f"{self.folder} cannot be written ({error.strerror}): choose another folder for "
                "the cache of embeddings."
            ) from error

    def rows_of(self, images: Sequence[bytes]) -> Floats:
        """Gather the embeddings of images that are there, in their order, shape (n, …)."""
        rows = np.empty((len(images), *self.dtype["row"].shape), np.float32)
        wanted: dict[Path, list[tuple[int, int]]] = {}
        for place, image in enumerate(images):
            path, row = self.places[image]
            wanted.setdefault(path, []).append((place, row))
        for path, pairs in wanted.items():
            to, take = np.array(pairs).T
            rows[to] = self.part(path)["row"][take]
        return rows

    def append(
        self, images: Sequence[tuple[bytes, Path]], encode: Encode, batch: int, progress: Progress
    ) -> None:
        """Encode images and write them as one part; those before a broken one are written too."""
        part = np.empty(len(images), self.dtype)
        done = 0
        try:
            for start in range(0, len(images), batch):
                now = images[start : start + batch]
                pixels = [decoded(read_bytes(path), path, self.px) for _, path in now]
                rows = encode(np.stack(pixels))
                wanted = (len(now), *self.dtype["row"].shape)
                if rows.shape != wanted:
                    raise ArtifactError(
                        f"The encoder gave rows of shape {rows.shape}, not {wanted}: the cache was "
                        "opened for another encoder."
                    )
                end = done + len(now)
                part["row"][done:end] = rows
                part["image"][done:end] = np.frombuffer(b"".join(i for i, _ in now), HASH)
                done = end
                progress(len(now))
        finally:
            if done:
                self.write(part[:done])
        self.refresh()

    def write(self, part: npt.NDArray[Any]) -> None:
        """Write a part whole, named by its images."""
        name = hashlib.sha256(part["image"].tobytes()).hexdigest()[:24]
        whole = BytesIO()
        np.save(whole, part, allow_pickle=False)
        write_bytes(self.folder / f"{name}.npy", whole.getvalue())
