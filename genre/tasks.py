"""The two questions that a model can answer about a track.

Of a `multilabel` model each genre is a question of its own: is it this, yes or no. An `exclusive`
one says which: its scores are shares of one whole, and the largest is its answer.
"""

from typing import Literal, get_args

Task = Literal["multilabel", "exclusive"]

TASKS: tuple[Task, ...] = get_args(Task)
