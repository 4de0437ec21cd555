"""The console script, which is ``python -m botsched``, too."""

import sys


def main() -> None:
    """Do what the command line says; Ctrl-C while the modules load ends it without a traceback."""
    try:
        from botsched.cli import main as program
    except KeyboardInterrupt:
        sys.stderr.write("bots-scheduler: interrupted.\n")
        sys.exit(130)
    program()


if __name__ == "__main__":
    main()
