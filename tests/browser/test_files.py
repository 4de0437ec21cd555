"""Data files: uploaded, read, edited, downloaded and deleted by people."""

import re
import uuid
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import until

HOSTILE = "<img src=x onerror=window.__hit=1> & 'q' 100%25 #1?"
SCRIPT = "<script>window.__hit=1</script>\n<img src=x onerror=window.__hit=1>\n"


def a_file(name: str, content: str | bytes = "one\n") -> dict:
    data = content if isinstance(content, bytes) else content.encode()
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def address(name: str) -> str:
    return f"/files/{quote(name, safe='')}"


def content(api, name: str) -> bytes:
    answer = api.ask("GET", f"/api/v1{address(name)}")
    assert answer.status == 200
    return answer.body


def row(page, name: str):
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


@pytest.fixture
def name() -> str:
    return f"{uuid.uuid4().hex}.txt"


def test_several_files_are_uploaded_and_what_they_replace_is_asked(page, api, name):
    other = f"other {name}"
    api.upload(other, "before\n")
    page.goto("/files")
    expect(row(page, other)).to_be_visible()

    page.locator("input[type=file]").set_input_files([a_file(name), a_file(other, "after\n")])
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(other)
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    assert content(api, other) == b"before\n"
    dialog.get_by_role("button", name="Replace").click()

    uploads = page.get_by_role("region", name="Uploads")
    expect(uploads.get_by_text("uploaded")).to_have_count(2)
    expect(row(page, name)).to_contain_text("4 B")
    assert content(api, other) == b"after\n"


def test_a_file_that_is_dropped_is_uploaded_and_a_bad_name_told(page, problems, api, name):
    page.goto("/files")
    expect(page.get_by_role("heading", name="Files")).to_be_visible()
    problems.expect("422 POST /api/v1/files")
    make = """(names) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(new File(["dropped"], name));
      return data;
    }"""
    dropped = page.evaluate_handle(make, [name, ".hidden"])

    page.dispatch_event("body", "dragover", {"dataTransfer": dropped})
    expect(page.get_by_text("Drop the files")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": dropped})

    uploads = page.get_by_role("region", name="Uploads")
    expect(uploads.get_by_role("listitem").filter(has_text=name)).to_contain_text("uploaded")
    expect(uploads.get_by_role("listitem").filter(has_text=".hidden")).to_contain_text(
        "cannot be used"
    )
    assert content(api, name) == b"dropped"


def test_a_text_is_edited_and_keeps_its_line_ends(page, api, name):
    api.upload(name, "one\r\ntwo\r\n")
    page.goto(address(name))
    text = page.get_by_label(f"Content of {name}")
    expect(text).to_have_value("one\ntwo\n")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()

    text.fill("one\nthree ☃\n")
    text.press("Control+s")

    expect(page.get_by_text(f"{name} was saved.")).to_be_visible()
    assert content(api, name) == "one\r\nthree ☃\r\n".encode()
    expect(page.get_by_text("Not saved yet")).to_have_count(0)


def test_who_goes_without_saving_is_asked(page, api, name):
    api.upload(name, "one\n")
    page.goto(address(name))
    page.get_by_label(f"Content of {name}").fill("mine\n")

    page.get_by_role("link", name="Logs").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile(f"{name}$"))
    expect(page.get_by_label(f"Content of {name}")).to_have_value("mine\n")

    page.go_back()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Logs", exact=True)).to_be_visible()
    assert content(api, name) == b"one\n"


def test_of_two_who_edit_one_file_the_second_is_told(page, visit, problems, api, name):
    api.upload(name, "one\n")
    page.goto(address(name))
    text = page.get_by_label(f"Content of {name}")
    text.fill("mine\n")
    other = visit("ben")
    other.goto(address(name))
    other.get_by_label(f"Content of {name}").fill("ben's\n")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text(f"{name} was saved.")).to_be_visible()

    problems.expect(f"409 PUT /api/v1/files/{name}")
    page.get_by_role("button", name="Save").click()
    alert = page.get_by_role("alert").filter(has_text="ben changed this file")
    expect(alert).to_be_visible()
    expect(alert.locator("pre")).to_have_text("ben's\n")
    expect(text).to_have_value("mine\n")
    assert content(api, name) == b"ben's\n"

    alert.get_by_role("button", name="Overwrite it with mine").click()
    expect(alert).to_have_count(0)
    until(page, lambda: content(api, name) == b"mine\n", "what the user wrote is stored")
    # who changed nothing sees it at once
    expect(other.get_by_label(f"Content of {name}")).to_have_value("mine\n")


def test_a_new_file_is_written_under_a_free_name(page, api, name):
    api.upload(f"taken {name}", "")
    page.goto("/files")
    expect(row(page, f"taken {name}")).to_be_visible()
    page.get_by_role("button", name="New file").click()
    field = page.get_by_role("dialog").get_by_label("Name")
    field.fill(f"taken {name}")
    expect(page.get_by_text("There is a file of this name")).to_be_visible()
    field.fill(name)
    field.press("Enter")

    page.get_by_label(f"Content of {name}").fill("fresh\n")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="Download")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{name}$"))
    assert content(api, name) == b"fresh\n"


def test_a_file_is_deleted_only_after_its_jobs_were_named(page, api, name):
    api.upload(name, "https://localhost/\n")
    job = f"needs {name} <b>"
    api.add_job("jobs.http_list.HttpList", name, name=job)
    page.goto("/files")
    expect(row(page, name)).to_contain_text(job)

    page.get_by_role("button", name=f"Delete {name}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 job uses it")
    expect(dialog.get_by_role("link", name=job)).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    assert content(api, name)

    page.get_by_role("button", name=f"Delete {name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(row(page, name)).to_have_count(0)
    assert api.ask("OPTIONS", f"/api/v1/files/{name}").status == 404


def test_neither_name_nor_content_of_a_file_becomes_part_of_the_page(page, api):
    api.ask("PUT", f"/api/v1{address(HOSTILE)}", {"text": SCRIPT})
    page.goto("/files?text=onerror")
    link = page.get_by_role("link", name=HOSTILE, exact=True)
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=f"Download {HOSTILE}").click()
    assert downloaded.value.path().read_text() == SCRIPT
    link.click()

    expect(page.get_by_label(f"Content of {HOSTILE}")).to_have_value(SCRIPT)
    page.reload()
    expect(page.get_by_label(f"Content of {HOSTILE}")).to_have_value(SCRIPT)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text(HOSTILE)
    assert page.evaluate("window.__hit") is None


def test_what_cannot_be_edited_says_why(page, api, program, name):
    (program.folder / "data" / name).parent.mkdir(exist_ok=True)
    (program.folder / "data" / name).write_bytes(b"\0binary")
    (program.folder / "data" / f"long {name}").write_text("line\n" * 105_000)
    page.goto(address(name))
    expect(page.get_by_role("heading", name="This is not text")).to_be_visible()

    page.goto(address(f"long {name}"))
    expect(page.get_by_text("the first 512 KiB of 513 KiB")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
