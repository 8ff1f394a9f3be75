"""Regression and its standard errors."""
