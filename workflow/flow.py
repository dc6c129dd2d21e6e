"""A flow is a table: which verb leads from which status to which, and whose duty it is.

The verb is the URL segment, the button, the log entry and the API action. Forms, buttons, docs and
the tests that walk every status × verb × duty are all made from these rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from organization.duty import Duty

if TYPE_CHECKING:
    from workflow.actions import Act

NEW = ""
STAY = "(stay)"
BACK = "(back)"

Hook = TypeVar("Hook", bound=Callable[..., Any])


@dataclass(frozen=True)
class Step:
    """One row of a flow.

    `at` names the place (a method of the paper's `places`) where the duty must be held, at it or
    above it; `here` means at that very unit, `leader` from the post of a main leader (主要领导)
    only. `not_by` are verbs whose actor may not take this one.
    `needs` must be given, `takes` may be. `when` names a property of the paper that must be true.
    A step without a duty is taken by the clock or by another
    paper's step; a step without a duty but with `at` is taken by whoever the paper says (`may`).
    """

    verb: str
    sources: tuple[str, ...]
    to: str
    duty: Duty | None = None
    at: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    here: bool = False
    leader: bool = False
    not_by: tuple[str, ...] = ()
    when: str = ""

    @property
    def personal(self) -> bool:
        """Whether a person takes it, as against the clock or another paper's step."""
        return self.duty is not None or bool(self.at)


@dataclass(frozen=True)
class Timer:
    """A clock of the flow: the verbs that start and stop it, and the verb that it takes when due.

    With `during`, it starts only where the verb leads to one of those statuses. A verb of `revives`
    lets the stopped clock run on under its old deadline, as if it had not been stopped. It ends no
    later than the running clocks named `within`, of the same paper or of its root; kinds of paper
    in `beyond` lie outside of them.
    """

    what: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    revives: tuple[str, ...] = ()
    during: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    then: str = "escalate"

    def around(self, kind: str) -> tuple[str, ...]:
        """The clocks inside which it lies for a kind of paper."""
        return () if kind in self.beyond else self.within


@dataclass(frozen=True)
class Shared:
    """An input that is given once for many papers.

    `field` makes its form field of (papers, row, person); `each` says what one of the papers gets
    of the value, as its own form reads it, or raises ValidationError.
    """

    field: Callable[..., Any]
    each: Callable[[Any, Any], Any]


@dataclass
class Flow:
    """The table of one kind of paper, with what its app hangs on it for single verbs.

    `words` are inputs that may be erased from the log, `private` ones never enter it; a verb in
    `sealed` asks the person to prove who it is again, one in `batched` may be taken of many papers
    by one request, which asks once for its inputs by `shared`; one in `unnoted` is words alone
    and has no note beside them. `fields` makes the form field of each input, `labels` and
    `clock_labels` name verbs and clocks on screen.
    """

    name: str
    steps: tuple[Step, ...]
    timers: tuple[Timer, ...]
    final: tuple[str, ...]
    awaits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()
    batched: frozenset[str] = frozenset()
    unnoted: frozenset[str] = frozenset()
    fields: dict[str, Callable[..., Any]] = field(default_factory=dict)
    shared: dict[str, Shared] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    clock_labels: dict[str, Any] = field(default_factory=dict)
    _hooks: dict[tuple[str, str], list[Callable[..., Any]]] = field(default_factory=dict)

    @property
    def verbs(self) -> list[str]:
        return list(dict.fromkeys(step.verb for step in self.steps))

    @property
    def statuses(self) -> list[str]:
        named = [status for step in self.steps for status in (*step.sources, step.to)]
        return [s for s in dict.fromkeys(named) if s not in (NEW, STAY, BACK)]

    def label(self, verb: str) -> str:
        return str(self.labels.get(verb, verb))

    def clock_label(self, what: str) -> str:
        return str(self.clock_labels.get(what, what))

    def at(self, status: str, verb: str | None = None) -> list[Step]:
        """The rows that start from a status; several for one verb are alternatives, in order."""
        return [s for s in self.steps if status in s.sources and verb in (None, s.verb)]

    def possible(self, paper: Any, verb: str | None = None) -> list[Step]:
        """The rows that this very paper could take now, whoever the person is."""
        return self.fitting(paper, self.at(paper.status, verb))

    def fitting(self, paper: Any, rows: list[Step]) -> list[Step]:
        """Those of the rows whose `when` is true of this very paper."""
        return [step for step in rows if not step.when or getattr(paper, step.when)]

    def is_open(self, status: str) -> bool:
        return status not in self.final

    def on(self, when: str, *verbs: str) -> Callable[[Hook], Hook]:
        """Hang a function on verbs.

        `rule`: (act) → raises ValidationError or NotPossible; may set fields of the paper;
        `then`: (act) → consequences for other papers, after this one is written.
        """

        def hang(hook: Hook) -> Hook:
            for verb in verbs:
                self._hooks.setdefault((when, verb), []).append(hook)
            return hook

        return hang

    def hooks(self, when: str, verb: str) -> list[Callable[..., Any]]:
        return self._hooks.get((when, verb), [])

    def run(self, when: str, act: "Act") -> None:
        for hook in self.hooks(when, act.step.verb):
            hook(act)

    def timers_started(self, verb: str, status: str) -> list[str]:
        """The clocks that a verb starts when it leads to the status."""
        return [
            timer.what
            for timer in self.timers
            if verb in timer.starts and status in (timer.during or (status,))
        ]

    def timers_stopped(self, verb: str) -> set[str]:
        return {timer.what for timer in self.timers if verb in timer.stops}

    def timers_revived(self, verb: str) -> list[str]:
        return [timer.what for timer in self.timers if verb in timer.revives]

    def timer(self, what: str) -> Timer:
        return next(timer for timer in self.timers if timer.what == what)

    def legs_within(self, whats: Iterable[str]) -> list[str]:
        """The clocks that lie inside one of the named ones."""
        outer = set(whats)
        return [timer.what for timer in self.timers if outer.intersection(timer.within)]
