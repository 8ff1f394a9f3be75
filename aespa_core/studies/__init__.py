"""The study folder: what one is made of, how it is read, written, listed and checked."""
