"""AESPA: urban heat per census tract, the physical reasons for it, and who bears it."""

__version__ = "0.1.0"
