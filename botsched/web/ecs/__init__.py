"""The web API of ECS Scheduler, under ``/ecs``: its words for jobs that start tasks of ECS."""
