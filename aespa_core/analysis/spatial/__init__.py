"""Who is whose neighbour, and what that does to a map and to a regression."""
