"""Public sources, one a file: each gives a tidy table and counts what it found and mended."""
