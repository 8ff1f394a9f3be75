"""Siblings of the reported cases, by name; each is the clean study with one fault."""

from typing import Final

from tests.cases.siblings import folders, numbers, places
from tests.cases.siblings.sibling import Sibling

SIBLINGS: Final[dict[str, Sibling]] = {
    sibling.name: sibling for room in (numbers, places, folders) for sibling in room.SIBLINGS
}
