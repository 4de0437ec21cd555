CREATE TABLE scheduler_controls (
    name VARCHAR(50) COLLATE "C" NOT NULL,
    value TEXT NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    updated_by VARCHAR(255) COLLATE "C" NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE scheduler_execution (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    job_id VARCHAR(128) COLLATE "C" NOT NULL,
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
    attempt INTEGER DEFAULT '1' NOT NULL,
    retry_of VARCHAR(32) COLLATE "C",
    caused_by VARCHAR(32) COLLATE "C",
    not_before TIMESTAMP WITHOUT TIME ZONE,
    token BIGINT,
    progress DOUBLE PRECISION,
    progress_text VARCHAR(255) COLLATE "C",
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_execution_job_updated ON scheduler_execution (job_id, updated_at, id);
CREATE INDEX ix_scheduler_execution_state ON scheduler_execution (state, updated_at, id);
CREATE INDEX ix_scheduler_execution_updated ON scheduler_execution (updated_at, id);
CREATE UNIQUE INDEX ux_scheduler_execution_attempt ON scheduler_execution (retry_of, attempt) WHERE retry_of IS NOT NULL;
CREATE UNIQUE INDEX ux_scheduler_execution_caused_by ON scheduler_execution (caused_by, job_id) WHERE caused_by IS NOT NULL;
CREATE UNIQUE INDEX ux_scheduler_execution_job_due ON scheduler_execution (job_id, due);
CREATE TABLE scheduler_files (
    filename VARCHAR(200) COLLATE "C" NOT NULL,
    "user" VARCHAR(255) COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    entries INTEGER NOT NULL,
    description VARCHAR(500) COLLATE "C" NOT NULL,
    PRIMARY KEY (filename)
);
CREATE TABLE scheduler_job_history (
    job_id VARCHAR(128) COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    event VARCHAR(20) COLLATE "C" NOT NULL,
    "user" VARCHAR(255) COLLATE "C" NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    since TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    name VARCHAR(255) COLLATE "C" NOT NULL,
    schedule TEXT NOT NULL,
    paused BOOLEAN NOT NULL,
    PRIMARY KEY (job_id, version)
);
CREATE TABLE scheduler_jobauditlog (
    id VARCHAR(32) COLLATE "C" NOT NULL,
    event VARCHAR(20) COLLATE "C" NOT NULL,
    "user" VARCHAR(255) COLLATE "C" NOT NULL,
    job_id VARCHAR(128) COLLATE "C" NOT NULL,
    job_name VARCHAR(255) COLLATE "C" NOT NULL,
    created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    description TEXT NOT NULL,
    changes TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_jobauditlog_created ON scheduler_jobauditlog (created_at, id);
CREATE INDEX ix_scheduler_jobauditlog_job ON scheduler_jobauditlog (job_id, created_at, id);
CREATE TABLE scheduler_jobs (
    id VARCHAR(128) COLLATE "C" NOT NULL,
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
    rules TEXT,
    paused_until TIMESTAMP WITHOUT TIME ZONE,
    keep_days INTEGER,
    keep_count INTEGER,
    look_at TIMESTAMP WITHOUT TIME ZONE,
    since TIMESTAMP WITHOUT TIME ZONE,
    tags TEXT,
    notes TEXT,
    managed_by VARCHAR(255) COLLATE "C",
    last_state VARCHAR(20) COLLATE "C",
    last_execution VARCHAR(32) COLLATE "C",
    last_at TIMESTAMP WITHOUT TIME ZONE,
    PRIMARY KEY (id)
);
CREATE INDEX ix_scheduler_jobs_look_at ON scheduler_jobs (look_at);
CREATE INDEX ix_scheduler_jobs_name ON scheduler_jobs (name, id);
CREATE INDEX ix_scheduler_jobs_next_due ON scheduler_jobs (next_due);
CREATE TABLE scheduler_lease (
    name VARCHAR(50) COLLATE "C" NOT NULL,
    holder VARCHAR(255) COLLATE "C" NOT NULL,
    token BIGINT NOT NULL,
    renewed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    PRIMARY KEY (name)
);
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
CREATE TABLE scheduler_removed (
    job_id VARCHAR(128) COLLATE "C" NOT NULL,
    until TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    PRIMARY KEY (job_id)
);
INSERT INTO scheduler_meta (name, value) VALUES ('revision', '4');
INSERT INTO scheduler_meta (name, value) VALUES ('executions table', 'scheduler_execution');
INSERT INTO scheduler_meta (name, value) VALUES ('jobs table', 'scheduler_jobs');
INSERT INTO scheduler_meta (name, value) VALUES ('files table', 'scheduler_files');
INSERT INTO scheduler_meta (name, value) VALUES ('logs table', 'scheduler_jobauditlog');
INSERT INTO scheduler_jobs (id, name, job_class, arguments, schedule, next_due, created_at, updated_at, version, look_at, since, tags, notes, last_state, last_execution, last_at) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', '{"type": "cron", "fields": {"minute": "*"}, "timezone": "UTC"}', '2027-03-01 12:01:00', '2027-01-30 12:00:00', '2027-02-27 12:00:00', 4, '2027-03-01 12:01:00', '2027-02-27 12:00:00', '["nightly", "ü"]', 'For ops.', 'succeeded', '22222222222222222222222222222222', '2027-03-01 11:58:06');
INSERT INTO scheduler_jobs (id, name, job_class, arguments, schedule, coalesce, grace_seconds, max_instances, time_limit_seconds, next_due, paused_at, paused_by, created_at, updated_at, version, rules, keep_days, keep_count, since, last_state, last_execution, last_at) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'nachts; für ''alle'' ☃', 'jobs.shell_command.ShellCommand', '{"path": "/tmp/ü"}', '{"type": "cron", "fields": {"hour": "2", "minute": "30"}, "timezone": "Europe/Brussels"}', false, 90.5, 2, 3600.0, '2027-03-02 01:30:00', '2027-03-01 07:00:00', 'ann', '2027-01-30 12:00:00', '2027-02-27 12:00:00', 1, '{"retry": {"attempts": 3, "delay": 60}, "then_run": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]}', 30, 500, '2027-02-27 12:00:00', 'missed', '55555555555555555555555555555555', '2027-03-01 02:00:00');
INSERT INTO scheduler_jobs (id, name, job_class, arguments, schedule, next_due, created_at, updated_at, version, look_at, since, managed_by) VALUES ('cccccccccccccccccccccccccccccccc', 'only skipped', 'jobs.shell_command.ShellCommand', '[]', '{"type": "cron", "fields": {"minute": "*"}, "timezone": "UTC"}', '2027-03-01 12:01:00', '2027-01-30 12:00:00', '2027-02-27 12:00:00', 1, '2027-03-01 12:01:00', '2027-01-30 12:00:00', 'crontab');
INSERT INTO scheduler_job_history (job_id, version, event, "user", at, since, name, schedule, paused) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 4, 'added', 'ann', '2027-01-30 12:00:00', '2027-01-30 12:00:00', 'every minute', '{"type": "cron", "fields": {"minute": "*"}, "timezone": "UTC"}', false);
INSERT INTO scheduler_job_history (job_id, version, event, "user", at, since, name, schedule, paused) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 'added', 'ann', '2027-01-30 12:00:00', '2027-01-30 12:00:00', 'nachts; für ''alle'' ☃', '{"type": "cron", "fields": {"hour": "2", "minute": "30"}, "timezone": "Europe/Brussels"}', true);
INSERT INTO scheduler_job_history (job_id, version, event, "user", at, since, name, schedule, paused) VALUES ('cccccccccccccccccccccccccccccccc', 1, 'added', 'ann', '2027-01-30 12:00:00', '2027-01-30 12:00:00', 'only skipped', '{"type": "cron", "fields": {"minute": "*"}, "timezone": "UTC"}', false);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_count, started_at, ended_at, hostname, boot_id, pid, pid_started, output_bytes, output_dropped, attempt, token) VALUES ('11111111111111111111111111111111', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'failed', 'raised', 'It raised.', '2027-03-01 11:58:00', '2027-03-01 11:58:01', '2027-03-01 11:58:00', 1, '2027-03-01 11:58:00', '2027-03-01 11:58:01', 'host', 'b', 17, 123456789012, 0, 0, 1, 7);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due_count, "user", started_at, ended_at, result, output_bytes, output_dropped, attempt, retry_of, caused_by, not_before) VALUES ('22222222222222222222222222222222', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'succeeded', 'returned', 'Returned.', '2027-03-01 11:58:05', '2027-03-01 11:58:06', 1, 'ann', '2027-03-01 11:58:05', '2027-03-01 11:58:06', '{"x": [1, null]}', 0, 0, 2, '11111111111111111111111111111111', '11111111111111111111111111111111', '2027-03-01 11:58:05');
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_count, ended_at, output_bytes, output_dropped, attempt) VALUES ('33333333333333333333333333333333', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'skipped', 'overlap', 'It was running.', '2027-03-01 11:59:00', '2027-03-01 11:59:00', '2027-03-01 11:59:00', 1, '2027-03-01 11:59:00', 0, 0, 1);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_count, started_at, output_bytes, output_dropped, attempt, progress, progress_text) VALUES ('44444444444444444444444444444444', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', 'jobs.shell_command.ShellCommand', '["true"]', 'running', 'due', 'Due.', '2027-03-01 12:00:00', '2027-03-01 12:00:00', '2027-03-01 12:00:00', 1, '2027-03-01 12:00:00', 0, 0, 1, 0.5, 'half');
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_last, due_count, ended_at, output_bytes, output_dropped, attempt) VALUES ('55555555555555555555555555555555', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'nachts; für ''alle'' ☃', 'jobs.shell_command.ShellCommand', '["true"]', 'missed', 'grace', 'The scheduler was not running.', '2027-03-01 01:30:00', '2027-03-01 02:00:00', '2027-03-01 01:30:00', '2027-03-01 01:40:00', 10, '2027-03-01 02:00:00', 0, 0, 1);
INSERT INTO scheduler_execution (id, job_id, job_name, job_class, arguments, state, cause, reason, scheduled_at, updated_at, due, due_count, ended_at, output_bytes, output_dropped, attempt) VALUES ('66666666666666666666666666666666', 'cccccccccccccccccccccccccccccccc', 'only skipped', 'jobs.shell_command.ShellCommand', '["true"]', 'skipped', 'window', 'In a window.', '2027-03-01 11:59:00', '2027-03-01 11:59:00', '2027-03-01 11:59:00', 1, '2027-03-01 11:59:00', 0, 0, 1);
INSERT INTO scheduler_output (execution_id, sequence, stream, at, text) VALUES ('22222222222222222222222222222222', 1, 'out', '2027-03-01 11:58:06', 'hello');
INSERT INTO scheduler_outbox (id, execution_id, profile, state, recipients, attempts, created_at, ended_at) VALUES ('mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm1', '11111111111111111111111111111111', 'ops', 'delivered', '["a@b.c"]', 1, '2027-03-01 11:58:01.000000', '2027-03-01 12:00:00.000000');
INSERT INTO scheduler_outbox (id, execution_id, profile, state, recipients, attempts, next_attempt_at, last_error, created_at) VALUES ('mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm2', '22222222222222222222222222222222', 'ops', 'deferred', '{"to": ["a@b.c", "Ü <u@b.c>"], "owed": ["u@b.c"]}', 2, '2027-03-01 12:00:30.000000', '451 später', '2027-03-01 11:58:06.000000');
INSERT INTO scheduler_outbox (id, execution_id, profile, state, attempts, next_attempt_at, created_at) VALUES ('mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm3', '99999999999999999999999999999999', 'dev', 'queued', 0, '2027-03-01 12:00:00.000000', '2027-03-01 12:00:00.000000');
INSERT INTO scheduler_jobauditlog (id, event, "user", job_id, job_name, created_at, description, changes) VALUES ('dddddddddddddddddddddddddddddddd', 'added', 'ann', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'every minute', '2027-01-30 12:00:00', 'name: "every minute"', '[{"field": "name", "before": "a", "after": "every minute"}]');
INSERT INTO scheduler_files (filename, "user", created_at, entries, description) VALUES ('hosts.txt', 'ann', '2027-03-01 12:00:00', 3, 'the hosts');
INSERT INTO scheduler_removed (job_id, until) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2027-03-01 11:00:00');
INSERT INTO scheduler_controls (name, value, updated_at, updated_by) VALUES ('hold', '{"user": "ann", "since": "2027-03-01T12:00:00+00:00", "reason": ""}', '2027-03-01 12:00:00', 'ann');
