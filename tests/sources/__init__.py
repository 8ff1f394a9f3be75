"""Tests of the public sources."""
