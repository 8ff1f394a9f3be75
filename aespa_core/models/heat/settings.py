"""Settings of the multimodal model; ``experiments/*.toml`` hold only what differs from these."""

from dataclasses import dataclass, field
from typing import Final

from aespa_core.errors import ConfigError

# How an encoder learns: not at all; by low-rank updates of its attention; by bottlenecks inside
# its blocks; or whole, when it is small.
ADAPTATIONS: Final = ("frozen", "lora", "adapters", "whole")
PHYSICS: Final = ("monotone", "soft", "none")
PROXY_SOURCES: Final = ("images", "measured")
# Of any one size: a quarter of it is the width of the largest published encoders.
MOST: Final = 8_192
# Weights of an encoder, about 12 · width² · depth: those of a ViT-L and a quarter more.
MOST_WEIGHTS: Final = 400_000_000


def refuse_odd_sizes(sizes: dict[str, object]) -> None:
    """Refuse sizes of which no network can be built, or none that a machine could hold.

    Raises
    ------
    ConfigError
        If one is not a whole number from 1 to :data:`MOST`.
    """
    for name, value in sizes.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
            raise ConfigError(f"{name} = {value!r} must be a whole number from 1 to {MOST:,}.")


@dataclass(frozen=True)
class EncoderSettings:
    """An image encoder.

    Attributes
    ----------
    weights
        Folder of a checkpoint, name on the hub, or ``$NAME`` of an environment variable that holds
        one of them; empty for a new network of the size below.
    image_px, patch_px
        Side of the image and of a patch, pixels.
    width, depth, heads
        Size of a new network.
    adaptation
        One of :data:`ADAPTATIONS`.
    rank, alpha, adapter_dropout
        Of low-rank updates; ``rank`` is also the width of bottleneck adapters.
    """

    weights: str = ""
    image_px: int = 64
    patch_px: int = 8
    width: int = 96
    depth: int = 2
    heads: int = 4
    adaptation: str = "frozen"
    rank: int = 8
    alpha: int = 16
    adapter_dropout: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        if self.adaptation not in ADAPTATIONS:
            raise ConfigError(
                f"adaptation = '{self.adaptation}' is unknown: choose one of "
                f"{', '.join(ADAPTATIONS)}."
            )
        names = ("image_px", "patch_px", "width", "depth", "heads", "rank", "alpha")
        refuse_odd_sizes({name: getattr(self, name) for name in names})
        weights = 12 * self.width**2 * self.depth
        if weights > MOST_WEIGHTS:
            raise ConfigError(
                f"width = {self.width} and depth = {self.depth} make about {weights:,} weights: "
                f"at most {MOST_WEIGHTS:,} are supported."
            )
        if self.image_px % self.patch_px or self.width % self.heads:
            raise ConfigError(
                f"image_px = {self.image_px} and width = {self.width} must be multiples of "
                f"patch_px = {self.patch_px} and heads = {self.heads}."
            )


@dataclass(frozen=True)
class ModelSettings:
    """The model on top of the encoders.

    Attributes
    ----------
    satellite, street
        Encoders; the street one looks at photos with CLIP's vision tower.
    grid
        Satellite tokens a side that the encoder's patches are averaged to.
    photos
        K, the most photos of a tract that are looked at.
    width, heads, layers
        Width of the fusion, attention heads, layers of cross-attention.
    mobility_hidden
        Width of the recurrent unit.
    hidden, units
        Width of the head's context network, saturating units of a curve.
    dropout
        Share of values dropped in training.
    use_satellite, use_street, use_mobility
        Modalities; one that is not used is replaced by its null token.
    physics
        ``monotone`` by construction, ``soft`` by the published penalty, ``none``.
    proxies
        Whether the curves read proxies off ``images`` or take them as ``measured``.
    residualise
        Whether the proxies' part is taken out of the image features before the base sees them.
    """

    satellite: EncoderSettings = field(default_factory=EncoderSettings)
    street: EncoderSettings = field(default_factory=EncoderSettings)
    grid: int = 4
    photos: int = 8
    width: int = 32
    heads: int = 4
    layers: int = 1
    mobility_hidden: int = 16
    hidden: int = 32
    units: int = 4
    dropout: float = 0.1
    use_satellite: bool = True
    use_street: bool = True
    use_mobility: bool = True
    physics: str = "monotone"
    proxies: str = "images"
    residualise: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be built."""
        names = ("grid", "photos", "width", "heads", "mobility_hidden", "hidden", "units")
        refuse_odd_sizes({name: getattr(self, name) for name in names})
        for name, value, known in (
            ("physics", self.physics, PHYSICS),
            ("proxies", self.proxies, PROXY_SOURCES),
        ):
            if value not in known:
                raise ConfigError(
                    f"{name} = '{value}' is unknown: choose one of {', '.join(known)}."
                )
