"""The tables of a disparity analysis, one a file: an analysis in, a table with its note out."""
