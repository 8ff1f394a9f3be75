"""What commands answer to machines: JSON that every reader takes."""

import json
import math
from typing import Any


def json_text(words: object) -> str:
    """Write plain values as JSON; a number that is none, or endless, is ``null``."""
    return json.dumps(finite(words), indent=1, ensure_ascii=False, allow_nan=False)


def finite(value: Any) -> Any:  # noqa: ANN401 (whatever stands in an answer)
    """Put None where a number is not finite: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
