"""Tests of inequality."""
