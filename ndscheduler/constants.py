"""States of executions and events of the audit log, by their numbers in ndscheduler."""

EXECUTION_STATUS_SCHEDULED = 0
EXECUTION_STATUS_RUNNING = 1
EXECUTION_STATUS_STOPPING = 2
EXECUTION_STATUS_STOPPED = 3
EXECUTION_STATUS_FAILED = 4
EXECUTION_STATUS_SUCCEEDED = 5
EXECUTION_STATUS_TIMEOUT = 6
EXECUTION_STATUS_SCHEDULED_ERROR = 7

EXECUTION_STATUS_DICT = dict(
    enumerate(
        (
            *("scheduled", "running", "stopping", "stopped"),
            *("failed", "succeeded", "timeout", "scheduled error"),
        )
    )
)

AUDIT_LOG_ADDED = 0
AUDIT_LOG_MODIFIED = 1
AUDIT_LOG_DELETED = 2
AUDIT_LOG_PAUSED = 3
AUDIT_LOG_RESUMED = 4
AUDIT_LOG_CUSTOM_RUN = 5

AUDIT_LOG_DICT = dict(
    enumerate(("added", "modified", "deleted", "paused", "resumed", "custom_run"))
)
