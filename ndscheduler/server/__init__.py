"""The server, as a class to derive from."""
