from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhistleConfig(AppConfig):
    name = "whistle"
    verbose_name = _("Orders and whistles")

    def ready(self) -> None:
        from whistle import (  # noqa: F401  they hang on the flows
            actions,
            checklists,
            dividing_inputs,
            following,
            inputs,
            labels,
            many,
            meeting_inputs,
            request_inputs,
            supervision_inputs,
        )
        from whistle.filings import FilingEdit
        from whistle.word_edits import SilenceEdit, TellingEdit
        from workflow.edits import KINDS
        from workflow.models import PolicyChange

        KINDS[PolicyChange.Kind.FILING] = FilingEdit
        KINDS[PolicyChange.Kind.SILENCE] = SilenceEdit
        KINDS[PolicyChange.Kind.TELLING] = TellingEdit
