CREATE TABLE scheduler_execution (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    job_id VARCHAR(32) COLLATE "C" NOT NULL,
    job_name VARCHAR(255) COLLATE "C" NOT NULL,
    job_class VARCHAR(500) COLLATE "C" NOT NULL,
    arguments TEXT NOT NULL,
    state VARCHAR(20) COLLATE "C" NOT NULL,
    cause VARCHAR(20) COLLATE "C" NOT NULL,
    reason TEXT NOT NULL,
    scheduled_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    due TIMESTAMP WITHOUT TIME ZONE,
    due_last TIMESTAMP WITHOUT TIME ZONE,
    due_count BIGINT NOT NULL,
    "user" VARCHAR(255) COLLATE "C",
    started_at TIMESTAMP WITHOUT TIME ZONE,
    ended_at TIMESTAMP WITHOUT TIME ZONE,
    hostname VARCHAR(255) COLLATE "C",
    boot_id VARCHAR(36) COLLATE "C",
    pid INTEGER,
    pid_started BIGINT,
    result TEXT,
    report TEXT,
    output_bytes BIGINT NOT NULL,
    output_dropped BIGINT NOT NULL,
    cpu_seconds DOUBLE PRECISION,
    max_rss BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_execution_job_updated ON scheduler_execution (job_id, updated_at, id);
CREATE INDEX ix_scheduler_execution_state ON scheduler_execution (state, updated_at, id);
CREATE INDEX ix_scheduler_execution_updated ON scheduler_execution (updated_at, id);
CREATE UNIQUE INDEX ux_scheduler_execution_job_due ON scheduler_execution (job_id, due);
CREATE TABLE scheduler_files (
    filename VARCHAR(200) COLLATE "C" NOT NULL,
    "user" VARCHAR(255) COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    entries INTEGER NOT NULL,
    description VARCHAR(500) COLLATE "C" NOT NULL,
    PRIMARY KEY (filename)
);
CREATE TABLE scheduler_jobauditlog (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    event VARCHAR(20) COLLATE "C" NOT NULL,
    "user" VARCHAR(255) COLLATE "C" NOT NULL,
    job_id VARCHAR(32) COLLATE "C" NOT NULL,
    job_name VARCHAR(255) COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_jobauditlog_created ON scheduler_jobauditlog (created_at, id);
CREATE INDEX ix_scheduler_jobauditlog_job ON scheduler_jobauditlog (job_id, created_at, id);
CREATE TABLE scheduler_jobs (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    name VARCHAR(255) COLLATE "C" NOT NULL,
    job_class VARCHAR(500) COLLATE "C" NOT NULL,
    arguments TEXT NOT NULL,
    schedule TEXT NOT NULL,
    coalesce BOOLEAN,
    grace_seconds DOUBLE PRECISION,
    max_instances INTEGER,
    time_limit_seconds DOUBLE PRECISION,
    next_due TIMESTAMP WITHOUT TIME ZONE,
    paused_at TIMESTAMP WITHOUT TIME ZONE,
    paused_by VARCHAR(255) COLLATE "C",
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_jobs_name ON scheduler_jobs (name, id);
CREATE INDEX ix_scheduler_jobs_next_due ON scheduler_jobs (next_due);
CREATE TABLE scheduler_meta (
    name VARCHAR(50) COLLATE "C" NOT NULL,
    value VARCHAR(200) COLLATE "C" NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE scheduler_outbox (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    execution_id VARCHAR(32) COLLATE "C" NOT NULL,
    profile VARCHAR(255) COLLATE "C" NOT NULL,
    state VARCHAR(10) COLLATE "C" NOT NULL,
    recipients TEXT,
    attempts INTEGER NOT NULL,
    next_attempt_at TIMESTAMP WITHOUT TIME ZONE,
    last_error TEXT,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITHOUT TIME ZONE,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_outbox_execution ON scheduler_outbox (execution_id);
CREATE INDEX ix_scheduler_outbox_next_attempt ON scheduler_outbox (profile, next_attempt_at);
CREATE TABLE scheduler_output (
    execution_id VARCHAR(32) COLLATE "C" NOT NULL,
    sequence INTEGER NOT NULL,
    stream VARCHAR(3) COLLATE "C" NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (execution_id, sequence)
);
INSERT INTO scheduler_meta (name, value) VALUES ('revision', '1');
INSERT INTO scheduler_jobs (id, name, job_class, arguments, schedule, coalesce, grace_seconds, max_instances, time_limit_seconds, next_due, paused_at, paused_by, created_at, updated_at, version) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', '{"type": "cron", "fields": {"minute": "*"}, "timezone": "UTC"}', NULL, NULL, NULL, NULL, '2027-03-01 12:01:00', NULL, NULL, '2027-01-30 12:00:00', '2027-02-27 12:00:00', 4);
INSERT INTO scheduler_jobs (id, name, job_class, arguments, schedule, coalesce, grace_seconds, max_instances, time_limit_seconds, next_due, paused_at, paused_by, created_at, updated_at, version) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'nachts; für ''alle'' ☃', 'jobs.shell_command.ShellCommand', '{"path": "/tmp/ü"}', '{"type": "cron", "fields": {"hour": "2", "minute": "30"}, "timezone": "Europe/Brussels"}', false, 90.5, 2, 3600.0, '2027-03-02 01:30:00', '2027-03-01 07:00:00', 'ann', '2027-02-28 12:00:00', '2027-02-28 12:00:00', 1);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_last, due_count, "user", started_at, ended_at, hostname, boot_id, pid, pid_started, result, report, output_bytes, output_dropped, cpu_seconds, max_rss) VALUES ('11111111111111111111111111111111', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'succeeded', 'returned', 'Returned.', '2027-03-01 11:59:00', '2027-03-01 11:59:01', '2027-03-01 11:59:00', NULL, 1, NULL, '2027-03-01 11:59:00', '2027-03-01 11:59:01', 'host', 'b', 17, 123456789012, '{"x": [1, null]}', NULL, 5, 0, 0.25, 9000000);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_last, due_count, "user", started_at, ended_at, hostname, boot_id, pid, pid_started, result, report, output_bytes, output_dropped, cpu_seconds, max_rss) VALUES ('22222222222222222222222222222222', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'missed', 'grace', 'The scheduler was not running.', '2027-03-01 11:49:00', '2027-03-01 11:59:02', '2027-03-01 11:49:00', '2027-03-01 11:58:00', 10, NULL, NULL, '2027-03-01 11:59:02', 'host', NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_last, due_count, "user", started_at, ended_at, hostname, boot_id, pid, pid_started, result, report, output_bytes, output_dropped, cpu_seconds, max_rss) VALUES ('33333333333333333333333333333333', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'failed', 'raised', 'It raised.', '2027-03-01 12:00:00', '2027-03-01 11:59:30', NULL, NULL, 1, 'ann', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL, NULL);
INSERT INTO scheduler_output (execution_id, sequence, stream, at, text) VALUES ('11111111111111111111111111111111', 1, 'out', '2027-03-01 12:00:00', 'hello');
INSERT INTO scheduler_outbox (id, execution_id, profile, state, recipients, attempts, next_attempt_at, last_error, created_at, ended_at) VALUES ('mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm', '33333333333333333333333333333333', 'ops', 'sent', '["a@b.c"]', 1, NULL, NULL, '2027-03-01 12:00:00', '2027-03-01 12:00:00');
INSERT INTO scheduler_jobauditlog (id, event, "user", job_id, job_name, created_at, description) VALUES ('cccccccccccccccccccccccccccccccc', 'added', 'ann', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', '2027-01-30 12:00:00', 'name: "every minute"');
INSERT INTO scheduler_files (filename, "user", created_at, entries, description) VALUES ('hosts.txt', 'ann', '2027-03-01 12:00:00', 3, 'the hosts');
