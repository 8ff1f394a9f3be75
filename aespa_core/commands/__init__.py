"""Groups of commands, one a file: parse, call, print."""
