"""Tests of images → numbers."""
