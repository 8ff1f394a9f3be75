"""Simulated metros: every modality, and the only place where the right answer is known."""
