"""Jobs are added, changed, copied and run by hand in forms."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import NARROW
from tests.support.program import Program
from tests.support.values import a_mail_rule
from tests.support.waiting import until

TYPED, GOOD = "samples.typed.EveryType", "samples.ending.Succeeds"
PLAN = {"month": None, "crontab": "30 2 * * *", "timezone": "Europe/Brussels"}


@pytest.fixture
def hidden(program: Program) -> str:
    """A secret that jobs may name; its value."""
    path = program.folder / "conf" / "secrets.ini"
    path.parent.mkdir(exist_ok=True)
    path.write_text("[secrets]\ndoor = open sesame please\n")
    path.chmod(0o600)
    return "open sesame please"


def job_of(page: Page, api: Program) -> Any:
    """The job to whose page the form has led."""
    expect(page).to_have_url(re.compile(r"/jobs/[0-9a-f]{32}$"))
    return api.get(f"jobs/{page.url.rpartition('/')[2]}")


def name_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Name"))


def add(page: Page, name: str, job_class: str = "samples.ending.Succeeds") -> None:
    page.goto("/jobs/new")
    name_field(page).fill(name)
    page.get_by_label("Job class", exact=True).fill(job_class)
    page.get_by_role("button", name=job_class).click()


def save(page: Page, label: str = "Add the job") -> None:
    page.get_by_role("button", name=label).click()


def means(page: Page, words: str) -> None:
    expect(page.locator(".preview-words")).to_contain_text(words)


def repeats(page: Page, label: str) -> None:
    page.get_by_label("Repeats").select_option(label)


def test_a_job_is_added_with_an_argument_of_each_type(page, api, hidden):
    api.upload("formhosts.txt", "one\n")
    add(page, "typed one", "Every type")
    page.get_by_label("host *").fill("example.com")
    page.get_by_label("port").fill("8443")
    page.get_by_label("verbose").select_option("yes")
    page.get_by_label("paths").fill("/srv\n/home")
    page.get_by_label("kind").select_option("changes")
    page.get_by_label("hosts", exact=True).select_option("formhosts.txt")
    page.get_by_label("password").select_option("door")
    page.get_by_label("more").fill('{"a": [1]}')
    page.get_by_label("Tags").fill("red, blue")
    page.get_by_label("Notes").fill("What it is for.")
    save(page)

    job = job_of(page, api)
    given = ["example.com", 8443, True, ["/srv", "/home"], "changes"]
    assert job["pub_args"] == [*given, "formhosts.txt", "door", {"a": [1]}]
    assert (job["tags"], job["notes"]) == (["blue", "red"], "What it is for.")
    run = api.ran(job["job_id"])
    assert run["result_data"] == [*given, "***", {"a": [1]}]
    assert hidden not in api.text_of(run["execution_id"])
    page.goto(f"/jobs/{job['job_id']}/edit")
    expect(page.get_by_label("more")).to_have_value('{\n  "a": [\n    1\n  ]\n}')


def test_arguments_that_are_left_out_go_by_name(page, api, hidden):
    add(page, "typed by name", "Every type")
    page.get_by_label("host *").fill("a")
    page.get_by_label("kind").select_option("full")
    save(page)

    assert job_of(page, api)["pub_args"] == {"host": "a", "kind": "full"}


AT = "2090-01-31T17:30:00+00:00"
SCHEDULES: list[tuple[str, dict[str, str], str, dict[str, Any]]] = [
    ("Every few minutes, or every hour", {}, "every 5 minutes", {"crontab": "*/5 * * * *"}),
    ("Every day", {"At": "04:15"}, "every day at 04:15", {"crontab": "15 4 * * *"}),
    ("On days of the week", {"At": "06:00"}, "at 06:00 on Monday", {"crontab": "0 6 * * mon"}),
    ("On a day of the month", {"At": "06:00"}, "on day 1", {"crontab": "0 6 1 * *"}),
    ("Line of a crontab", {"Minute": "5 4 * 3 0"}, "on Sunday in March", {"crontab": "5 4 * 3 0"}),
    ("Eight cron fields", {"minute": "7"}, "minute 7", {"minute": "7", "crontab": None}),
    ("Fields of ECS Scheduler", {"Second, minute": "0 15 2"}, "02:15", {"ecs": "0 15 2"}),
    ("Once", {"At": "2090-01-31T18:30"}, "once, at 2090-01-31", {"at": AT}),
]  # fmt: skip


def test_each_form_of_schedule_is_entered_told_and_saved(page, api):
    job_id = api.add_job(GOOD, name="schedules", **PLAN)
    page.goto(f"/jobs/{job_id}/edit")
    for label, entries, words, keys in SCHEDULES:
        repeats(page, label)
        for name, text in entries.items():
            page.locator(".schedule input").and_(page.get_by_label(re.compile(f"^{name}"))).fill(
                text
            )
        means(page, words)
        save(page, "Save changes")
        job = job_of(page, api)
        assert {key: job[key] for key in keys} == keys
        page.goto(f"/jobs/{job_id}/edit")
        expect(page.get_by_label("Repeats").locator("option:checked")).to_have_text(label)
        expect(page.get_by_text("Nothing is changed.")).to_be_visible()


def test_an_interval_several_schedules_and_bounds_are_entered(page, api):
    add(page, "several")
    repeats(page, "Every so often, counted from an instant")
    page.get_by_label("Every", exact=True).fill("90")
    page.get_by_label("Counted from").fill("2090-01-01T09:00")
    page.get_by_role("button", name="Add another schedule").click()
    page.get_by_label("Time zone", exact=True).fill("Europe/Brussels")
    page.get_by_text("First and last instant").click()
    page.get_by_label("Not before").fill("2089-01-01T00:00")
    page.get_by_label("Delay each by chance, at most", exact=True).fill("30")
    means(page, "each up to 30 s later")
    save(page)

    job = job_of(page, api)
    assert job["schedules"] == [
        {"every": {"minutes": 90}, "anchor": "2090-01-01T08:00:00+00:00"},
        {"crontab": "0 12 * * *"},
    ]
    assert (job["start_date"], job["jitter"]) == ("2088-12-31T23:00:00+00:00", 30)


def test_a_schedule_is_warned_of(page, api):
    job_id = api.add_job(GOOD, name="warned", **PLAN)
    page.goto(f"/jobs/{job_id}/edit")
    means(page, "every day at 02:30")
    expect(page.get_by_text(re.compile("The clock (skips|shows)")).first).to_be_visible()

    repeats(page, "Line of a crontab")
    page.get_by_label("Minute, hour").fill("0 2 13 * fri")
    expect(page.get_by_text("due when either matches")).to_be_visible()


def test_what_is_no_schedule_is_told_at_its_place(page, api, problems):
    problems.expect("422 POST")
    add(page, "wrong")
    repeats(page, "Line of a crontab")
    page.get_by_label("Minute, hour").fill("99 * * * *")
    expect(page.locator(".preview-fault")).to_contain_text("99")
    save(page)

    field = page.get_by_label("Minute, hour")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-crontab-fault")).to_contain_text("99")
    field.fill("9 * * * *")
    expect(page.locator("#f-crontab-fault")).to_have_count(0)
    save(page)
    assert job_of(page, api)["crontab"] == "9 * * * *"


def test_faults_of_arguments_stand_at_their_fields(page, api, problems):
    problems.expect("422 POST", "400 POST")
    add(page, "", "Every type")
    page.get_by_label("port").fill("many")
    save(page)

    expect(page.locator("#f-name-fault")).to_be_visible()
    expect(name_field(page)).to_be_focused()
    expect(page.locator("#f-pub_args-1-fault, #f-pub_args-port-fault")).to_contain_text("many")
    expect(page.locator("#f-pub_args-0-fault, #f-pub_args-host-fault")).to_contain_text("missing")


def test_arguments_may_be_written_as_json(page, api):
    add(page, "json", "Every type")
    page.get_by_label("host *").fill("a")
    page.get_by_role("button", name="Write JSON instead").click()
    expect(page.get_by_label("Arguments as JSON")).to_have_value('["a"]')
    page.get_by_label("Arguments as JSON").fill('{"host": "b", "port": 1}')
    page.get_by_role("button", name="Use fields").click()
    expect(page.get_by_label("port")).to_have_value("1")
    save(page)
    assert job_of(page, api)["pub_args"] == {"host": "b", "port": 1}


def test_rules_are_changed_and_taken_back(page, api):
    after = api.add_job(GOOD, name="rules follower", **PLAN)
    job_id = api.add_job(GOOD, name="rules", **PLAN)
    page.goto(f"/jobs/{job_id}/edit")
    titles = page.locator("section[aria-labelledby=rules-title] summary")
    expect(titles).to_have_count(7)
    for title in titles.all():
        title.click()
    page.get_by_label("Run afterwards").select_option("all, one after another")
    page.get_by_label("What becomes of the new one").select_option("let it wait")
    page.get_by_label("End a run after", exact=True).fill("90")
    page.get_by_label("Run it again when it fails").check()
    page.get_by_label("Attempts in all").fill("4")
    page.get_by_role("button", name="Add a window").click()
    page.get_by_label("After a success, run").fill("rules follower")
    page.get_by_role("button", name="rules follower").click()
    page.get_by_label("Days after their end").fill("30")
    save(page, "Save changes")

    job = job_of(page, api)
    assert (job["missed"], job["overlap"], job["time_limit"]) == ("all", {"queue": 5}, 5400)
    assert (job["retry"]["attempts"], job["keep_days"]) == (4, 30)
    assert (job["then_run"], len(job["windows"])) == ([after], 1)

    page.goto(f"/jobs/{job_id}/edit")
    page.get_by_text("Jobs that follow").click()
    page.get_by_role("button", name="Remove rules follower").click()
    save(page, "Save changes")
    assert job_of(page, api)["then_run"] is None


def test_the_second_of_two_who_edit_a_job_is_told_and_decides(page, api, problems):
    problems.expect("409 PUT")
    job_id = api.add_job(GOOD, name="shared", hour=3)
    page.goto(f"/jobs/{job_id}/edit")
    page.get_by_label("Notes").fill("mine")
    assert api.ask("PUT", f"/api/v1/jobs/{job_id}", {"name": "theirs"}).status == 200

    alert = page.get_by_role("alert").filter(has_text="Somebody else changed this job")
    expect(alert.locator("del")).to_contain_text(["shared"])
    expect(alert.locator("ins")).to_contain_text(["theirs"])
    expect(page.get_by_label("Notes")).to_have_value("mine")
    alert.get_by_role("button", name="Save mine over it").click()
    job = job_of(page, api)
    assert (job["name"], job["notes"]) == ("theirs", "mine")


def test_what_the_other_did_may_be_taken(page, api):
    job_id = api.add_job(GOOD, name="shared too", hour=3)
    page.goto(f"/jobs/{job_id}/edit")
    page.get_by_label("Notes").fill("mine")
    assert api.ask("PUT", f"/api/v1/jobs/{job_id}", {"notes": "theirs"}).status == 200

    page.get_by_role("button", name="Discard mine, take theirs").click()
    expect(page.get_by_label("Notes")).to_have_value("theirs")
    expect(page.get_by_text("Nothing is changed.")).to_be_visible()


def test_a_job_is_copied(page, api):
    job_id = api.add_job(TYPED, "a", name="origin", tags=["red"], time_limit=60, **PLAN)
    page.goto(f"/jobs/new?copy={job_id}")
    save(page)

    job = job_of(page, api)
    assert (job["name"], job["pub_args"], job["tags"]) == ("origin (copy)", ["a"], ["red"])
    assert (job["time_limit"], job["crontab"]) == (60, "30 2 * * *")


def test_what_is_not_saved_is_asked_for(page, api):
    add(page, "unsaved")
    page.get_by_role("link", name="Cancel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    expect(name_field(page)).to_have_value("unsaved")
    page.get_by_role("link", name="Cancel").click()
    dialog.get_by_role("button", name="Discard").click()
    expect(page).to_have_url(re.compile("/jobs$"))


def test_classes_that_are_hidden_or_broken_are_explained(page, api):
    page.goto("/jobs/new")
    page.get_by_label("Job class", exact=True).fill("Not offered")
    expect(page.get_by_text("No class matches.")).to_be_visible()
    page.get_by_text("could not be loaded").click()
    expect(page.locator(".failures")).to_contain_text("samples.broken")


def test_a_job_is_run_with_other_arguments(page, api, problems):
    problems.expect("422 POST")
    job_id = api.add_job(TYPED, "a", name="run changed", **PLAN)
    page.goto(f"/jobs/{job_id}")
    page.get_by_role("button", name="More for run changed").click()
    page.get_by_role("button", name="Run with other arguments").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("port").fill("many")
    dialog.get_by_role("button", name="Run now").click()
    expect(dialog.get_by_label("port")).to_be_focused()
    dialog.get_by_label("port").fill("99")
    dialog.get_by_role("button", name="Run now").click()

    expect(page.get_by_text("was started")).to_be_visible()
    [run] = until(lambda: api.executions(job_id), "a run")
    assert api.ended(run["execution_id"])["result_data"][:2] == ["a", 99]
    assert api.get(f"jobs/{job_id}")["pub_args"] == ["a"]


def test_the_form_fits_a_phone(visit, api):
    page = visit(viewport=NARROW)
    add(page, "by phone", "Every type")
    page.get_by_label("host *").fill("a")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]
    save(page)
    assert job_of(page, api)["name"] == "by phone"


def test_the_address_in_mails_leads_to_the_rules(visit, api):
    """On a phone, too, where instants that are foretold later stand above them."""
    job_id = api.add_job("samples.ending.Succeeds", name="led to", minute="0")
    page = visit(viewport=NARROW)
    page.goto(f"/jobs/{job_id}/edit#mail")
    expect(page.get_by_role("list", name="Next instants")).to_be_visible()
    page.wait_for_function(
        """() => {
            const box = document.getElementById("f-mail").getBoundingClientRect();
            const middle = [box.x + box.width / 2, box.y + box.height / 2];
            return document.elementFromPoint(...middle)?.id === "f-mail";
        }"""
    )


@pytest.fixture
def mail_rules(page: Page) -> Locator:
    """The rules of mail in the form, once they are unfolded."""
    return page.locator("details", has=page.locator("summary", has_text="Mails"))


def unfold(mail_rules: Locator) -> None:
    mail_rules.locator("summary", has_text="Mails").click()


def test_who_gets_mail_and_when_is_chosen(page, api, problems, mail_rules):
    add(page, "mailed")
    unfold(mail_rules)
    expect(mail_rules).to_contain_text("or works again")  # the usual rules, in words
    mail_rules.get_by_label("Mails are sent").select_option("as follows")
    mail_rules.get_by_label("To", exact=True).fill("ops@example.com, nobody")
    problems.expect("422 POST")
    save(page)
    expect(page.locator("#f-mail-0-to-fault")).to_have_text(re.compile("^'nobody' is not a mail"))
    expect(mail_rules.get_by_label("To", exact=True)).to_be_focused()
    mail_rules.get_by_label("To", exact=True).fill("ops@example.com, ann@example.com")
    expect(page.locator("#f-mail-0-to-fault")).to_have_count(0)
    mail_rules.get_by_role("button", name="Add a rule").click()
    second = page.get_by_role("group", name="Mail rule 2")
    second.get_by_label("When", exact=True).select_option("each time it fails")
    second.get_by_label("When", exact=True).select_option("when it does one of …")
    for name in ("fails, after", "takes longer", "is lost"):
        second.get_by_label(name).uncheck()
    second.get_by_label("misses an instant").check()
    second.get_by_label("good (command)").check()
    expect(second.locator(".mail-words").last).to_have_text(
        "when it misses an instant; through good"
    )
    save(page)

    rules = job_of(page, api)["mail"]
    to = ["ops@example.com", "ann@example.com"]
    assert rules == [
        a_mail_rule("broken", "still_failing", "recovered", to=to),
        a_mail_rule("missed", profiles=["good"]),
    ]
    told = "when it breaks or works again, and once a day while it still fails; to ops@example.com"
    expect(page.get_by_role("region", name="Rules")).to_contain_text(told)
    page.goto(page.url + "/edit#mail")
    mail_rules.get_by_label("Mails are sent").select_option("no mails")
    save(page, "Save changes")
    assert job_of(page, api)["mail"] == []


def test_faults_of_a_mail_rule_stand_at_what_is_wrong(page, problems, mail_rules):
    problems.expect("422 POST", "400 POST")
    add(page, "mailed wrongly")
    unfold(mail_rules)
    mail_rules.get_by_label("Mails are sent").select_option("as follows")
    mail_rules.get_by_role("button", name="Add a rule").click()
    rule = page.get_by_role("group", name="Mail rule 2")
    rule.locator(".mail-more > summary").click()
    rule.get_by_label("Only after so many").fill("1.5")
    rule.get_by_label("Or when so many").check()
    rule.get_by_label("Bad runs", exact=True).fill("30")
    rule.locator(".mail-more > summary").click()
    unfold(mail_rules)
    save(page)
    expect(page.locator("#f-mail-1-after-fault")).to_have_text("give a whole number or null")
    expect(rule.get_by_label("Only after so many")).to_be_focused()
    rule.get_by_label("Only after so many").fill("2")
    save(page)
    rate = page.locator("#f-mail-1-rate-fault")
    expect(rate).to_have_text("there are no 30 failures among 10 runs")
    rule.get_by_label("Bad runs", exact=True).fill("3")
    expect(rate).to_have_count(0)


def test_a_mail_rule_counts_reminds_and_is_quiet(page, api, mail_rules):
    add(page, "mailed seldom")
    unfold(mail_rules)
    mail_rules.get_by_label("Mails are sent").select_option("as follows")
    rule = page.get_by_role("group", name="Mail rule 1")
    rule.locator(".mail-more > summary").click()
    rule.get_by_label("Only after so many").fill("3")
    rule.get_by_label("Or when so many").check()
    rule.get_by_label("Of the last", exact=True).fill("20")
    rule.get_by_label("Remind again after", exact=True).fill("2")
    chosen = rule.get_by_label("When", exact=True).locator("option:checked")
    expect(chosen).to_contain_text("a reminder every 2 d")
    rule.get_by_label("Mails a day at most").fill("0")
    expect(rule.locator(".mail-words").last).to_contain_text("; all in the digest")
    rule.get_by_label("Mails a day at most").fill("5")
    rule.get_by_label("Quiet hours", exact=True).select_option("as follows")
    rule.get_by_role("button", name="Add quiet hours").click()
    weekend = page.get_by_role("group", name="Quiet hours 2")
    weekend.get_by_label("From").fill("00:00")
    weekend.get_by_label("To", exact=True).fill("00:00")
    weekend.get_by_label("On", exact=True).select_option("Saturday and Sunday")
    save(page)

    job = job_of(page, api)
    night = {"name": "22:00 to 07:00", "crontab": "0 22 * * *", "duration": 9 * 3600}
    days = {"crontab": "0 0 * * 0,6", "duration": 24 * 3600}
    assert job["mail"] == [
        a_mail_rule(
            "broken", "still_failing", "recovered", after=3, rate={"failures": 3, "of": 20},
            every=2 * 86400, most_a_day=5, quiet=[
                night | {"timezone": "UTC"},
                days | {"name": "00:00 to 00:00, Saturday and Sunday", "timezone": "UTC"},
            ],
        )
    ]  # fmt: skip
    page.goto(f"/jobs/{job['job_id']}/edit#mail")
    rule.locator(".mail-more > summary").click()
    expect(rule.get_by_label("Quiet hours", exact=True)).to_have_value("own")
    expect(weekend.get_by_label("On", exact=True)).to_have_value("0,6")
    expect(page.get_by_text("Nothing is changed.")).to_be_visible()
    rule.get_by_label("Quiet hours", exact=True).select_option("none: at any hour")
    rule.get_by_label("Or when so many").uncheck()
    save(page, "Save changes")
    [rule_now] = job_of(page, api)["mail"]
    assert (rule_now["quiet"], rule_now["rate"], rule_now["after"]) == ([], None, 3)
