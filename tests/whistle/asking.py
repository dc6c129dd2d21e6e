"""What tests of requests share."""

import pytest
from django.core.exceptions import ValidationError

from workflow.errors import NotPossible
from workflow.sweep import run_clock


def fresh(paper):
    return type(paper).objects.get(pk=paper.pk)


def grant(paces, request, actor=None):
    paces.step(request, "grant", actor or paces.p.dispatcher)


def refuses(words, act, *args, **given):
    with pytest.raises(NotPossible, match=words):
        act(*args, **given)


def refuses_input(field, act, *args, **given):
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)
    assert field in refused.value.message_dict


def sweep_until_quiet(now):
    while run_clock(now):
        pass
