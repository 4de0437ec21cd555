import subprocess
import sys

PROGRAM = """
import sys
from botsched.proxy.child.slim import leave_out_unused_addons
leave_out_unused_addons()
import botsched.proxy.child.program
print([name for name in ("flask", "ldap3") if name in sys.modules])
"""


def test_the_proxy_loads_no_addon_that_it_does_not_use() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
