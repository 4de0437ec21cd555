import json

from botsched.catalog import Catalogue


def test_all_shipped_jobs_load_and_describe_themselves(catalogue: Catalogue) -> None:
    description = catalogue.description()
    assert description.failures == ()
    assert {info.job_class_string for info in description.classes} >= {
        "jobs.cron_command.CronCommand",
        "jobs.disk_usage.DiskUsage",
        "jobs.file_age.FileAge",
        "jobs.folder_sizes.FolderSizes",
        "jobs.http_check.HttpCheck",
        "jobs.http_list.HttpList",
        "jobs.port_check.PortCheck",
        "jobs.python_function.PythonFunction",
        "jobs.shell_command.ShellCommand",
        "jobs.tls_expiry.TlsExpiry",
    }
    for info in description.classes:
        assert info.enabled
        assert info.notes
        assert info.arguments
        assert isinstance(json.loads(info.example_arguments), list | dict)
