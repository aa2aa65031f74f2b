"""A walk through an experiment, for notebooks: pictures, and beside each what it shows here.

`genre.open_tour` opens it. Each step is a method that returns a `Shown`, which a notebook displays:
a picture drawn by `genre.evaluation.plots`, a table or a few seconds of sound, then a sentence that
is computed from the same numbers.
"""

from genre.tour.shown import Shown, Sound
from genre.tour.subject import Subject
from genre.tour.walk import Tour, open_tour

__all__ = ["Shown", "Sound", "Subject", "Tour", "open_tour"]
