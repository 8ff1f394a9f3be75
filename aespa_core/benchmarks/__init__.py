"""Methods side by side: each benchmark writes one tidy table that the pages read."""
