"""The dashboard: a frame, one door to cached data, controls and panels."""
