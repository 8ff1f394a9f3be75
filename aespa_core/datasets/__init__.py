"""Tables and splits that models learn from."""
