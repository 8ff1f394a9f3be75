"""How tables of results leave the project: on paper, and as files that others read."""
