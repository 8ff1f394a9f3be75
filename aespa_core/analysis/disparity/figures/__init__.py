"""What the figures of a disparity analysis show: numbers and a sentence, nothing drawn."""
