"""A tour's first room: what is in the folder, what a track looks like, how it is split."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import librosa.display
import numpy as np
import pandas as pd

from genre.dataset.doctor import Examination, examine, headline, outlook, steps
from genre.dataset.splits import check_leaks
from genre.evaluation import plots
from genre.tour.shown import Shown, as_list
from genre.tour.subject import Subject
from genre.wording import counted

SHOWN_SECONDS = 20


@dataclass(frozen=True)
class Folder:
    """Pictures of the music.

    Parameters
    ----------
    subject : Subject
        What the tour is about.
    """

    subject: Subject

    @cached_property
    def _examination(self) -> Examination:
        music, known = self.subject.music, self.subject.experiment.description
        names = {**music.found.display_names, **known.display_names}  # as training wrote them
        return examine(replace(music, found=replace(music.found, display_names=names)))

    def facts(self) -> Shown:
        """Count what is there, and what was left out."""
        selection, store = self.subject.selection, self.subject.music.store
        seconds = sum(store.facts(track).duration_seconds for track in selection.tracks)
        facts = {
            "tracks": len(selection.tracks),
            "hours of music": f"{seconds / 3600:.2f}",
            "artists": len({track.artist for track in selection.tracks}),
            "genres": len(self.subject.genres),
            "files left out as bad": len(self.subject.music.faults),
            "genres dropped": len(selection.dropped),
            "tracks dropped with them": selection.n_tracks_dropped,
        }
        shares = dict(zip(self.subject.genres, self.subject.y_true.mean(axis=0), strict=True))
        largest, smallest = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
        words = (
            f"The largest genre is {largest}, with {shares[largest]:.0%} of the tracks; the "
            f"smallest is {smallest}, with {shares[smallest]:.0%}."
        )
        return Shown(words, (pd.Series(facts, name="in the folder").to_frame(),))

    def genres(self) -> Shown:
        """Draw how many tracks each genre has, by how many genres they have."""
        n_genres = self.subject.y_true.sum(axis=1)
        parts = {
            f"tracks with {counted(int(n), 'genre')}": self.subject.y_true[n_genres == n].sum(
                axis=0
            )
            for n in sorted(set(n_genres))
        }
        several = int((n_genres > 1).sum())
        words = f"{several} of {counted(len(n_genres), 'track')} have more than one genre."
        return Shown(words, (plots.plot_genre_counts(self.subject.genres, parts),))

    def together(self) -> Shown:
        """Draw how many tracks have both of two genres."""
        names, y_true = self.subject.genres, self.subject.y_true
        both = {
            (names[a], names[b]): int((y_true[:, a] & y_true[:, b]).sum())
            for a, b in combinations(range(len(names)), 2)
        }
        most = max(both, key=both.__getitem__, default=None)
        words = "No track has two genres."
        if most is not None and both[most]:
            words = f"Most often together: {' and '.join(most)}, on {counted(both[most], 'track')}."
        return Shown(words, (plots.plot_genre_cooccurrence(names, y_true),))

    def artists(self) -> Shown:
        """Draw how many artists each genre has, and how much of it one of them made."""
        table = pd.DataFrame(self._examination.genres).set_index("genre")
        table = table.reindex(self.subject.genres)
        n_artists, share = table["n_artists"], table["top_artist_share"]
        words = (
            f"Fewest artists: {n_artists.idxmin()}, with {n_artists.min():.0f}. The most that one "
            f"artist made of a genre is {share.max():.0%}, of {share.idxmax()}."
        )
        picture = plots.plot_artists_per_genre(
            self.subject.genres, n_artists.to_numpy(), share.to_numpy()
        )
        return Shown(words, (picture,))

    def doctor(self) -> Shown:
        """List what to mend first, and what this folder can and cannot show."""
        found = [f"{one.count}: {one.title}. {one.what_to_do}" for one in steps(self._examination)]
        lines = [headline(self._examination), *(found or ["nothing to mend"])]
        return Shown(as_list([*lines, *outlook(self._examination)]))

    def track(self) -> Shown:
        """Draw the beginning of a test track as its network gets it, and let it be heard."""
        subject = self.subject
        track, heard, windowing = subject.example, subject.waveform, subject.bundle.windowing
        mel, per_second = subject.mel_config, subject.mel_config.frames_per_second
        starts = windowing.starts_seconds(len(subject.mel))
        shown = starts[starts < SHOWN_SECONDS - windowing.n_frames / per_second / 2]
        genres = subject.genres_of(track)
        picture = plots.plot_track(
            heard.samples[: SHOWN_SECONDS * heard.sample_rate],
            subject.mel[: round(SHOWN_SECONDS * per_second)],
            sample_rate=mel.sample_rate,
            hop_length=mel.hop_length,
            band_edges_hz=(mel.f_min, mel.f_max),
            window_starts=np.rint(shown * per_second),
            window_frames=windowing.n_frames,
            display=librosa.display,
            title=f"{track.track_id}: {genres}",
        )
        seconds = len(subject.mel) / per_second
        words = f"It lasts {seconds:.1f} s and is heard in {counted(len(starts), 'window')}."
        return Shown(words, (picture, *subject.sound_of(track)))

    @cached_property
    def _parts(self) -> dict[str, tuple[str, ...]]:
        split = self.subject.split
        return {"training": split.train, "validation": split.val, "test": split.test}

    def split(self) -> Shown:
        """Draw how many tracks of each genre are in each part."""
        vocabulary, by_id = self.subject.selection.vocabulary, self.subject.by_id
        counts = {
            part: vocabulary.encode([by_id[one] for one in ids]).sum(axis=0)
            for part, ids in self._parts.items()
        }
        rarest = int(np.argmin(counts["test"]))
        sizes = ", ".join(f"{len(ids)} for {part}" for part, ids in self._parts.items())
        words = (
            f"Tracks: {sizes}. What is said of {self.subject.genres[rarest]} rests on "
            f"{counted(int(counts['test'][rarest]), 'test track')}."
        )
        return Shown(words, (plots.plot_genre_counts(self.subject.genres, counts),))

    def leaks(self) -> Shown:
        """Count what each pair of parts shares; an error where it must not."""
        tracks, by_id = self.subject.selection.tracks, self.subject.by_id
        check_leaks(tracks, self.subject.split)
        rows = {}
        for a, b in combinations(self._parts, 2):
            ours, theirs = ([by_id[one] for one in self._parts[part]] for part in (a, b))
            rows[f"{a} and {b}"] = {
                "shared artists": _n_shared([[t.artist for t in part] for part in (ours, theirs)]),
                "shared recordings": _n_shared(
                    [[t.recording or t.sha256 for t in part] for part in (ours, theirs)]
                ),
                "artists": " and ".join(
                    str(len({t.artist for t in part})) for part in (ours, theirs)
                ),
            }
        table = pd.DataFrame(rows).T
        n_shared = int(table[["shared artists", "shared recordings"]].to_numpy().sum())
        return Shown("Nothing leaks." if not n_shared else f"{n_shared} are shared.", (table,))


def _n_shared(parts: list[list[str]]) -> int:
    return len(Counter(set(parts[0])) & Counter(set(parts[1])))
