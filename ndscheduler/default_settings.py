"""What holds where the module of settings is silent."""

from typing import Any

DEBUG = True

HTTP_PORT = 7777
HTTP_ADDRESS = "127.0.0.1"
TORNADO_MAX_WORKERS = 8

# None is the page of bots-scheduler.
STATIC_DIR_PATH: str | None = None
TEMPLATE_DIR_PATH: str | None = None
APP_INDEX_PAGE = "index.html"

THREAD_POOL_SIZE = 4
JOB_MAX_INSTANCES = 3
JOB_COALESCE = True
JOB_MISFIRE_GRACE_SEC = 3600
TIMEZONE = "UTC"

JOBS_TABLENAME = "scheduler_jobs"
EXECUTIONS_TABLENAME = "scheduler_execution"
AUDIT_LOGS_TABLENAME = "scheduler_jobauditlog"

DATABASE_CLASS = "ndscheduler.core.datastore.providers.sqlite.DatastoreSqlite"
DATABASE_CONFIG_DICT: dict[str, Any] = {"file_path": "datastore.db"}

SCHEDULER_CLASS = "ndscheduler.core.scheduler.base.SingletonScheduler"
JOB_CLASS_PACKAGES: list[str] = []
