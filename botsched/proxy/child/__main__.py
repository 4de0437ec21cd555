"""``python -m botsched.proxy.child``: the proxy process, started by the supervisor."""

import asyncio
import sys

from botsched.proxy.child import lifeline, logs
from botsched.proxy.options import ProxyOptions


def main() -> int:
    """Read the options from standard input and serve; the exit code."""
    lifeline.die_with_parent()
    line = sys.stdin.buffer.readline()
    if not line:
        return 1  # the parent has died meanwhile
    logs.set_up()
    from botsched.proxy.child.program import serve  # noqa: PLC0415  # mitmproxy logs on import

    return asyncio.run(serve(ProxyOptions.from_line(line)))


if __name__ == "__main__":
    sys.exit(main())
