"""The naive design: one Celery task with an ETA for each reminder, kept by Redis and the worker."""

import os
import time

import redis
from celery import Celery

BROKER = "BENCH_BROKER"
PROVIDER_SECONDS = 0.05
SENT = "bench:sent"

app = Celery("naive", broker=os.environ.get(BROKER, "redis://127.0.0.1:1/0"))
app.conf.update(task_ignore_result=True, task_serializer="json", accept_content=["json"])
_counter = redis.Redis.from_url(os.environ.get(BROKER, "redis://127.0.0.1:1/0"))


@app.task(name="naive.remind")
def remind(number: int) -> None:
    """Hand one reminder to a provider that takes as long as ours, and count it."""
    time.sleep(PROVIDER_SECONDS)
    _counter.hincrby(SENT, str(number), 1)
