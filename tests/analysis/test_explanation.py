"""A tract taken apart: bars are the estimates', their intervals and more the attributions'."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.attention import Attention, MapCheck, attention_of, cells_in
from aespa_core.analysis.evidence import evidence_of
from aespa_core.analysis.explanation import attributions_of, explain
from aespa_core.analysis.places import places_of, run_rows
from aespa_core.studies.validation import validate_study
from aespa_core.views.charts import waterfall
from aespa_core.views.saliency import COOLS, GREYED, WARMS, overlaid
from tests.explained_town import LIKENESS, PHOTOS, write_explained_town
from tests.tiny_study import METRO

RUN = "heat_teacher"
GEOID = "01001020100"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_explained_town(tmp_path_factory.mktemp("explained") / "town")


def test_the_town_holds(study):
    assert validate_study(study.path) == []


def test_bars_add_up_and_carry_their_intervals(study):
    places = places_of(study, METRO, RUN)
    why = explain(places, GEOID, attributions_of(study, RUN, GEOID))
    assert sum(part.effect_c for part in why.parts) == pytest.approx(why.anomaly_c, abs=1e-9)
    assert why.taken_apart
    assert why.with_intervals
    base, canopy = why.parts
    assert (canopy.low90_c, canopy.high90_c) == pytest.approx(
        (canopy.effect_c - 0.5, canopy.effect_c + 0.5)
    )
    assert not base.neighbours_count
    assert canopy.neighbours_count
    assert [one.effect_c for one in why.modalities] == [0.3, -0.1, 0.0]


def test_without_attributions_there_are_bars_and_nothing_else(study, tiny_study):
    assert attributions_of(tiny_study, "tract_model", GEOID) is None
    why = explain(places_of(tiny_study, METRO), GEOID)
    assert (why.taken_apart, why.with_intervals, why.modalities) == (False, False, ())
    assert len(waterfall(why, "°C").data) == 1


def test_the_line_over_a_bar_ends_where_the_members_end(study):
    why = explain(places_of(study, METRO, RUN), GEOID, attributions_of(study, RUN, GEOID))
    for degrees, factor in (("°C", 1.0), ("°F", 1.8)):
        bars, lines = waterfall(why, degrees).data
        ends = np.cumsum(bars.x[:-1])
        np.testing.assert_allclose(lines.x, ends)
        assert lines.x[-1] == pytest.approx(factor * why.anomaly_c)
        np.testing.assert_allclose(lines.error_x.array, [0.5 * factor] * 2)
        np.testing.assert_allclose(lines.error_x.arrayminus, [0.5 * factor] * 2)


def test_photos_come_in_the_order_of_their_attention(study):
    seen = attention_of(study, RUN, GEOID)
    found = evidence_of(study, GEOID)
    assert [found.photos[k].stem for k in seen.order(found)] == ["1", "0", "10"]
    assert sum(seen.weights.values()) == pytest.approx(1.0)
    assert set(seen.maps) == {"tile", *PHOTOS}
    nobody = Attention()
    assert nobody.order(found) == (0, 1, 2)


def test_cells_lie_where_they_lay():
    cells = np.arange(8 * 32, dtype=float).reshape(8, 32)
    row, column = np.indices(cells.shape)
    rows = pd.DataFrame(
        {"row": row.ravel(), "column": column.ravel(), "effect_c": cells.ravel()}
    ).sample(frac=1, random_state=0)
    np.testing.assert_array_equal(cells_in(rows), cells)


def test_paint_is_red_where_it_warms_and_blue_where_it_cools():
    picture = np.full((64, 64, 3), 128, np.uint8)
    effect = np.zeros((16, 16))
    effect[:4, :4], effect[-4:, -4:] = 0.2, -0.2
    painted = overlaid(picture, effect, 0.2).astype(int)
    warm, cool = painted[4, 4], painted[-4, -4]
    np.testing.assert_allclose(warm, 0.2 * 128 + 0.8 * np.array(WARMS), atol=1)
    np.testing.assert_allclose(cool, 0.2 * 128 + 0.8 * np.array(COOLS), atol=1)
    assert warm[0] > warm[2]
    assert cool[2] > cool[0]
    np.testing.assert_array_equal(painted[32, 32], 128)
    # beyond the reach, and where nothing moves, nothing breaks
    assert overlaid(picture, 10 * effect, 0.2).max() <= 255
    np.testing.assert_array_equal(overlaid(picture, 0 * effect, 0.0), picture)
    assert 0 < GREYED < 1


def test_files_hold_the_metros_rows_as_they_are_stored(study):
    places = places_of(study, METRO, RUN)
    stored = study.read_run(RUN, "attributions")
    pd.testing.assert_frame_equal(run_rows(study, places, "attributions"), stored)


def test_a_check_of_maps_says_whether_they_may_be_believed(study):
    check = attention_of(study, RUN, GEOID).check
    assert (check.model, check.encoders, check.pictures) == (*LIKENESS, 2)
    said = "the map changes (rank correlation 0.08 for the encoders’, -0.02 for those of the model"
    assert said in check.sentence()
    # a map of edges, with which random weights agree
    for edges in (MapCheck(0.1, 0.9, 6), MapCheck(0.9, 0.1, 6)):
        assert "read it with care" in edges.sentence()
