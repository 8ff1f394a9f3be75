"""What a slider move costs the server, on the largest metro that ships."""

import pytest

from aespa_core.benchmarks.whatif_redraw import redraw_rows


@pytest.mark.slow
def test_a_slider_move_is_quick_on_the_largest_metro():
    tracts, seconds = redraw_rows(0, 5)
    assert tracts.value > 1_300
    # what is promised is 0.3 s on a machine of its own
    assert 0 < seconds.value < 1.0
