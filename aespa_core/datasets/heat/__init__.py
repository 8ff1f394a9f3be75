"""Inputs of the multimodal model: images, proxies read off them, mobility, context, splits."""
