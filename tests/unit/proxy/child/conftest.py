"""Imports mitmproxy once, letting its own libraries' warnings pass: tests treat them as errors."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mitmproxy.addons
    import mitmproxy.test.tflow  # noqa: F401
