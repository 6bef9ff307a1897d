"""What happens to the servers and their database while agents report."""

import csv
import os
import pathlib
import threading
import time
import urllib.parse

from agents.stall import DATABASE, NAME, Session

# Written by whoever kills workers: which, and within what time it died; Unix time.
DEATHS = pathlib.Path(os.environ["DEATHS"])

# In seconds. Long enough that workers notice and fail, short enough that they don't do so for most of a run.
OUTAGE = 1
BETWEEN = (8, 16)
# After an outage a worker's connections come back one by one.
RECOVERY = 3


class Outages(threading.Thread):
    """Takes the database away from the workers now and then: their connections end, and for a while there are no new ones."""

    def __init__(self, deliveries, random):
        super().__init__(daemon=True)
        self.deliveries = deliveries
        self.random = random
        self.calm = threading.Event()
        self.count = 0
        self.failures = []

    def run(self):
        while not self.calm.wait(self.random.uniform(*BETWEEN)):
            start = time.time()
            try:
                take_away()
            except OSError as failure:
                self.failures.append(f"the database could not be taken away: {failure}")
                return
            self.deliveries.disturbed(start, time.time() + RECOVERY)
            self.count += 1


def take_away():
    url = urllib.parse.urlsplit(DATABASE)
    name = url.path.lstrip("/")
    ends = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND application_name <> '{NAME}'"
    with Session(url._replace(path="/template1").geturl()) as session:
        session.ask(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        try:
            session.ask(ends)
            time.sleep(OUTAGE)
        finally:
            session.ask(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")


def add_deaths(deliveries, servers):
    with open(DEATHS, newline="") as file:
        for name, start, end in csv.reader(file):
            if name in servers:
                deliveries.disturbed(float(start), float(end), servers[name])
