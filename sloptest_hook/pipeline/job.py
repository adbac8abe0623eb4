"""What every stage works with once there is something to do."""

from sloptest_hook.pipeline.changes import InQuestion
from sloptest_hook.pipeline.edges import Edges
from sloptest_hook.pipeline.memory import Memory
from sloptest_hook.pipeline.tree import StagedTree
from sloptest_hook.pipeline.workshop import Workshop
from sloptest_hook.values.deadline import Deadline
from sloptest_hook.values.outcome import Mode
from sloptest_hook.values.records import dataclass
from sloptest_hook.values.settings import Settings


@dataclass(frozen=True, slots=True)
class Job:
    """One commit with something to do."""

    edges: Edges
    workshop: Workshop
    settings: Settings
    question: InQuestion
    tree: StagedTree
    memory: Memory
    deadline: Deadline

    @property
    def stages(self) -> bool:
        """Whether what is written gets into the index."""
        return self.settings.stage and self.edges.mode in (Mode.HOOK, Mode.BY_HAND)

    def leaving(self, share: float) -> Deadline:
        """Return the deadline that leaves a share of the whole time budget to later stages."""
        return self.deadline.earlier(share * self.settings.time_budget)
