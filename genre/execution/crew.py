"""Workers on the machines of a cluster: each does some units at a time, and any may be lost.

A worker is an actor of Ray on one core that keeps a killable process of its own for the units: what
a file does to that process is known and limited as it is without a cluster. What takes the actor
itself along, or its machine, costs what it held: these units are done again, one by one, and one
that is alone as its worker ends twice is given up.
"""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from genre.errors import ExecutionError, ExecutionErrorKind, GenreError
from genre.execution.alike import check_nodes
from genre.execution.clusters import joined
from genre.execution.crew_member import CrewMember, GroupWork, Needs
from genre.execution.pool import ExecutionConfig, Outcome
from genre.plugins import active_plugins

Unit = TypeVar("Unit")
Result = TypeVar("Result")

_SECONDS_PER_GROUP = 1.0
_MOST_PER_GROUP = 64
_GROUPS_IN_HAND = 2
_MOST_DEATHS = 2
_MOST_STILLBORN = 20
_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_BETWEEN_COUNTS = 2.0
# Beyond the limits of its units, which its own pool enforces.
_SECONDS_OF_GRACE = 120.0


def run_groups(
    work: GroupWork[Unit],
    units: Sequence[Unit],
    *,
    config: ExecutionConfig,
    shared: Sequence[Path] = (),
    needs: Needs | None = None,
    on_look: Callable[[], None] | None = None,
) -> Generator[Outcome[Unit, Any]]:
    """Do units on a cluster, some at a time.

    Parameters
    ----------
    work : GroupWork
        What is done.
    units : sequence of picklable objects
        The work; small, as they travel: names and addresses.
    config : ExecutionConfig
        Which cluster, how many workers at most, and the limits of a unit.
    shared : sequence of Path
        Folders that all machines must see as this one does; they exist.
    needs : Needs, optional
        Of one worker; a core if None.
    on_look : callable, optional
        Called about twice a second.

    Yields
    ------
    Outcome
        One per unit, as they are done. Leaving the loop early ends what is at work.

    Raises
    ------
    ConfigError
        Where the cluster cannot be joined, or its machines cannot do the work alike.
    GenreError
        Where no worker can start, or the cluster ends meanwhile.
    """
    if not units:
        return
    with joined(config.cluster) as ray:
        check_nodes(ray, shared)
        crew = _Crew(ray, work, units, config=config, needs=needs or Needs())
        with closing(crew.outcomes(on_look)) as outcomes:
            yield from outcomes


@dataclass(eq=False)
class _Member:
    """A worker: its handle, and how many groups it has."""

    actor: Any
    n_groups: int = 0
    has_single: bool = False


@dataclass(eq=False)
class _Group(Generic[Unit]):
    """Units in the hands of a worker, with their numbers."""

    member: _Member
    units: list[tuple[int, Unit]]
    deadline: float


class _Crew(Generic[Unit]):
    def __init__(
        self,
        ray: ModuleType,
        work: GroupWork[Unit],
        units: Sequence[Unit],
        *,
        config: ExecutionConfig,
        needs: Needs,
    ) -> None:
        self._ray, self._config, self._needs = ray, config, needs
        self._actor = ray.remote(
            num_cpus=needs.n_cores, num_gpus=needs.n_gpus, max_restarts=0, max_task_retries=0
        )(CrewMember)
        self._setup = (
            ray.put(work),
            config,
            str(Path.cwd()),
            [plugin.source for plugin in active_plugins()],
        )
        self._n_units, self._n_done = len(units), 0
        self._fresh: Iterator[tuple[int, Unit]] = enumerate(units)
        self._again: deque[tuple[int, Unit]] = deque()
        self._deaths: Counter[int] = Counter()
        self._starting: dict[Any, _Member] = {}
        self._ready: list[_Member] = []
        self._at_work: dict[Any, _Group[Unit]] = {}
        self._unit_seconds = 0.0
        self._n_stillborn = 0
        self._counted = -math.inf

    def outcomes(self, on_look: Callable[[], None] | None) -> Generator[Outcome[Unit, Any]]:
        """Do all units; whoever stops reading ends the workers."""
        try:
            while self._n_done < self._n_units:
                self._hire()
                self._hand_out()
                for outcome in self._collect():
                    self._n_done += 1
                    yield outcome
                if on_look is not None:
                    on_look()
        finally:
            for member in [*self._starting.values(), *self._ready]:
                self._ray.kill(member.actor)

    def _hire(self) -> None:
        """Ask for as many workers as the cluster has room for now, or as there is work for."""
        now = time.monotonic()
        if now - self._counted < _SECONDS_BETWEEN_COUNTS:
            return
        self._counted = now
        has, needs = self._ray.cluster_resources(), self._needs
        room = int(has.get("CPU", 0)) // needs.n_cores
        if needs.n_gpus:
            room = min(room, int(has.get("GPU", 0)) // needs.n_gpus)
        wanted = min(room, self._n_units - self._n_done, self._config.n_workers or room)
        for _ in range(wanted - len(self._ready) - len(self._starting)):
            actor = self._actor.remote()
            self._starting[actor.start.remote(*self._setup)] = _Member(actor)

    def _hand_out(self) -> None:
        # Of long ones, none waits behind another while somebody else might have it.
        is_quick = 0 < self._unit_seconds < _SECONDS_PER_GROUP and not self._needs.one_by_one
        for round_number in range(_GROUPS_IN_HAND if is_quick else 1):
            for member in self._ready:
                if member.n_groups == round_number and not member.has_single:
                    self._send(member)

    def _send(self, member: _Member) -> None:
        # One that may end its worker has it to itself.
        if self._again and not member.n_groups:
            units, member.has_single = [self._again.popleft()], True
        else:
            units = list(islice(self._fresh, self._group_size()))
        if not units:
            return
        member.n_groups += 1
        reference = member.actor.do.remote([unit for _, unit in units])
        limit = len(units) * (self._config.timeout_seconds + 10.0) + _SECONDS_OF_GRACE
        limit = math.inf if self._needs.one_by_one else _GROUPS_IN_HAND * limit
        deadline = time.monotonic() + limit
        self._at_work[reference] = _Group(member, units, deadline)

    def _group_size(self) -> int:
        if self._needs.one_by_one or not self._unit_seconds:
            return 1
        # Towards the end less, so that all end together.
        in_hand = sum(len(group.units) for group in self._at_work.values())
        left = self._n_units - self._n_done - in_hand
        share = left // (2 * max(1, len(self._ready)))
        wanted = round(_SECONDS_PER_GROUP / self._unit_seconds)
        return max(1, min(wanted, share, _MOST_PER_GROUP))

    def _collect(self) -> Iterator[Outcome[Unit, Any]]:
        references = [*self._starting, *self._at_work]
        if not references:
            time.sleep(_SECONDS_BETWEEN_LOOKS)  # until the cluster has room again
            return
        done, _ = self._ray.wait(references, num_returns=1, timeout=_SECONDS_BETWEEN_LOOKS)
        if done:
            done, _ = self._ray.wait(references, num_returns=len(references), timeout=0)
        for reference in done:
            if reference in self._starting:
                self._began(reference)
            elif reference in self._at_work:
                yield from self._finished(reference)
        now = time.monotonic()
        for reference, group in list(self._at_work.items()):
            if group.deadline < now and reference in self._at_work:
                yield from self._lost(reference)

    def _began(self, reference: object) -> None:
        member, errors = self._starting.pop(reference), self._ray.exceptions
        try:
            self._ray.get(reference)
        except errors.RayError as error:
            self._ray.kill(member.actor)
            if isinstance(error, errors.RayTaskError):
                raise error.cause from error
            self._n_stillborn += 1
            if self._n_stillborn > _MOST_STILLBORN:
                reason = str(error).strip().splitlines()[0]
                raise GenreError(
                    f"workers must be able to start on the cluster: {reason}"
                ) from error
            return
        self._n_stillborn = 0
        self._ready.append(member)

    def _finished(self, reference: object) -> Iterator[Outcome[Unit, Any]]:
        errors = self._ray.exceptions
        try:
            seconds, node, found = self._ray.get(reference)
        except errors.RayTaskError as error:  # a mistake in the program
            raise error.cause from error
        except errors.RayError:
            yield from self._lost(reference)
            return
        group = self._at_work.pop(reference)
        group.member.n_groups -= 1
        group.member.has_single = False
        pace = seconds / len(group.units)
        self._unit_seconds = 0.7 * (self._unit_seconds or pace) + 0.3 * pace
        for (_, unit), (result, fault) in zip(group.units, found, strict=True):
            yield Outcome(unit, result, fault, node)

    def _lost(self, reference: object) -> Iterator[Outcome[Unit, Any]]:
        """Have done again what a lost worker held, all of its groups."""
        member = self._at_work[reference].member
        self._ray.kill(member.actor)
        if member in self._ready:
            self._ready.remove(member)
        for other, group in list(self._at_work.items()):
            if group.member is not member:
                continue
            del self._at_work[other]
            for number, unit in group.units:
                self._deaths[number] += len(group.units) == 1
                if self._deaths[number] < _MOST_DEATHS:
                    self._again.append((number, unit))
                else:
                    message = f"unit={unit} was alone as its worker on the cluster ended, twice"
                    yield Outcome(unit, None, ExecutionError(ExecutionErrorKind.CRASHED, message))
