"""Tests of the dashboard outside a browser."""
