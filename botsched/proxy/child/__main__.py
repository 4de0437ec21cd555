"""``python -m botsched.proxy.child``: the proxy process, started by the supervisor."""

import asyncio
import sys

from botsched.proxy.child import lifeline, logs
from botsched.proxy.child.slim import leave_out_unused_addons
from botsched.proxy.options import ProxyOptions


def main() -> int:
    """Read the options from standard input and serve; the exit code."""
    lifeline.die_with_parent()
    logs.set_up()
    leave_out_unused_addons()
    # Imported before the options are there: loading goes on while the server starts.
    from botsched.proxy.child.program import serve  # noqa: PLC0415  # mitmproxy logs on import

    line = sys.stdin.buffer.readline()
    if not line:
        return 1  # the parent has died meanwhile
    return asyncio.run(serve(ProxyOptions.from_line(line)))


if __name__ == "__main__":
    sys.exit(main())
