"""Estimates and their intervals, from trained models."""
