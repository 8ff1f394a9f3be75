"""Tests of exposure."""
