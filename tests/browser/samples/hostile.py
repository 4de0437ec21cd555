"""A job whose every text tries to become script."""

from botscheduler import JobBase

SCRIPT = "<img src=x onerror='window.__hit=1'><script>window.__hit=1</script>"


class Hostile(JobBase):
    """Harmless, but for what it is called."""

    info = {
        "job_class_name": f"Hostile {SCRIPT}",
        "notes": f"Notes {SCRIPT}",
        "arguments": [{"type": "string", "name": "text", "description": f"Argument {SCRIPT}"}],
        "example_arguments": [SCRIPT],
        "report_title": f"Title {SCRIPT}",
    }

    def run(self, text=SCRIPT):
        print(text)
        return {text: text}
