"""The steps from an empty database to this version's tables, oldest first.

A step gives statements that are each carried out by themselves; they must do no harm when they are
repeated, since a step that was cut off is begun again. Steps add; what older programs still need
is taken away only in a later version.
"""

from collections.abc import Callable, Iterator, Sequence

from audit_app.central.migrations import m0001_initial

Step = Callable[[], Iterator[str]]

STEPS: Sequence[Step] = (m0001_initial.statements,)
