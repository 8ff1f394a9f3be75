"""Where a study's pictures lie: satellite tiles and street photos."""

from typing import Final

import pandera.pandas as pa

from aespa_core.studies.columns import geoid_column, number

TILES: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "west": number("°", -180, 180, meaning="Left edge of images/satellite/<geoid>.png."),
        "south": number("°", -90, 90, meaning="Lower edge."),
        "east": number("°", -180, 180, meaning="Right edge."),
        "north": number("°", -90, 90, meaning="Upper edge."),
    },
    unique=["geoid"],
    name="tiles",
)

PHOTOS: Final = pa.DataFrameSchema(
    {
        "geoid": geoid_column(),
        "photo": pa.Column(
            int,
            pa.Check.ge(0),
            description="Number of the photo: images/street/<geoid>/<photo>.jpg.",
            metadata={"unit": "number", "low": 0, "high": None},
        ),
        "longitude": number("°", -180, 180, meaning="Where it was taken."),
        "latitude": number("°", -90, 90, meaning="Where it was taken."),
        "heading_deg": number(
            "°", 0, 360, meaning="Where the middle of the photo looks, clockwise from north."
        ),
    },
    unique=["geoid", "photo"],
    name="photos",
)

PICTURE_TABLES: Final = {"tiles": TILES, "photos": PHOTOS}
