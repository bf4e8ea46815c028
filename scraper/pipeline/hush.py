"""What does a worker say when it is ended before it began? Nothing. Imported by the fork server only, whose children are the workers.

A pool that is stopped while its workers start takes their semaphores away, and Python prints a traceback of that to the terminal. Whatever
ends a worker is told by the pool to who asked it (`workers`), so nothing is lost with it.
"""

import sys

__all__: list[str] = []

sys.excepthook = lambda *_: None
