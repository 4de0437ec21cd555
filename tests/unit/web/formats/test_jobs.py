"""Jobs as JSON: what no answer of the server of the other tests shows."""

from datetime import time
from zoneinfo import ZoneInfo

from botsched.domain.mailrules import MailDefaults
from botsched.domain.window import windows_kind
from botsched.web.formats.jobs import mail_defaults_data


def test_what_rules_of_mail_leave_open_is_told() -> None:
    night = {"name": "n", "timezone": "Europe/Rome", "crontab": "0 22 * * *", "duration": 32400}
    quiet = windows_kind().read([night])
    assert quiet is not None
    rome = ZoneInfo("Europe/Rome")
    defaults = MailDefaults(
        quiet=quiet, most_a_day=5, most_a_day_to=50, digest_at=time(7, 5), timezone=rome
    )

    assert mail_defaults_data(defaults) == {
        "quiet": [night],
        "most_a_day": 5,
        "most_a_day_to": 50,
        "digest_at": "07:05",
        "timezone": "Europe/Rome",
    }
