"""What the multimodal model is compared with: one method a file, one contract."""
