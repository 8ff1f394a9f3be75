"""Weighted least squares and the standard errors that go with it."""
