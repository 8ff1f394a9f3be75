"""What ships: weights, cards, and the demo study."""
