"""A reader on disk reads as the run that made it read tracts which did not learn."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets.heat.image_proxies import image_proxies
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT, heat_split
from aespa_core.errors import ArtifactError
from aespa_core.inference.proxy_reader import (
    READER_FILE,
    learned_reader,
    load_reader,
    save_reader,
)
from aespa_core.schema import PROXY_IDS
from tests.made_heat import METROS, made_heat


def planted():
    """Numbers of images that proxies follow; canopy is known in half of the tracts only."""
    samples, rng = made_heat().samples, np.random.default_rng(1)
    numbers = pd.DataFrame(rng.normal(size=(len(samples), 6)), samples.geoid).add_prefix("tile_")
    proxies = 0.4 + numbers.to_numpy() @ rng.normal(0, 0.04, (6, 5))
    proxies[::2, 1] = np.nan
    numbers.iloc[4] = np.nan
    return numbers, replace(samples, proxies=proxies)


@pytest.mark.parametrize("kind", [BLOCKS, METRO_OUT])
def test_it_reads_tested_tracts_as_the_run_did(kind, tmp_path):
    numbers, samples = planted()
    split = heat_split(samples, kind, 0, METROS[0])
    known = save_reader(learned_reader(numbers, samples, split), tmp_path / READER_FILE)
    found = load_reader(tmp_path / READER_FILE, known)(numbers)
    apart = split.validation | split.test
    run = image_proxies(numbers, samples, split)
    np.testing.assert_allclose(found[apart], run[apart], atol=1e-12)
    # a training tract is read in the run without its fold: here it is not
    assert (found[split.train] != run[split.train]).any()
    assert np.isnan(found[4]).all()


def test_it_finds_the_law_in_tracts_of_another_study():
    numbers, samples = planted()
    reader = learned_reader(numbers, samples, heat_split(samples, BLOCKS, 0))
    fresh = np.random.default_rng(9).normal(size=(50, 6))
    slope = np.linalg.lstsq(
        np.nan_to_num(numbers.to_numpy()), np.nan_to_num(samples.proxies - 0.4), rcond=None
    )[0]
    # a column that the reader does not know is left aside
    found = reader(pd.DataFrame(fresh).add_prefix("tile_").assign(odd=np.nan))
    whole = [0, 2, 3, 4]
    assert np.abs(found - (0.4 + fresh @ slope))[:, whole].max() < 0.03
    assert len(reader.parts) == 2
    assert reader.parts[0].proxies + reader.parts[1].proxies != PROXY_IDS


def test_without_images_nothing_is_read():
    numbers, samples = planted()
    split = heat_split(samples, BLOCKS, 0)
    nothing = pd.DataFrame(index=samples.geoid)
    assert np.isnan(learned_reader(numbers, samples, split)(nothing)).all()
    assert np.isnan(learned_reader(nothing, samples, split)(numbers)).all()


def test_what_is_no_reader_is_refused(tmp_path):
    numbers, samples = planted()
    path = tmp_path / READER_FILE
    with pytest.raises(ArtifactError, match="is missing, which reads proxies off images"):
        load_reader(path, "")
    known = save_reader(learned_reader(numbers, samples, heat_split(samples, BLOCKS, 0)), path)
    with pytest.raises(ArtifactError, match="not the reader that its checkpoint was saved with"):
        load_reader(path, "0" * 24)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ArtifactError, match="is no reader of proxies"):
        load_reader(path, known)
