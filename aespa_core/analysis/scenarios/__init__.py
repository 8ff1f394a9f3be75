"""What if: measures on tracts, what they would change, for whom and at what cost."""
