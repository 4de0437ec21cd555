"""The output of an execution, as it is read in the page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import until
from tests.browser.visits import Visits


@pytest.fixture
def shown(page, api):
    """Runs a job, opens the page of its execution, and gives the execution's id."""

    def show(job_class: str, *arguments, anchor: str = "") -> str:
        run = api.ran(api.add_job(f"samples.{job_class}", *arguments, name=job_class))
        page.goto(f"/executions/{run['execution_id']}{anchor}")
        expect(page.locator(".output-line").first).to_be_visible()
        return run["execution_id"]

    return show


@pytest.fixture
def lines(page):
    return page.locator(".output-line")


def texts(page) -> list[str]:
    return page.locator(".output-text").all_inner_texts()


def seen(page) -> list[str]:
    """The lines that are within the visible part of the output."""
    script = """() => {
      const box = document.querySelector(".output-box")?.getBoundingClientRect();
      const isInside = ({ top, bottom }) => top >= box.top - 1 && bottom <= box.bottom + 1;
      const lines = [...document.querySelectorAll(".output-text")];
      return lines.filter((it) => isInside(it.getBoundingClientRect())).map((it) => it.textContent);
    }"""
    return page.evaluate(script)


def sees(page, text: str) -> None:
    until(page, lambda: text in seen(page), f"{text!r} in view")


def sees_not(page, text: str) -> None:
    until(page, lambda: seen(page) and text not in seen(page), f"{text!r} out of view")


def test_an_output_of_200_000_lines_is_read_from_end_to_end(page, shown, lines):
    text = "words as they are usual in the lines of programs that say what they do"
    shown("printing.Lines", 200_000, text)
    expect(page.locator(".output-foot")).to_have_text("200,000 lines")
    assert lines.count() < 200

    page.locator(".output-box").focus()
    page.keyboard.press("End")
    sees(page, f"200000 {text}")
    page.keyboard.press("PageUp")
    sees_not(page, f"200000 {text}")
    page.keyboard.press("Home")
    sees(page, f"1 {text}")

    search = page.get_by_label("Search the output")
    search.fill("77777 WORDS")
    expect(page.locator(".output-count")).to_have_text("2 lines")
    search.press("Enter")
    expect(page.locator(".output-count")).to_have_text("1 of 2")
    sees(page, f"77777 {text}")
    expect(page.locator(".is-found mark")).to_have_text("77777 words")
    search.press("Enter")
    sees(page, f"177777 {text}")
    search.press("Shift+Enter")
    sees(page, f"77777 {text}")
    assert lines.count() < 200


def test_every_page_of_it_is_seen_when_paging_down(page, shown):
    """Also where lines are wrapped, and of different heights."""
    page.set_viewport_size({"width": 600, "height": 500})
    shown("printing.Lines", 300, "word " * 30)
    page.locator(".output-box").focus()
    read: set[str] = set()
    for _ in range(200):
        read |= {text.split()[0] for text in seen(page)}
        if "300" in read:
            break
        page.keyboard.press("PageDown")
        page.evaluate("new Promise((it) => requestAnimationFrame(() => requestAnimationFrame(it)))")

    assert read == {str(number) for number in range(1, 301)}


def test_it_follows_the_end_until_somebody_scrolls_up(page, api, tmp_path):
    go = tmp_path / "go"
    execution_id = api.run_now(
        api.add_job("samples.terminal.Pours", 500, str(go), name="pours"),
    )
    page.goto(f"/executions/{execution_id}")
    sees(page, "drop 500")

    page.locator(".output-box").hover()
    page.mouse.wheel(0, -600)
    follow = page.locator(".output-foot").get_by_role("button", name="Follow the end")
    expect(follow).to_be_visible()
    sees_not(page, "drop 500")
    go.touch()
    expect(page.locator(".output-foot")).to_contain_text("501 lines, still running")
    assert "the last drop" not in seen(page)
    follow.click()
    sees(page, "the last drop")
    (tmp_path / "go.end").touch()
    expect(page.locator(".output-foot")).to_have_text("501 lines")


def test_what_is_printed_comes_as_it_is_printed(page, api, tmp_path):
    go = tmp_path / "go"
    execution_id = api.run_now(api.add_job("samples.terminal.Copies", str(go), name="redraws"))
    page.goto(f"/executions/{execution_id}")

    expect(page.locator(".output-text")).to_have_text(["copied 40 %"])
    go.touch()
    expect(page.locator(".output-text")).to_have_text(["copied 100 %"])


def test_colours_are_those_of_the_terminal_and_streams_are_told_apart(page, shown, lines):
    shown("terminal.Mixed", 3)
    green = page.locator(".output-text .ansi-fg-2").first
    expect(green).to_have_text("step 1")
    expect(green).to_have_css("color", "rgb(111, 211, 160)")
    orange = page.locator(".ansi-bold", has_text="orange").first
    expect(orange).to_have_css("color", "rgb(255, 135, 0)")
    # dark blue on a dark ground would not be seen
    blue = page.get_by_text("deep blue").first.evaluate("it => getComputedStyle(it).color")
    assert blue != "rgb(0, 0, 139)"

    errors = page.locator(".output-line.is-err")
    expect(lines).to_have_count(6)
    expect(errors).to_have_count(3)
    expect(errors.first).to_contain_text("error output:")

    page.get_by_role("button", name="Errors", exact=True).click()
    expect(lines).to_have_count(3)
    assert texts(page) == [f"warning {number}: deep blue" for number in (1, 2, 3)]
    with page.expect_download() as saved:
        page.get_by_label("Download").click()
    assert Path(saved.value.path()).read_text().startswith("warning 1: \x1b[38;2;")
    assert re.fullmatch(r"terminal\.Mixed-\d{8}-\d{6}\.txt", saved.value.suggested_filename)
    page.get_by_role("button", name="Output", exact=True).click()
    expect(lines.first).to_contain_text("step 1")
    assert errors.count() == 0


def test_nothing_that_is_printed_does_anything(page, shown):
    shown("terminal.Harmful")

    printed = texts(page)
    assert printed[0] == "<script>window.__hit=1</script><img src=x onerror='window.__hit=1'>"
    assert printed[1:4] == [
        "a link behind it",
        "after a title",
        "<b onclick=alert(1)>red</b> plain",
    ]
    assert printed[5] == "abc ⟨U+202E⟩gnp.exe⟨U+202C⟩ end"
    assert printed[6] == "bell ␇ and  nothing cleared"
    assert printed[7] == "{{ 1 + 1 }} ${1 + 1} `x`"
    assert page.locator(".output-text :is(a, script, img, b)").count() == 0
    page.locator(".output-box").focus()
    page.keyboard.press("End")
    sees(page, "the last line has no end")
    assert len(texts(page)[8]) < 5000
    assert "996,000 more characters" in texts(page)[8]
    assert "not �� UTF-8" in texts(page)
    assert page.evaluate("window.__hit") is None


def test_a_line_has_an_address(page, shown):
    shown("printing.Lines", 2000, anchor="#L1500")
    sees(page, "1500 a line")
    expect(page.locator(".is-chosen .output-text")).to_have_text("1500 a line")

    page.locator("[data-line='1502'] .output-number").click()

    expect(page).to_have_url(re.compile("#L1502$"))
    expect(page.locator(".is-chosen .output-text")).to_have_text("1502 a line")


def test_it_is_shown_as_one_likes(page, shown, context_with_clipboard):
    shown("printing.Lines", 5, "word " * 200)
    box = page.locator(".output-box")
    assert box.evaluate("it => it.scrollWidth <= it.clientWidth")

    page.get_by_role("button", name="Wrap").click()
    until(page, lambda: box.evaluate("it => it.scrollWidth > 5000"), "one line, one row")
    page.get_by_role("button", name="Times").click()
    expect(page.locator(".output-stamp").first).to_have_text(re.compile(r"^\d\d:\d\d:\d\d$"))
    page.reload()
    expect(page.locator(".output-stamp")).to_have_count(5)

    page.get_by_label("Copy what is shown").click()
    expect(page.get_by_text("5 lines are copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [line.split()[0] for line in copied.splitlines()] == ["1", "2", "3", "4", "5"]


@pytest.fixture
def context_with_clipboard(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])


PUT_TOGETHER = """async (pieces) => {
  const main = document.querySelector("script[type=module]").src;
  const place = main.replace("main.js", "views/executions/output/lines.js");
  const { Lines } = await import(place);
  const lines = new Lines();
  for (const [stream, text] of pieces) lines.append({ stream, time: "2026-01-01", text });
  return Array.from({ length: lines.count }, (_, line) => [
    lines.streamOf(line) === "err" ? "!" : "",
    ...lines.runsOf(line, 4000).map(({ text, look }) => [...Object.entries(look), text].join(" ")),
  ].join("|"));
}"""


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([["out", "a\nb"], ["out", "c\n\n"]], ["|a", "|bc", "|"]),
        ([["out", "a"], ["err", "x\n"], ["out", "b\n"]], ["|ab", "!|x"]),
        ([["out", "a\r"], ["out", "\nb\r\n"]], ["|a", "|b"]),
        ([["out", "10 %\r"], ["out", "20 %\r"], ["out", "30 %"]], ["|30 %"]),
        ([["out", "\x1b[3"], ["out", "1mred\n"], ["out", "still\x1b[0m not\n"]],
         ["|fg,1 red", "|fg,1 still| not"]),
        ([["err", "\x1b[1mbold\n"], ["out", "plain\n"]], ["!|bold,true bold", "|plain"]),
        ([["out", "\x1b[32mold\rnew\n"]], ["|fg,2 new"]),
        ([["out", "\x1b[38;5;196ma\x1b[48;2;1;2;3mb\x1b[39;49mc"]],
         ["|fg,255,0,0 a|fg,255,0,0 bg,1,2,3 b|c"]),
        ([["out", "\x1b]8;;javascript:x\x07a\x1b]8;;\x07b\x1b[2K\x1b(Bc"]], ["|a|b|c"]),
        ([["out", "\x1b]0;no end\n"]], ["|␛]0;no end"]),
    ],
)  # fmt: skip
def test_lines_are_put_together_from_pieces(page_of_lines, pieces, lines):
    assert page_of_lines.evaluate(PUT_TOGETHER, pieces) == lines


@pytest.fixture(scope="module")
def page_of_lines(browser, program):
    visits = Visits(browser, program)
    page = visits()
    page.goto("/executions?text=none")
    yield page
    assert visits.close() == []


FOUND = """async (pieces) => {
  const main = document.querySelector("script[type=module]").src;
  const from = (name) => import(main.replace("main.js", `views/executions/output/${name}.js`));
  const [{ Lines }, { Search }] = [await from("lines"), await from("search")];
  const lines = new Lines();
  const search = new Search(lines, () => {});
  const looked = () => new Promise((resolve) => {
    const look = () => (search.isSearching ? setTimeout(look) : resolve());
    look();
  });
  search.begin("passed");
  const found = [];
  for (const [stream, text] of pieces) {
    lines.append({ stream, time: "2026-01-01", text });
    search.more();
    await looked();
    found.push(search.found.length);
  }
  return found;
}"""


def test_a_line_that_grows_is_searched_again(page_of_lines):
    pieces = [["out", "a\npass"], ["out", "ed\n"], ["err", "passed?"], ["out", "b\n"],
              ["err", "\rno\n"], ["out", "passed\n"]]  # fmt: skip
    assert page_of_lines.evaluate(FOUND, pieces) == [0, 1, 2, 2, 1, 2]
