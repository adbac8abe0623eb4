"""Edge: keeps the limits of cost: asks the ledger before each call, and tells it after."""

import time
from pathlib import Path

from sloptest_hook.cost import Limits, dollars, limit_reached
from sloptest_hook.store.ledger import Ledger
from sloptest_hook.values.settings import LlmSettings
from sloptest_hook.values.usage import Spent, Usage


class LedgerBudget:
    """The budget of one run, of the day, and what the run has spent."""

    def __init__(
        self, common_dir: Path, run: str, settings: LlmSettings, *, engine: str, base_url: str
    ) -> None:
        self._ledger = Ledger(common_dir)
        self._run = run
        self._settings = settings
        self._engine = engine
        self._base_url = base_url
        self._set_aside: list[tuple[Usage, int]] = []
        self._spent = Spent()
        self._notes: dict[str, None] = {}

    @property
    def spent(self) -> Spent:
        return self._spent

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)

    def reserve(self, model: str, most: Usage) -> str | None:
        """Set money aside for a call; returns why not, where a limit would be exceeded."""
        wanted = self._dollars(model, most)
        if wanted is None:
            self._notes[
                f"the price of {model} is not known, so that no limit of cost can be kept; set "
                "`price` of [tool.sloptest.llm]"
            ] = None
        limits = Limits(self._settings.max_cost_usd, self._settings.max_cost_usd_per_day)
        try:
            with self._ledger.spending(self._run, _today()) as spending:
                sums = {"in_run": spending.in_run(), "in_day": spending.in_day()}
                refusal = limit_reached(wanted or 0.0, limits=limits, **sums)
                if refusal is None:
                    number = spending.set_aside(self._engine, model, wanted)
                    self._set_aside.append((most, number))
                return refusal
        except OSError as error:
            return f"nothing may be spent that cannot be written down: {error.strerror}"

    def settle(self, model: str, most: Usage, spent: Usage) -> None:
        """Put what was really spent in the place of what was set aside."""
        pair = next(each for each in self._set_aside if each[0] == most)
        self._set_aside.remove(pair)
        usd = self._dollars(model, spent)
        total = None if usd is None or self._spent.usd is None else self._spent.usd + usd
        self._spent = Spent(self._spent.usage + spent, total)
        try:
            with self._ledger.spending(self._run, _today()) as spending:
                spending.settle(pair[1], spent, usd)
        except OSError as error:
            self._notes[f"what was spent could not be written down: {error.strerror}"] = None

    def _dollars(self, model: str, usage: Usage) -> float | None:
        return dollars(
            usage,
            engine=self._engine,
            model=model,
            base_url=self._base_url,
            price=self._settings.price,
        )


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
