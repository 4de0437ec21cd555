"""``python -m botsched`` is the console script."""

from botsched.cli import main

main()
