"""What a tour is about: a folder of music, and an experiment that was made with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import nn

from genre.audio import Waveform, load_waveform
from genre.audio.frontend import FrontEndConfig
from genre.audio.mel import MelConfig
from genre.config import from_mapping
from genre.dataset.labels import Selection, SelectionConfig, select_genres
from genre.dataset.music import Music
from genre.dataset.splits import Split, load_split
from genre.dataset.tracks import Track
from genre.errors import DatasetError
from genre.evaluation.comparison import analyse
from genre.evaluation.comparison.results import Comparison
from genre.evaluation.inputs import Experiment, ExperimentFolder, PooledRun, RecordedRun
from genre.evaluation.inputs.records import FROZEN
from genre.evaluation.metrics.choice import Choice, mean_choice
from genre.evaluation.report.answer import chosen_on_validation
from genre.inference.bundle import Bundle, load_bundle
from genre.loading import load_tagger
from genre.models import load_network
from genre.sample import is_made_here
from genre.tagging import Tagger, TrackTags
from genre.tour.shown import Sound

_KINDS = ("channel", "spatial")


@dataclass(frozen=True)
class Subject:
    """Music and experiment, and what is read of them once.

    Parameters
    ----------
    music : Music
        From `genre.open_folder`.
    experiment : Experiment
        From `genre.evaluation.load_experiment`.
    """

    music: Music
    experiment: Experiment

    @cached_property
    def comparison(self) -> Comparison:
        """Every score with its interval, and every difference."""
        return analyse(self.experiment)

    @cached_property
    def selection(self) -> Selection:
        """The tracks and genres that were trained on."""
        known = self.experiment.description
        chosen = {name: known.config[name] for name in ("min_tracks", "min_artists", "max_genres")}
        config = from_mapping(SelectionConfig, chosen)
        split_by: Literal["artist", "track"] = "track" if known.split_by == "track" else "artist"
        return select_genres(self.music.audible, config, split_by=split_by)

    @cached_property
    def by_id(self) -> dict[str, Track]:
        """Those tracks by their ids."""
        return {track.track_id: track for track in self.selection.tracks}

    @cached_property
    def y_true(self) -> NDArray[np.bool_]:
        """The genres of those tracks: bool, of shape (n_tracks, n_genres)."""
        return self.selection.vocabulary.encode(self.selection.tracks)

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Their genres, as they are written for people."""
        return tuple(map(self.experiment.called, self.selection.vocabulary.genres))

    @property
    def configurations(self) -> list[str]:
        """The names of what was trained."""
        return sorted(self.experiment.runs, reverse=True)

    @cached_property
    def best(self) -> RecordedRun:
        """The training that the pictures of one training are of: the lowest seed and fold.

        Its configuration is the best on validation of those whose whole network was trained.
        """
        trained = [
            run
            for run in self.experiment.records
            if run.record.config.get("architecture") != FROZEN
        ]
        if not trained:
            folder = self.experiment.folder
            raise DatasetError(f"experiment={folder} must hold a finished training of a network")
        return self._best_of(trained)

    @cached_property
    def attending(self) -> RecordedRun:
        """The training that pictures of attention are of: the best with any, else the best."""
        having = [
            run
            for run in self.experiment.records
            if any(run.record.config.get("model", {}).get(f"{kind}_attention") for kind in _KINDS)
        ]
        return self._best_of(having) if having else self.best

    def _best_of(self, runs: Sequence[RecordedRun]) -> RecordedRun:
        names = {run.place.configuration for run in runs}
        name = chosen_on_validation(self.comparison)
        if name not in names:
            name = max(names, key=lambda one: _mean_choice(self.experiment.runs[one]))
        own = (run for run in runs if run.place.configuration == name)
        winner = self.experiment.description.winner
        in_best = PurePosixPath(winner.run if winner else "")

        def _distance(run: RecordedRun) -> tuple[bool, bool, int, int]:
            place = PurePosixPath(run.place.name)
            # another fold's model has learned the test tracks of this one
            return place != in_best, place.name != in_best.name, run.place.seed, run.place.fold or 0

        return min(own, key=_distance)

    @cached_property
    def run(self) -> PooledRun:
        """Its scores of all test tracks."""
        return self.experiment.runs[self.best.place.configuration][self.best.place.seed]

    @cached_property
    def bundle(self) -> Bundle:
        """Its model."""
        return load_bundle(self.best.folder.bundle)

    @property
    def mel_config(self) -> MelConfig:
        """How it is listened to."""
        if not isinstance(self.bundle.front_end, FrontEndConfig):
            raise DatasetError("the model shown must listen to log-mel")
        return self.bundle.front_end.mel

    @cached_property
    def network(self) -> nn.Module:
        """Its network."""
        return load_network(self.bundle, self.best.folder.bundle)

    @cached_property
    def split(self) -> Split:
        """What it learned from, was chosen by and is tested on."""
        folder = ExperimentFolder(self.experiment.folder)
        return load_split(folder.split(self.best.place.fold))

    @cached_property
    def test_tracks(self) -> list[Track]:
        """What it is tested on."""
        return [self.by_id[track_id] for track_id in self.split.test]

    @cached_property
    def example(self) -> Track:
        """The first test track with as many genres as any."""
        return max(self.test_tracks, key=lambda track: len(track.genres))

    @cached_property
    def waveform(self) -> Waveform:
        """Its sound."""
        return load_waveform(_here(self.example))

    @cached_property
    def mel(self) -> NDArray[np.float32]:
        """Its log-mel spectrogram: dB, of shape (n_frames, n_mels)."""
        return self.mel_of(self.example)

    @cached_property
    def tagger(self) -> Tagger:
        """The model that the experiment chose among all."""
        return load_tagger(ExperimentFolder(self.experiment.folder).best)

    @cached_property
    def tags(self) -> TrackTags:
        """What it says of the example."""
        return self.tagger.tag(self.example.path)

    def mel_of(self, track: Track) -> NDArray[np.float32]:
        """Read the log-mel spectrogram of a track.

        Parameters
        ----------
        track : Track
            Of the music.

        Returns
        -------
        ndarray of shape (n_frames, n_mels), dB
        """
        return np.asarray(self.music.store.load(track), dtype=np.float32)

    def sound_of(self, track: Track) -> tuple[Sound, ...]:
        """Take the sound of a track, where this project made it; the user's is never kept.

        Parameters
        ----------
        track : Track
            Of the music.

        Returns
        -------
        tuple of Sound
            One or none.
        """
        root = self.music.root
        if not isinstance(root, Path) or not is_made_here(root, track.sha256):
            return ()
        heard = self.waveform if track is self.example else load_waveform(_here(track))
        return (Sound(heard.samples, heard.sample_rate),)

    def genres_of(self, track: Track) -> str:
        """Write the genres of a track.

        Parameters
        ----------
        track : Track
            Of the music.
        """
        return ", ".join(map(self.experiment.called, track.genres))


def _mean_choice(by_seed: Mapping[int, PooledRun]) -> Choice:
    return mean_choice([run.val_choice for run in by_seed.values()])


def _here(track: Track) -> Path:
    if not isinstance(track.path, Path):
        raise DatasetError(f"track={track.track_id} must lie on this machine to be heard")
    return track.path
