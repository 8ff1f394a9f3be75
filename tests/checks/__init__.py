"""Long checks: hostile files and links, siblings in full counts, the time of opening a study."""
