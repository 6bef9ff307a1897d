"""Holds up the reports of one node in the server's database, as a slow disk or a busy row does."""

import contextlib
import os
import queue
import subprocess
import threading
import time

# How long a server may take to come to a report, in seconds; workers may be dead just then.
PATIENCE = 3
PAUSE = 0.02
DATABASE = os.environ["DATABASE_URL"]
# At a time: each keeps a connection of a worker's, or two.
MOST = 3
# By which its sessions are told from the workers'.
NAME = "soak"
COMMAND = ["/usr/bin/psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
END = "end of answer"


class Session:
    """One psql, asked line by line."""

    def __init__(self, url=DATABASE):
        self.process = subprocess.Popen(
            [*COMMAND, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PATH": "/usr/bin:/bin", "PGAPPNAME": NAME})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # It may have ended by itself.
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def ask(self, sql):
        """The lines of the answer."""
        self.process.stdin.write(f"{sql};\n\\echo {END}\n")
        self.process.stdin.flush()
        lines = []
        while (line := self.process.stdout.readline()).rstrip("\n") != END:
            if not line:
                raise ConnectionError(f"psql ended at: {sql}")
            lines.append(line.rstrip("\n"))
        return lines


class Stalls:
    def __init__(self):
        self.free = threading.Semaphore(MOST)

    @contextlib.contextmanager
    def stall(self, node):
        with self.free, Session() as session:
            session.ask(f"BEGIN; SELECT id FROM telecom.node_servers WHERE id = {node} FOR UPDATE")
            yield Stall(session)


class Stall:
    def __init__(self, session):
        self.session = session

    def waits(self):
        """When a report was seen to wait; None if none came. A report may stand behind something else that waits."""
        waiting = """
            WITH RECURSIVE held (pid) AS (
              SELECT pg_backend_pid() UNION
              SELECT a.pid FROM pg_stat_activity a JOIN held ON held.pid = ANY(pg_blocking_pids(a.pid)) WHERE a.wait_event_type = 'Lock')
            SELECT 1 FROM held JOIN pg_stat_activity USING (pid) WHERE query LIKE '%telecom.traffic_reports%' AND pid <> pg_backend_pid()
            LIMIT 1"""
        return time.time() if until(lambda: self.session.ask(waiting)) else None

    def end(self):
        self.session.ask("ROLLBACK")

    def is_kept(self, delivery):
        """Whether what was delivered is kept at last."""
        kept = (
            f"SELECT 1 FROM telecom.traffic_reports WHERE node_id = {delivery.node} AND digest = '\\x{delivery.digest}'"
            f" AND last_seen_at >= to_timestamp({delivery.started!r})")
        return bool(until(lambda: self.session.ask(kept)))


def until(probe):
    end = time.monotonic() + PATIENCE
    while not (answer := probe()) and time.monotonic() < end:
        time.sleep(PAUSE)
    return answer
