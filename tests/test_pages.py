"""Pages run on a small study without an exception and say what the data says."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.studies.catalogue import DEMO
from aespa_core.studies.folder import add_run, open_study
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.study import build_world
from tests.conftest import missing
from tests.explained_town import write_explained_town

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def my_studies(tiny_study, monkeypatch):
    """Let the dashboard find the small study."""
    monkeypatch.setenv("AESPA_STUDIES", str(tiny_study.path.parent))
    return tiny_study


def open_page(name: str, **query: str) -> AppTest:
    """Run one page with parameters in its link."""
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def test_the_first_line_is_the_answer(my_studies):
    page = open_page("heat_map", study="gridville")
    assert not page.exception
    estimates = my_studies.read_run("tract_model")["anomaly_c"]
    hottest = estimates.nlargest(14).mean() - estimates.median()
    assert f"{hottest:.1f} °C above" in page.title[0].value


def test_a_bad_link_shows_a_notice_and_the_default(my_studies):
    page = open_page("heat_map", study="gridville", layer="nonsense")
    assert not page.exception
    assert any("nonsense" in warning.value for warning in page.warning)
    assert page.selectbox(key="layer").value == "estimate"


def test_of_several_estimates_one_is_chosen_and_named(tiny_study, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    mine = open_study(shutil.copytree(tiny_study.path, tmp_path / "gridville"))
    estimates = mine.read_run("tract_model")
    cooler = estimates.assign(
        **{name: 0.5 * estimates[name] for name in estimates if name.endswith("_c")}
    )
    add_run(mine, "heat_teacher", cooler)
    first = open_page("heat_map", study="gridville")
    assert not first.exception
    assert first.selectbox(key="run").value == "tract_model"
    second = open_page("heat_map", study="gridville", run="heat_teacher")
    hottest = cooler["anomaly_c"].nlargest(14).mean() - cooler["anomaly_c"].median()
    assert f"{hottest:.1f} °C above" in second.title[0].value
    assert second.title[0].value != first.title[0].value
    assert second.selectbox(key="run").options[1].startswith("teacher")


def test_without_a_study_the_page_names_the_command(tmp_path, monkeypatch, nothing_shipped):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    page = open_page("heat_map")
    assert not page.exception
    assert "aespa study ingest" in page.info[0].value


def test_a_simulated_metro_says_so_and_shows_what_is_known_of_a_tract(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    settings = TwinSettings(metros=("miami",), size_px=384, tracts=(5, 6), photos=2)
    study = build_world(settings, tmp_path / "twin")
    geoid = study.read("tracts")["geoid"][2]
    page = AppTest.from_file(str(ROOT / "pages" / "heat_map.py"), default_timeout=60)
    page.query_params["study"], page.query_params["tract"] = "twin", geoid
    page.session_state["below"] = "Pictures and week of the tract"
    page.run()
    assert not page.exception
    assert page.title[0].value.startswith("In simulated Miami the hottest tenth")
    assert page.warning[0].value.startswith("Simulated")
    assert "Week (CSV)" in [button.label for button in page.get("download_button")]
    assert len(page.get("image")) == 3
    page.toggle(key="masks").set_value(True).run()
    assert not page.exception
    layers = page.selectbox(key="layer").options
    assert {"Observed night temperature", "True effect of tree canopy"} <= set(layers)


@pytest.mark.parametrize("name", ["heat_map", "disparity"])
def test_the_demo_that_ships_opens_and_says_that_it_is_simulated(name, tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    if not DEMO.is_dir():
        missing("no assets/demo: run `aespa demo build`")
    page = open_page(name, study="demo", metro="seattle")
    assert not page.exception
    assert page.title[0].value.startswith("In simulated Seattle")
    assert page.warning[0].value.startswith("Simulated")


def test_disparity_runs_on_a_simulated_metro(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    settings = TwinSettings(metros=("st_louis",), size_px=768, tracts=(30, 30), photos=1)
    build_world(settings, tmp_path / "twin")
    page = open_page("disparity", study="twin")
    assert not page.exception
    assert page.title[0].value.startswith("In simulated St. Louis")
    assert page.warning[0].value.startswith("Simulated")
    assert len(page.get("plotly_chart")) == 3


def test_disparity_without_people_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    # the atlas has no people
    monkeypatch.setattr("aespa_core.studies.catalogue.DEMO", tmp_path / "no_demo")
    page = open_page("disparity")
    assert not page.exception
    assert "aespa study ingest" in page.info[0].value


BLOCKS = (
    "Single tracts: estimate against observation",
    "Metro by metro",
    "What each part brings",
    "From one metro to another",
    "What the methods are",
)


@pytest.fixture
def my_benchmark(made_benchmark, monkeypatch):
    """Let the dashboard find the made tables."""
    monkeypatch.setenv("AESPA_BENCHMARKS", str(made_benchmark))
    return made_benchmark


def open_block(block: str, **query: str) -> AppTest:
    """Run the Baselines page with one of its tabs open."""
    page = AppTest.from_file(str(ROOT / "pages" / "baselines.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.session_state["blocks"] = block
    return page.run()


@pytest.mark.parametrize(
    ("block", "charts", "downloads"), list(zip(BLOCKS, (3, 2, 2, 2, 1), (4,) * 5, strict=True))
)
def test_baselines_draw_every_block(my_benchmark, block, charts, downloads):
    page = open_block(block)
    assert not page.exception
    assert page.title[0].value.startswith("In simulated metros AESPA’s mean absolute error is")
    assert page.warning[0].value.startswith("Simulated")
    assert len(page.get("plotly_chart")) == charts
    assert len(page.get("download_button")) == downloads


def test_baselines_own_up_on_real_data(my_benchmark):
    page = open_block(BLOCKS[2], benchmark="seattle_minneapolis")
    assert not page.exception
    assert "5 % above the best of 2 other methods" in page.title[0].value
    assert not page.warning
    assert any("No model with a part left out" in text.value for text in page.markdown)


def test_baselines_follow_their_link(my_benchmark):
    page = open_block(BLOCKS[0], split="leave_one_metro_out", metro="miami", method="resnet")
    assert not page.exception
    assert page.title[0].value.startswith("In simulated Miami")
    assert page.selectbox(key="method").value == "resnet"
    assert any("Not run here: Tile2Vec" in text.value for text in page.caption)
    assert [box.key for box in page.selectbox if box.key == "map"] == []
    page.selectbox(key="split").set_value("random").run()
    assert not page.exception
    assert page.query_params["split"] == "random"


def test_baselines_say_when_a_link_is_wrong(my_benchmark):
    page = open_block(BLOCKS[4], split="nonsense")
    assert not page.exception
    assert any("nonsense" in warning.value for warning in page.warning)


def test_baselines_without_tables_name_the_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_BENCHMARKS", str(tmp_path))
    page = open_page("baselines")
    assert not page.exception
    said = " ".join(info.value for info in page.info)
    assert "aespa bench heat --study twin" in said
    assert "aespa bench tracts" in said


def test_baselines_show_what_ships():
    """The tables of the repository, as a fresh clone has them."""
    page = open_page("baselines", benchmark="tnc_urban_areas")
    assert not page.exception
    assert "root-mean-square error within areas" in page.title[0].value


def test_baselines_without_single_tracts_say_so(my_benchmark, tmp_path, monkeypatch):
    (tmp_path / "heat.csv").write_bytes((my_benchmark / "heat.csv").read_bytes())
    monkeypatch.setenv("AESPA_BENCHMARKS", str(tmp_path))
    page = open_block(BLOCKS[0])
    assert not page.exception
    assert any("heat_predictions.parquet" in info.value for info in page.info)


def open_evidence(**query: str) -> AppTest:
    """Run the heat map with a chosen tract and its pictures open."""
    page = AppTest.from_file(str(ROOT / "pages" / "heat_map.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.session_state["below"] = "Pictures and week of the tract"
    return page.run()


def words_of(page: AppTest) -> str:
    """Join what a page says in running text."""
    return " ".join(text.value for text in (*page.markdown, *page.caption))


def test_a_tract_is_explained_with_what_its_pictures_move(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    study = write_explained_town(tmp_path / "town")
    geoid = study.read("tracts")["geoid"]
    page = open_evidence(study="town", tract=geoid[0])
    assert not page.exception
    said = words_of(page)
    assert "- the satellite picture +0.3 (-0.2 to +0.8)\n- street photos -0.1" in said
    assert "Without its neighbours’ proxies" in said
    assert "Exact for the model, not causal" in said
    assert "aespa attribute" not in said
    labels = [button.label for button in page.get("download_button")]
    assert {"Parts (CSV)", "Photos (CSV)"} <= set(labels)
    # tile and three photos, the one that counts most first
    captions = [image.proto.imgs[0].caption for image in page.get("image")]
    assert captions[1].startswith("Simulated photo 2, counts 60 %, moves +1.28 °C")
    page.toggle(key="moves").set_value(True).run()
    assert not page.exception
    assert "Regions (CSV)" in [button.label for button in page.get("download_button")]
    assert "With weights drawn at random the map changes (rank correlation 0.08" in words_of(page)
    # the next tract has no maps: the command that makes them is named
    other = open_evidence(study="town", tract=geoid[1])
    assert not other.exception
    assert f"--saliency --tract {geoid[1]}" in words_of(other)


def test_a_run_that_nobody_took_apart_names_the_command(my_studies):
    geoid = my_studies.read("tracts")["geoid"][0]
    page = open_evidence(study="gridville", tract=geoid)
    assert not page.exception
    said = words_of(page)
    assert f"aespa attribute {my_studies.path} --run tract_model" in said
    assert "Within the bars" not in said
    assert "Parts (CSV)" not in [button.label for button in page.get("download_button")]
