"""Jobs of a shop that does not exist, for pictures of the page: they say what such jobs say."""

import time

from botscheduler import JobBase, JobError, Plot, Section, Table, report


class Check(JobBase):
    """Looks whether an address answers."""

    info = {
        "job_class_name": "Check an address",
        "notes": "Fails when the address does not answer in time.",
        "arguments": [{"type": "string", "name": "address", "description": "what to ask for"}],
        "example_arguments": '["https://shop.example/"]',
    }

    def run(self, address):
        print(f"GET {address}\n200 OK, 18,204 bytes in 182 ms")
        return {"status": 200, "milliseconds": 182}


class Copy(JobBase):
    """Copies something from one place to another."""

    info = {
        "job_class_name": "Copy",
        "notes": "Copies files or tables from one place to another, and reports what was new.",
        "arguments": [
            {"type": "string", "name": "source", "description": "from where"},
            {"type": "string", "name": "target", "description": "to where"},
        ],
        "example_arguments": '["orders", "warehouse"]',
        "report_title": "Copy",
    }

    @report
    def run(self, source, target):
        print(f"copying {source} to {target}\n\x1b[32mdone\x1b[0m, 3 of 12 were new")
        yield Section(f"{source} to {target}")
        yield Table([["looked at", 12], ["copied", 3]], header=["what", "number"])
        minutes = [f"{hour:02}:{minute:02}" for hour in range(9, 12) for minute in (0, 15, 30, 45)]
        known, new = [31, 28, 40, 37, 45, 52, 49, 61, 58, 72, None, 80], [4, 3, 9, 7, 7, 12] * 2
        yield Plot({"known": known, "new": new}, x=minutes, title="Orders", unit="orders")
        countries = {"Belgium": 48, "France": 31, "Germany": 22, "Italy": 5, "returned": -7}
        yield Plot(countries.values(), x=list(countries), kind="bars", title="By country")


class Long(JobBase):
    """Takes its time, and says how far it is."""

    info = {
        "job_class_name": "Rebuild an index",
        "notes": "Reads all products and makes a new search index of them.",
        "arguments": [
            {"type": "string", "name": "index", "description": "which index"},
            {"type": "number", "name": "minutes", "description": "how long it takes about"},
        ],
        "example_arguments": '["products", 10]',
    }

    def run(self, index, minutes=10):
        steps = 240
        for step in range(1, steps + 1):
            self.progress(step / steps, f"product {step * 175:,} of {steps * 175:,}")
            print(f"indexed {step * 175:,} products", flush=True)
            time.sleep(minutes * 60 / steps)
        return {"index": index, "products": steps * 175}


class Send(JobBase):
    """Sends what is to be sent; its server has been away since last night."""

    info = {
        "job_class_name": "Send",
        "notes": "Sends invoices or newsletters that wait.",
        "arguments": [{"type": "string", "name": "what", "description": "what to send"}],
        "example_arguments": '["invoices"]',
    }

    def run(self, what):
        print(f"3 {what} wait")
        raise JobError("SMTP server mail.shop.example refused the login: 535 5.7.8 bad password")
