"""Shows pairs of media items; on a terminal, a dialogue goes through them: merge, distinct, skip, undo."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

from pymap.cli.common import can_ask, console, print_json, progress_console
from pymap.cli.pairs import Pair, PairFinder
from pymap.cli.words import error_line
from pymap.errors import PymapError
from pymap.helper import ClientMediaItemHelper


def show_pairs(finder: PairFinder, as_json: bool, none: str) -> None:
    """Print all pairs, or ``none`` if there are none; on a terminal, go through them and decide."""
    with progress_console.status("Looking for pairs…"):
        pairs = finder.find()
    if as_json:
        print_json([pair.as_json() for pair in pairs])
    elif not pairs:
        console.print(none)
    elif can_ask():
        Dialogue(finder).run(pairs)
    else:
        for position, pair in enumerate(pairs, 1):
            console.print(pair.shown(position, len(pairs)))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a pair; ``event_id`` is None if nothing was written."""

    pair: Pair
    what: str
    event_id: int | None = None


class Dialogue:
    """Shows pair after pair and does what is answered, each in a transaction of its own."""

    def __init__(self, finder: PairFinder) -> None:
        self._finder = finder
        self._helper = ClientMediaItemHelper(finder.connection, tenant_id=finder.tenant)
        self._decisions: list[Decision] = []
        self._queue: deque[Pair] = deque()
        self._has_outdated = False

    def run(self, pairs: list[Pair]) -> None:
        """Go through the pairs until all are decided or the user quits."""
        self._queue.extend(pairs)
        while pair := self._next():
            done = len(self._decisions)
            console.print(pair.shown(done + 1, done + len(self._queue)))
            if not self._answer(pair):
                break
        self._summarise()

    def _next(self) -> Pair | None:
        """Return the next pair; those that a decision has changed come anew when the others are through."""
        while True:
            while self._queue:
                if self._finder.is_current(self._queue[0]):
                    return self._queue[0]
                self._queue.popleft()
                self._has_outdated = True
            if not self._has_outdated:
                return None
            self._has_outdated = False
            self._look_again()

    def _look_again(self) -> None:
        decided = {decision.pair.key for decision in self._decisions}
        left = None if self._finder.limit is None else max(self._finder.limit - len(decided), 0)
        self._queue.extend([pair for pair in self._finder.find() if pair.key not in decided][:left])

    def _answer(self, pair: Pair) -> bool:
        """Do what the user wants with the first pair of the queue; return False to quit."""
        keep, duplicate = pair.key
        answer = self._ask(f"m merge {duplicate} into {keep}, d distinct, s skip, u undo, q quit: ")
        try:
            match answer:
                case "m":
                    self._decide("merged", self._helper.merge_media_items(keep, duplicate))
                case "d":
                    self._decide("distinct", self._helper.mark_distinct(keep, duplicate))
                case "s":
                    self._decide("skipped", None)
                case "u":
                    self._undo()
        except PymapError as error:
            console.print(error_line(error), style="red", markup=False, soft_wrap=True)
        return answer != "q"

    def _ask(self, question: str) -> str:
        while True:
            try:
                answer = console.input(question, markup=False).strip().lower()
            except EOFError:
                console.print()
                return "q"
            if answer in tuple("mdsuq"):
                return answer

    def _decide(self, what: str, event_id: int | None) -> None:
        self._decisions.append(Decision(self._queue.popleft(), what, event_id))
        console.print(what + (f": event {event_id}" if event_id else ""))

    def _undo(self) -> None:
        """Take the last decision back; its pair is the next one."""
        if not self._decisions:
            console.print("There is nothing to undo.")
            return
        decision = self._decisions[-1]
        if decision.event_id:
            self._helper.undo(decision.event_id)
            console.print(f"event {decision.event_id} was taken back")
        self._queue.appendleft(self._decisions.pop().pair)

    def _summarise(self) -> None:
        counts = Counter(decision.what for decision in self._decisions)
        done = ", ".join(f"{counts[what]:,} {what}" for what in ("merged", "distinct", "skipped"))
        console.print(f"{done}, {len(self._queue):,} not looked at.")
        if any(decision.event_id for decision in self._decisions):
            console.print("Later, too, a decision can be taken back: pymap undo EVENT")
