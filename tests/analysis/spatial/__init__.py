"""Tests of spatial statistics."""
