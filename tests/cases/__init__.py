"""Inputs that people reported, walked through every door: commands and pages."""
