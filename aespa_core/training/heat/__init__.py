"""How the multimodal model learns: losses, objectives, loop."""
