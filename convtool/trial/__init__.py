"""A page to try: a payload or a capture as people look at it, by the same engine room as the commands.

``look`` tells what came of one, ``differ`` where two differ, both as plain data; ``Trial`` answers the requests of the
page, whose files lie here. Nothing is kept of what is looked at, and nothing is read but what was sent.
"""

from convtool.trial.differ import differ
from convtool.trial.look import Look, look
from convtool.trial.routes import Opened, Reply, Trial

__all__ = ["Look", "Opened", "Reply", "Trial", "differ", "look"]
