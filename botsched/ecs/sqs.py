"""The trigger that looks at the length of a queue of Amazon SQS."""

from collections.abc import Mapping
from typing import Any

from botsched.domain.ecsarguments import QUEUE, queue
from botsched.ecs.aws import told
from botsched.ecs.trigger import Client, Trigger
from botsched.ecs.values import checked

_LENGTH = "ApproximateNumberOfMessages"


class SqsTrigger(Trigger):
    """No task for an empty queue; else as many as the job says, or as ``messagesPerTask`` takes."""

    type = QUEUE

    def __init__(self, fields: Mapping[str, Any]) -> None:
        # Without a scale there is work for one task, and so for as many as the job has at least.
        with checked():
            self._queue, self._per_task = queue(fields)

    def count(self, client: Client) -> int:
        """How many tasks the messages are for that wait in the queue now."""
        length = self._length(client("sqs"))
        print(f"Messages in the queue {self._queue}: {length}")
        if self._per_task is None:
            return min(length, 1)
        return -(-length // self._per_task)

    def _length(self, sqs: Any) -> int:
        with told(f"look at the queue {self._queue!r}"):
            url = sqs.get_queue_url(QueueName=self._queue)["QueueUrl"]
            answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[_LENGTH])
            return int(answer["Attributes"][_LENGTH])
