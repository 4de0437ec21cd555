"""What a page of another site can do with the login that the browser keeps: nothing."""

import pytest

from tests.browser.chromium import until
from tests.browser.foreign import serving

FILE = "stolen.txt"
PAGE = """<!doctype html><title>Kittens</title>
<form id="form" method="post" target="_self"></form>
<script>
function post(url, enctype, fields) {
  form.action = url;
  form.enctype = enctype;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    Object.assign(field, {name, value});
    form.append(field);
  }
  form.submit();
}
function upload(url) {
  const data = new FormData();
  data.append("file", new File(["x"], "stolen.txt"));
  return fetch(url, {method: "POST", body: data, mode: "no-cors", credentials: "include"});
}
</script>
"""


@pytest.fixture(params=["localhost", "127.0.0.1"], ids=["cross-site", "same-site"])
def foreign(request, program, page, problems):
    """A page on a foreign site, or on another port of this host, of a user who has logged in."""
    problems.expect("401", "403 POST", "foreign request", "failed: ", "console error")
    with serving(PAGE, program.folder / "server.pem") as port:
        page.goto("/")
        page.goto(f"https://{request.param}:{port}/")
        yield page
        page.goto("about:blank")


@pytest.fixture
def address(program):
    return f"https://127.0.0.1:{program.port}"


@pytest.fixture
def job_id(api):
    return api.add_job("samples.ending.Succeeds", name="not for strangers")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_its_form_adds_no_job(foreign, address, api, problems, kind):
    before = len(api.get("jobs")["jobs"])
    job = '{"name": "foreign", "job_class_string": "samples.ending.Succeeds", "minute": "1", "x": "'

    foreign.evaluate(
        "([url, kind, job]) => post(url, kind, {[job]: '\"}'})",
        [f"{address}/api/v1/jobs", kind, job],
    )
    foreign.wait_for_url(f"{address}/**")

    assert "403 POST /api/v1/jobs" in problems.seen
    assert len(api.get("jobs")["jobs"]) == before


def test_its_form_runs_no_job(foreign, address, api, problems, job_id):
    path = f"/api/v1/jobs/{job_id}/run"

    foreign.evaluate("(url) => post(url, 'text/plain', {})", address + path)
    foreign.wait_for_url(f"{address}/**")

    assert f"403 POST {path}" in problems.seen
    assert api.executions(job_id) == []


def test_it_uploads_no_file(foreign, address, api, problems):
    foreign.evaluate("(url) => upload(url).catch(() => 0)", f"{address}/api/v1/files")

    def ended() -> bool:
        return any(text.startswith(("403 POST", "failed: POST")) for text in problems.seen)

    until(foreign, ended, "an answer")
    assert FILE not in [file["filename"] for file in api.get("files")["files"]]


def test_it_reads_nothing(foreign, address, job_id):
    read = (
        """(url) => fetch(url, {credentials: "include"}).then((a) => a.text(), () => "refused")"""
    )
    assert foreign.evaluate(read, f"{address}/api/v1/jobs") == "refused"

    script = """(url) => new Promise((resolve) => {
      const element = document.createElement("script");
      element.onload = () => resolve("ran");
      element.onerror = () => resolve("refused");
      element.src = url;
      document.head.append(element);
    })"""
    assert foreign.evaluate(script, f"{address}/api/v1/jobs") == "refused"


def test_it_cannot_show_the_page_in_a_frame(foreign, address, problems):
    frame = "Object.assign(document.createElement('iframe'), {src: url})"
    foreign.evaluate(f"(url) => document.body.append({frame})", f"{address}/")

    until(foreign, lambda: any("frame" in text.lower() for text in problems.seen), "a refusal")
    frame = foreign.frames[-1]
    until(foreign, lambda: frame.url != "about:blank", "the frame's end")
    assert "bots-scheduler" not in frame.content()


def test_it_has_no_hold_on_a_window_that_it_opened(foreign, address):
    with foreign.expect_popup() as opened:
        foreign.evaluate("(url) => { window.opened = window.open(url); }", f"{address}/")
    popup = opened.value
    popup.wait_for_load_state()

    assert popup.evaluate("window.opener") is None
    assert foreign.evaluate("window.opened.closed") is True
