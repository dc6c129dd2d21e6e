"""An anchor waits for the acts that are under way."""

import threading

from django.db import connection, transaction

from tests.workflow.test_trace import EVENTS
from workflow import anchors


def test_an_act_under_way_is_waited_for(db):
    """Its event has a key already; anchored without it, it would look like one put in later."""
    locked, leave = threading.Event(), threading.Event()

    def act():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {EVENTS} IN ROW EXCLUSIVE MODE")
            locked.set()
            leave.wait(10)
        connection.close()

    worker = threading.Thread(target=act)
    worker.start()
    locked.wait(10)
    try:
        assert not anchors.acts_have_ended(EVENTS, patience=0.2)
        threading.Timer(0.2, leave.set).start()
        assert anchors.acts_have_ended(EVENTS, patience=10)
    finally:
        leave.set()
        worker.join()
