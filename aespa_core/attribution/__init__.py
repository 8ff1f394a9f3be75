"""What estimates are made of: parts, responses, images."""
