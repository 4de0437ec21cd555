"""What a browser loads for its first look at the page."""

from playwright.sync_api import expect

LARGEST = 300_000
"""Bytes as they come over the network; a second on a slow phone connection."""

_LOADED = """
() => performance.getEntries().filter((entry) => entry.transferSize)
  .map(({ name, transferSize, encodedBodySize, decodedBodySize }) =>
    [new URL(name).pathname, transferSize, encodedBodySize, decodedBodySize])
"""


def test_the_first_view_is_small_and_comes_compressed(page):
    page.goto("/")
    expect(page.locator("#view h1")).to_be_visible()
    expect(page.locator("#view .waiting")).to_have_count(0)

    loaded = page.evaluate(_LOADED)

    assert sum(size for _, size, _, _ in loaded) < LARGEST, loaded
    large = [each for each in loaded if each[3] > 5000]
    assert [path for path, _, sent, whole in large if sent > 0.7 * whole] == []


def test_all_modules_of_a_view_are_asked_for_at_once(page):
    """None is found only when another one has come."""
    page.goto("/jobs")
    expect(page.locator("#view h1")).to_be_visible()
    named = page.evaluate(
        "() => [...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)"
    )

    loaded = page.evaluate(
        "() => performance.getEntriesByType('resource').map((entry) => entry.name)"
    )

    later = [name for name in loaded if name.endswith(".js") and name not in named]
    assert sorted(name.rpartition("/")[2] for name in later) == [
        *("libraries.js", "main.js", "theme.js"),
    ]
