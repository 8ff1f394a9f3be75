"""The methods of the leaderboards in words: what each is, and what it is given."""

from dataclasses import dataclass, replace
from typing import Final

OURS: Final = "aespa"
STUDENT: Final = "aespa_student"
SOFT: Final = "aespa_soft"
# What a method is for the reader; simple ones need no pictures beyond the five proxies.
SIMPLE: Final = "simple"
LEARNED: Final = "learned"
MINE: Final = "ours"
ABLATED: Final = "ablation"
GROUPS: Final = {
    MINE: "AESPA",
    SIMPLE: "simple method",
    LEARNED: "learned from data",
    ABLATED: "AESPA with a part left out",
}
IMAGES: Final = "satellite, street photos, climate"
EVERYTHING: Final = "satellite, street photos, movement, climate"


@dataclass(frozen=True)
class MethodWords:
    """A method as a reader meets it.

    Attributes
    ----------
    id
        Plain id in tables.
    label
        Name on screen.
    group
        Key of :data:`GROUPS`.
    inputs
        What it is given of a tract.
    meaning
        One sentence.
    """

    id: str
    label: str
    group: str
    inputs: str
    meaning: str


HEAT_METHODS: Final = (
    MethodWords(
        OURS, "AESPA (teacher)", MINE, EVERYTHING,
        "The full model: physical proxies act only in their known direction.",
    ),
    MethodWords(
        STUDENT, "AESPA (student)", MINE, IMAGES,
        "The model for cities without movement data; it learned from the teacher.",
    ),
    MethodWords(
        "metro_mean", "Metro mean", SIMPLE, "nothing but the metro",
        "Every tract gets the mean of the metro's known tracts.",
    ),
    MethodWords(
        "nearest_tract", "Nearest tract", SIMPLE, "where the tract lies",
        "Every tract gets the mean of the nearest tracts that are known, the nearer the heavier.",
    ),
    MethodWords(
        "proxy_ridge", "Proxy ridge", SIMPLE, IMAGES,
        "A straight line through the five proxies read off the images (ridge regression).",
    ),
    MethodWords(
        "proxy_boosting", "Proxy boosting", SIMPLE, IMAGES,
        "Gradient-boosted trees on the same columns as the ridge.",
    ),
    MethodWords(
        "resnet", "ResNet", LEARNED, IMAGES,
        "An image network that corrects the ridge from tiles and photos.",
    ),
    MethodWords(
        "tile2vec", "Tile2Vec", LEARNED, IMAGES,
        "Features learned from which satellite tiles lie near each other, read by a ridge.",
    ),
    MethodWords(
        "urbanheat_cnn", "Urban heat CNN", LEARNED, "satellite, proxies of all images, climate",
        "A small image network that corrects the ridge from satellite tiles.",
    ),
    MethodWords(
        SOFT, "AESPA, soft physics", LEARNED, EVERYTHING,
        "Physics as the published penalty on correlations, mended: it asks and does not guarantee.",
    ),
    MethodWords(
        "aespa_no_satellite", "AESPA without satellite", ABLATED,
        "street photos, movement, climate", "The full model without satellite tiles.",
    ),
    MethodWords(
        "aespa_no_street", "AESPA without street photos", ABLATED,
        "satellite, movement, climate", "The full model without street photos.",
    ),
    MethodWords(
        "aespa_no_mobility", "AESPA without movement", ABLATED,
        "satellite, street photos, climate", "The full model without hourly movement.",
    ),
    MethodWords(
        "aespa_no_physics", "AESPA without physics", ABLATED, EVERYTHING,
        "The full model whose proxies act as they like.",
    ),
    MethodWords(
        "aespa_student_no_distillation", "AESPA student without its teacher", ABLATED,
        "satellite, street photos, climate", "The student trained on labels only.",
    ),
)  # fmt: skip
# The same methods where there are no images: of the proxies vegetation and tree canopy
# are measured, of the context the place.
WITHOUT_IMAGES: Final = {
    "proxy_ridge": "vegetation, tree canopy, place",
    "proxy_boosting": "vegetation, tree canopy, place",
    OURS: "vegetation, tree canopy, movement, place",
    SOFT: "vegetation, tree canopy, movement, place",
    "aespa_no_physics": "vegetation, tree canopy, movement, place",
    STUDENT: "vegetation, tree canopy, place",
    "aespa_no_mobility": "vegetation, tree canopy, place",
    "aespa_student_no_distillation": "vegetation, tree canopy, place",
}
IMAGELESS_METHODS: Final = tuple(
    replace(words, inputs=WITHOUT_IMAGES.get(words.id, words.inputs)) for words in HEAT_METHODS
)
PROXIES_AND_PLACE: Final = "three proxies, density, coast and water"
TRACT_METHODS: Final = (
    MethodWords(
        OURS, "AESPA (tract model)", MINE, PROXIES_AND_PLACE,
        "The model behind the atlas: monotone curves of the proxies.",
    ),
    MethodWords(
        "area_mean", "Area mean", SIMPLE, "nothing but the area",
        "Every tract gets its area's mean.",
    ),
    MethodWords(
        "nearest_neighbour", "Most similar tracts", SIMPLE, PROXIES_AND_PLACE,
        "Every tract gets the mean of the tracts most like it.",
    ),
    MethodWords(
        "ols", "Linear regression", SIMPLE, PROXIES_AND_PLACE, "A straight line, least squares.",
    ),
    MethodWords(
        "ridge", "Ridge regression", SIMPLE, PROXIES_AND_PLACE, "A straight line, shrunk.",
    ),
    MethodWords(
        "random_forest", "Random forest", LEARNED, PROXIES_AND_PLACE, "Many averaged trees.",
    ),
    MethodWords(
        "gradient_boosting", "Gradient boosting", LEARNED, PROXIES_AND_PLACE,
        "Trees that mend each other's errors.",
    ),
    MethodWords(
        "gradient_boosting_monotone", "Gradient boosting, monotone", LEARNED, PROXIES_AND_PLACE,
        "The same, each proxy only in its known direction.",
    ),
)  # fmt: skip


def words_of(method: str, known: tuple[MethodWords, ...] = HEAT_METHODS) -> MethodWords:
    """Words for a method; one that nobody described is shown by its id."""
    for words in known:
        if words.id == method:
            return words
    label = method.replace("_", " ").capitalize()
    return MethodWords(method, label, LEARNED, "not described", "No description of this method.")
