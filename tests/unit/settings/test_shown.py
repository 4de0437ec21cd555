"""Settings as they may be shown."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from botsched.settings.model import (
    DatabaseSettings,
    Dbms,
    ExecutionSettings,
    MailSettings,
    RetentionSettings,
    SchedulingSettings,
    Security,
    Settings,
    SmtpProfile,
    WebSettings,
)
from botsched.settings.shown import shown

PROFILE = SmtpProfile(
    "ops", "mail", 25, Security.SSL, "a@b", ("c@d",), user="u", password="hunter2"
)
SETTINGS = Settings(
    WebSettings(8889),
    None,
    DatabaseSettings(Dbms.MYSQL, user="u", password="hunter2"),
    SchedulingSettings(timezone=ZoneInfo("Europe/Paris")),
    ExecutionSettings((Path("jobs"),), Path("data")),
    MailSettings((PROFILE,)),
    RetentionSettings(timedelta(days=1)),
)


def test_settings_are_json_without_secrets() -> None:
    data = shown(SETTINGS)

    assert "hunter2" not in json.dumps(data)
    assert "password" not in json.dumps(data)
    assert data["mail"]["profiles"][0]["recipients"] == ["c@d"]
    assert data["database"]["dbms"] == "mysql"
    assert data["scheduling"]["timezone"] == "Europe/Paris"
    assert data["execution"]["job_folders"] == ["jobs"]
    assert data["retention"] == {"executions": 86400.0, "audit": None, "count": None}
    assert data["web"]["hosts"] == ["127.0.0.1", "::1", "localhost"]
    assert data["debug"] is False
