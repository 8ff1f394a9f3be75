"""Who bears the heat: a specification file in, tables with their notes out."""
