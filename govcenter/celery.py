import logging
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govcenter.settings")
logger = logging.getLogger(__name__)


class Task(DjangoTask):
    """People keep working while Redis is down: a task is only a hint, the database the truth.

    Whatever a lost hint would have done is found again by the sweeps of the beat.
    """

    def apply_async(self, *args, **kwargs):
        try:
            return super().apply_async(*args, **kwargs)
        except OperationalError as error:
            logger.warning("%s not queued: %s", self.name, error)
            return None


app = Celery("govcenter", task_cls=Task, include=["govcenter.tasks"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
