"""Who is proposed for the seats: plain values in, the best selection and its reasons out; no database.

The published order, each step weighed only where all earlier ones are equal:

1. floors: as few guaranteed seats as possible stay unfilled;
2. seats: as many seats as possible are filled;
3. rank: first choices before second ones, and so on; alternates after all principals, in their own order;
4. preference: the iteration that a sender prefers for a person, where there are several;
5. spread: seats spread over the senders (least sum of squares, those already seated counted);
6. time: earlier submissions before later ones (least sum of places in the queue; where even that is equal, the
   earliest nominee in whom two selections differ is seated, so there is never a second answer).

Ceilings, capacity, and one seat per person always hold. Why this solver: docs/decisions/0007-solver.md.
"""

from enrollment.allocation.outcome import Step
from enrollment.allocation.problem import Board, Nominee, NotProven, Rule
from enrollment.allocation.proposal import Proposal, propose
from enrollment.allocation.reasons import Code, Reason
from enrollment.allocation.wording import say

__all__ = ["Board", "Code", "Nominee", "NotProven", "Proposal", "Reason", "Rule", "Step", "propose", "say"]
