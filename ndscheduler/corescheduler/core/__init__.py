"""The class that a program may derive its own from, to be called around each run."""
