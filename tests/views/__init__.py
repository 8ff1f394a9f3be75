"""Tests of the views room."""
