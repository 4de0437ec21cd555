"""Run now by REST from several clients through the proxy, and what other calls wait meanwhile.

Compared with nothing run beside it: the peers that offer such a call are in no package index.

    python benchmarks/run_now.py [--clients 8] [--seconds 10] [--repeat 3] [--slots 8] [--rate 155]
"""

import argparse
import os
import random
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from program import Client, Program, percentile, program, spread

JOB = {
    "name": "now",
    "job_class_string": "jobs.empty.Empty",
    "month": "1",
    "day": "1",
    "year": "2099",
}


def measure(clients: int, seconds: int, slots: int, rate: float) -> dict[str, float]:
    """Accepted and recorded runs a second, and percentiles of the calls, in milliseconds.

    ``rate`` is how many runs a second all clients ask for together; 0 is as fast as they can.
    """
    pause = clients / rate if rate else 0.0
    flags = ["--threadpool-size", str(slots), "--job-max-instances", "1000"]
    with program(*flags) as server:
        job_id = server.connect().request("POST", "/api/v1/jobs", JOB)["job_id"]
        calls: list[float] = []
        end = time.monotonic() + seconds + 1
        threads = [
            threading.Thread(target=_call_runs, args=(server, job_id, end, pause, calls))
            for _ in range(clients)
        ]
        # In a process of its own, so that it does not wait for the other clients' interpreter.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            pool.submit(os.getpid).result()
            begin = time.monotonic()
            waiting = pool.submit(_call_others, server.connection(), job_id, end)
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            accepted = time.monotonic() - begin
            others = waiting.result()
        _wait_recorded(server, len(calls))
        recorded = time.monotonic() - begin
    return {
        "accepted/s": len(calls) / accepted,
        "recorded/s": len(calls) / recorded,
        "run now p50 ms": percentile(calls, 0.5) * 1000,
        "run now p99 ms": percentile(calls, 0.99) * 1000,
        "other calls p50 ms": percentile(others, 0.5) * 1000,
        "other calls p99 ms": percentile(others, 0.99) * 1000,
    }


def _call_runs(server: Program, job_id: str, end: float, pause: float, taken: list[float]) -> None:
    client = server.connect()
    following = time.monotonic() + random.random() * pause
    while time.monotonic() < end:
        time.sleep(max(following - time.monotonic(), 0))
        following += pause
        begin = time.monotonic()
        client.request("POST", f"/api/v1/executions/{job_id}")
        taken.append(time.monotonic() - begin)


def _call_others(connection: tuple[int, bool], job_id: str, end: float) -> list[float]:
    port, secure = connection
    client = Client(port, secure=secure)
    taken: list[float] = []
    paths = (f"/api/v1/jobs/{job_id}", "/api/v1/jobs?limit=50", "/api/v1/executions?limit=50")
    while time.monotonic() < end:
        for path in paths:
            begin = time.monotonic()
            client.request("GET", path)
            taken.append(time.monotonic() - begin)
            time.sleep(0.02)
    return taken


def _wait_recorded(server: Program, count: int) -> None:
    client = server.connect()
    path = "/api/v1/executions?state=scheduled,running&limit=1"
    deadline = time.monotonic() + 120
    while client.request("GET", path)["executions"]:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count} runs did not end in 120 s")
        time.sleep(0.05)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--slots", type=int, default=8)
    parser.add_argument("--rate", type=float, default=155)
    options = parser.parse_args()
    for rate in (0.0, options.rate):
        results = [
            measure(options.clients, options.seconds, options.slots, rate)
            for _ in range(options.repeat)
        ]
        pace = f"{rate:g} runs/s asked for" if rate else "as fast as they can"
        print(
            f"{options.clients} clients, {pace}, {options.seconds} s, {options.repeat} repetitions"
        )
        for name in results[0]:
            print(f"  {name:22}{spread([result[name] for result in results], 1):>24}")


if __name__ == "__main__":
    main()
