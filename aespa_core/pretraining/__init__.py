"""Learning to look at images without labels: one objective a file, the encoder passed in."""
