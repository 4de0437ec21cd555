"""From ``run`` to the first authenticated answer through TLS; then idle cost with many jobs.

python benchmarks/start.py [--repeat 5] [--jobs 10000] [--idle 30]
"""

import argparse
import subprocess
import time

from program import Program, cpu_seconds, program, resident_mib, spread


def start() -> float:
    """Seconds from starting the program to its first answer with login."""
    begin = time.monotonic()
    with program() as server:
        server.connect().request("GET", "/api/v1/jobs")
        return time.monotonic() - begin - server.prepared


def idle(jobs: int, seconds: int) -> dict[str, tuple[float, float]]:
    """Share of a core and resident memory of each process, while nothing is due."""
    with program() as server:
        _add_jobs(server, jobs)
        time.sleep(5)
        pids = server.pids()
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        time.sleep(seconds)
        return {
            name: ((cpu_seconds(pid) - before[name]) / seconds * 100, resident_mib(pid))
            for name, pid in pids.items()
        }


def _add_jobs(server: Program, count: int) -> None:
    client = server.connect()
    for number in range(count):
        job = {"name": f"job {number}", "job_class_string": "jobs.empty.Empty", "year": "2099"}
        client.request("POST", "/api/v1/jobs", job)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=30)
    options = parser.parse_args()
    interpreter = [_timed(["python3", "-c", "pass"]) for _ in range(options.repeat)]
    starts = [start() for _ in range(options.repeat)]
    print(f"start to first authenticated answer   {spread(starts)} s, {options.repeat} repetitions")
    print(f"python3 -c pass, beside it            {spread(interpreter)} s")
    for jobs in (0, options.jobs):
        print(f"idle for {options.idle} s with {jobs} jobs")
        figures = idle(jobs, options.idle)
        for name, (cpu, memory) in figures.items():
            print(f"  {name:14}{cpu:8.2f} % of a core{memory:10.1f} MiB")
        total = sum(cpu for cpu, _ in figures.values()), sum(m for _, m in figures.values())
        print(f"  {'all':14}{total[0]:8.2f} % of a core{total[1]:10.1f} MiB")


def _timed(command: list[str]) -> float:
    begin = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - begin


if __name__ == "__main__":
    main()
