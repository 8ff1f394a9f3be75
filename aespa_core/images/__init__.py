"""Image files: the one reader of pixels, and which files are a tract's."""
