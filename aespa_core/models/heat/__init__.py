"""The multimodal model, in torch: encoders, fusion, physics head."""
