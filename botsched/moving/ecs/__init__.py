"""From ECS Scheduler: its jobs are JSON documents, in a SQLite database or in files."""
