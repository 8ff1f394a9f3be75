"""What tables say about places and people; knows tables, not models."""
