"""What the tract model is compared with, one method a file behind one contract."""
