"""How unequally heat falls on people, on a scale without a true zero."""
