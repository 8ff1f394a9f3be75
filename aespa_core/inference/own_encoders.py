"""The encoders that a checkpoint's model learned with, or none."""

from aespa_core.errors import ArtifactError
from aespa_core.models.heat.checkpoint import Checkpoint
from aespa_core.models.heat.encoders import Encoders, encoders_of
from aespa_core.models.heat.pretrained import weights_hash


def hashes(encoders: Encoders) -> dict[str, str]:
    """Hash the weights of both encoders."""
    return {
        "satellite_weights": weights_hash(encoders.satellite),
        "street_weights": weights_hash(encoders.street),
    }


def own_encoders(checkpoint: Checkpoint) -> Encoders:
    """Take the encoders of a checkpoint: those in it, else those that its settings name.

    Raises
    ------
    ArtifactError
        If the named ones are no longer those that the model learned with.
    """
    if checkpoint.encoders is not None:
        return checkpoint.encoders
    settings = checkpoint.settings
    encoders = encoders_of(settings)
    found = hashes(encoders)
    # one that is not used may be anything: its tokens never reach the model
    used = {
        "satellite_weights": settings.use_satellite,
        "street_weights": settings.use_street,
    }
    if any(used[name] and found[name] != checkpoint.words.get(name) for name in found):
        raise ArtifactError(
            f"The {checkpoint.mode}'s settings name encoders whose weights have changed since it "
            "learned: put its encoders back, or train it again."
        )
    return encoders
