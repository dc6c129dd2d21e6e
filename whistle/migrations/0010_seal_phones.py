"""Encrypt the phones that are stored in plain. An interrupted run goes on where it stood."""

from django.db import migrations

from organization.resealing import rewrite
from organization.sealed import opened, seal

SEALED = [("WorkOrder", "reporter_phone"), ("Response", "lead_phone")]


def plain_of(stored):
    """The text of a value that is sealed already, or not yet."""
    text = opened(stored)
    return stored if text is None else text


def seal_all(apps, schema_editor):
    for model, field in columns(apps):
        rewrite(model, field, plain_of, seal)


def unseal_all(apps, schema_editor):
    for model, field in columns(apps):
        rewrite(model, field, opened, str)


def columns(apps):
    for name, field in SEALED:
        model = apps.get_model("whistle", name)
        yield model, model._meta.get_field(field)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("whistle", "0009_sealed_phones")]
    operations = [migrations.RunPython(seal_all, unseal_all)]
