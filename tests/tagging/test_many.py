"""genre.tagging.many: each file is read by a worker and used here; `test_tagger` has the rest."""

from pathlib import Path

import numpy as np
import soundfile

from genre.addresses import Place
from genre.audio.frontend import FrontEndConfig
from genre.errors import AudioError, AudioErrorKind
from genre.tagging.many import each_file
from genre.tagging.reading import ReadTrack


def test_what_use_returns_and_raises_comes_back(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    for path in paths[:2]:
        soundfile.write(path, np.full(22050, 0.5), 22050)

    def use(path: Place, read: ReadTrack) -> int:
        if path == paths[1]:
            raise AudioError(AudioErrorKind.CRASHED, "no")
        return len(read.extracted.mel)

    good, refused, gone = each_file(paths, FrontEndConfig(), use)
    assert (good.unit, good.result, good.error) == (paths[0], 51, None)
    assert str(refused.error) == "crashed: no"
    assert isinstance(gone.error, AudioError)
    assert gone.error.kind is AudioErrorKind.MISSING
