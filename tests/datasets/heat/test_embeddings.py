"""The cache of embeddings: who is looked at again, and what a killed run leaves."""

import os
import signal

import numpy as np
import pytest
from PIL import Image

from aespa_core.datasets.heat import embeddings
from aespa_core.datasets.heat.embeddings import EmbeddingCache
from aespa_core.errors import ArtifactError, StudyError

PX = 4


class Counting:
    """An encoder that gives mean red and mean blue, and counts what it saw."""

    def __init__(self, killed_after: int | None = None) -> None:
        self.seen = 0
        self.killed_after = killed_after

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Count and average."""
        if self.killed_after is not None and self.seen >= self.killed_after:
            raise KeyboardInterrupt
        self.seen += len(pixels)
        return pixels.mean((1, 2))[:, [0, 2]].astype(np.float32)


@pytest.fixture
def paths(tmp_path):
    """Write 9 images, each of its own colour."""
    (tmp_path / "images").mkdir()
    made = [tmp_path / "images" / f"{k}.png" for k in range(9)]
    for k, path in enumerate(made):
        Image.new("RGB", (6, 6), (10 * k, 0, 200 - k)).save(path)
    return made


@pytest.fixture
def cache(tmp_path):
    return lambda key="weights a", px=PX: EmbeddingCache(tmp_path / "cache", key, (2,), px)


def test_the_second_call_encodes_nothing_and_gives_the_same(cache, paths):
    first, second = Counting(), Counting()
    told = []
    rows = cache().embed(paths, first, 2, told.append)
    again = cache().embed(paths, second, 2, told.append)
    assert (first.seen, second.seen, sum(told)) == (9, 0, 18)
    np.testing.assert_array_equal(rows, [[10 * k, 200 - k] for k in range(9)])
    np.testing.assert_array_equal(again, rows)
    assert again.dtype == np.float32


def test_order_and_equal_images(cache, paths, tmp_path):
    copy = tmp_path / "copy.png"
    copy.write_bytes(paths[3].read_bytes())
    encode = Counting()
    rows = cache().embed([paths[5], copy, paths[3], paths[5], paths[0]], encode)
    assert encode.seen == 3
    assert rows[:, 0].tolist() == [50, 30, 30, 50, 0]


def test_one_changed_byte_and_other_weights_are_looked_at_again(cache, paths):
    cache().embed(paths, Counting())
    content = paths[4].read_bytes()
    # a comment after the end of the image: the same picture, other bytes
    paths[4].write_bytes(content + b"x")
    changed, weights, size = Counting(), Counting(), Counting()
    cache().embed(paths, changed)
    cache("weights b").embed(paths, weights)
    cache(px=3).embed(paths, size)
    assert (changed.seen, weights.seen, size.seen) == (1, 9, 9)


@pytest.mark.parametrize("part", [1, 4])
def test_a_killed_run_goes_on_where_it_was(cache, paths, monkeypatch, part):
    monkeypatch.setattr(embeddings, "PART", part)
    with pytest.raises(KeyboardInterrupt):
        cache().embed(paths, Counting(killed_after=5), 1)
    assert len(cache()) == 5
    rest = Counting()
    rows = cache().embed(paths, rest, 1)
    assert rest.seen == 4
    assert rows[:, 0].tolist() == [10 * k for k in range(9)]


def test_a_run_killed_without_warning_leaves_whole_parts(cache, paths, monkeypatch):
    """A kill that runs no cleanup: nothing is kept of the part at hand, all of those before."""
    monkeypatch.setattr(embeddings, "PART", 4)
    child = os.fork()
    if not child:

        def killing(count: int) -> None:
            if len(cache()) == 4 and count:
                os.kill(os.getpid(), signal.SIGKILL)

        cache().embed(paths, Counting(), 2, killing)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    # what an interrupted write leaves beside the parts is not taken for one
    (cache().folder / ".part-abc.npy").write_bytes(b"half")
    rest = Counting()
    rows = cache().embed(paths, rest)
    assert rest.seen == 5
    assert rows[:, 0].tolist() == [10 * k for k in range(9)]


def test_two_runs_at_once_do_not_disturb_each_other(cache, paths):
    one, other = cache(), cache()
    one.embed(paths[:6], Counting())
    late = Counting()
    rows = other.embed(paths[3:], late)
    assert late.seen == 3
    assert rows[:, 0].tolist() == [10 * k for k in range(3, 9)]


def test_a_broken_image_keeps_what_came_before_it(cache, paths):
    paths[6].write_bytes(b"no image")
    with pytest.raises(StudyError, match=r"6\.png is not a whole image"):
        cache().embed(paths, Counting(), 2)
    assert len(cache()) == 6


def test_a_garbled_part_and_a_wrong_encoder_are_one_sentence(cache, paths):
    with pytest.raises(ArtifactError, match="for another encoder"):
        cache().embed(paths, lambda pixels: np.zeros((len(pixels), 3), np.float32))
    made = cache()
    made.embed(paths, Counting())
    (part,) = made.folder.glob("*.npy")
    content = part.read_bytes()
    # written as a pickle, to see that a pickle is never read
    np.save(part, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(ArtifactError, match=r"npy is not a part .*remove it"):
        cache().embed(paths, Counting())
    part.write_bytes(content[:-4])
    with pytest.raises(ArtifactError, match=r"npy is not a part"):
        cache().embed(paths, Counting())
    np.save(part, np.zeros(3))
    with pytest.raises(ArtifactError, match="holds float64"):
        cache().embed(paths, Counting())
