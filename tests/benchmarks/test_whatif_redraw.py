"""What a slider move costs the server, on the largest metro that ships."""

import pytest

from aespa_core.benchmarks.whatif_redraw import redraw_rows


@pytest.mark.slow
def test_a_slider_move_is_timed_on_the_largest_metro():
    tracts, seconds = redraw_rows(0, 5)
    assert tracts.value > 1_300
    # what is promised, 0.3 s, is measured by the benchmark, on a machine of its own
    assert seconds.value > 0
