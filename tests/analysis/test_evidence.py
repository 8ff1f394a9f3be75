"""Pictures and movement of a tract: what is there is found, what is not stays missing."""

import numpy as np
import pytest
from PIL import Image

from aespa_core.analysis.evidence import evidence_of, has_evidence
from aespa_core.studies.truth_tables import STREET_CLASSES
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.street_view import STREET_CLASSES as DRAWN
from aespa_core.twin.study import build_world
from aespa_core.views.evidence import CLASS_COLOURS, coloured, week_chart
from tests.tiny_study import write_tiny_study

SMALL = TwinSettings(metros=("miami",), size_px=384, tracts=(5, 6), photos=12)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return build_world(SMALL, tmp_path_factory.mktemp("world") / "twin")


def test_a_simulated_tract_has_everything(study):
    geoid = study.read("tracts")["geoid"][0]
    found = evidence_of(study, geoid)
    assert found.satellite.is_file()
    # by number, not by name: 10 comes after 9
    assert [path.stem for path in found.photos] == [str(n) for n in range(12)]
    assert len(found.masks) == 12
    assert len(found.week) == 168
    assert list(found.week) == ["visits", "outbound", "stay"]
    assert len(week_chart(found.week).data) == 3


def test_masks_hold_the_shares_that_the_truth_tells(study):
    geoid = study.read("tracts")["geoid"][1]
    shares = study.read("truth/photo_shares").set_index(["geoid", "photo"])
    mask = np.asarray(Image.open(evidence_of(study, geoid).masks[3]))
    counted = np.bincount(mask.ravel(), minlength=len(STREET_CLASSES)) / mask.size
    assert counted == pytest.approx(shares.loc[(geoid, 3)].to_numpy())


def test_what_is_missing_stays_missing(tmp_path):
    study = write_tiny_study(tmp_path / "town")
    assert not has_evidence(study)
    found = evidence_of(study, "01001020100")
    assert found.satellite is None
    assert found.week is None
    assert found.photos == found.masks == ()


def test_every_class_has_its_colour():
    assert tuple(CLASS_COLOURS) == STREET_CLASSES == DRAWN
    mask = np.arange(len(STREET_CLASSES), dtype=np.uint8)[None]
    assert [tuple(c) for c in coloured(mask)[0]] == list(CLASS_COLOURS.values())
