"""Tests of the simulated metros."""
