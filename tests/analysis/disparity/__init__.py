"""Tests of the disparity tables."""
