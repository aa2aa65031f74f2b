"""Manifests in Parquet, which need ``pip install 'genre[remote]'``."""

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

from genre.addresses import Place
from genre.dataset.manifest.columns import NAMES, NUMBERS, TEXTS, UNKNOWN, Gathering, Manifest
from genre.errors import DatasetError
from genre.extras import explained

if TYPE_CHECKING:
    from pyarrow import DataType

_ROWS_AT_A_TIME = 65536


def read_parquet(place: Place, file: IO[bytes]) -> Manifest:
    """Read a manifest in Parquet.

    Parameters
    ----------
    place : Path or Address
        Where it lies, for messages and for relative paths.
    file : binary file
        Can be sought in.

    Returns
    -------
    Manifest

    Raises
    ------
    DatasetError
        With file, row and column.
    MissingPackageError
        Where pyarrow is not installed.
    """
    with explained():
        import pyarrow
        from pyarrow import parquet
    try:
        table = parquet.ParquetFile(file)
        schema = table.schema_arrow
        names = [name for name in NAMES if name in schema.names]
        gathering = Gathering(place, names)
        for name in names:
            _check_type(place, name, schema.field(name).type)
        n_rows = 0
        for batch in table.iter_batches(_ROWS_AT_A_TIME, columns=names):
            values = {name: batch.column(name) for name in names}
            gathering.add(
                {name: _texts(values[name]) for name in TEXTS if name in values},
                {
                    name: _numbers(place, name, values[name], n_rows)
                    for name in NUMBERS
                    if name in values
                },
            )
            n_rows += batch.num_rows
    except (pyarrow.ArrowException, OSError, ValueError, KeyError) as error:
        words = " ".join(str(error).split())
        raise DatasetError(f"{place} must be readable Parquet: {words}; write it anew") from error
    return gathering.done()


def _check_type(place: Place, name: str, kind: "DataType") -> None:
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_null(kind):
        return
    is_text = types.is_string(kind) or types.is_large_string(kind)
    is_list = name == "genres" and types.is_list(kind)
    is_right = types.is_integer(kind) if name in NUMBERS else is_text or is_list
    if not is_right or (name == "path" and not is_text):
        wanted = "whole numbers" if name in NUMBERS else "text"
        raise DatasetError(f"{place}, row 0, column {name}: must be {wanted}, and is {kind}")


def _texts(column: Any) -> Sequence[str]:  # noqa: ANN401 - an array of pyarrow
    values: list[Any] = column.to_pylist()
    return ["|".join(value) if isinstance(value, list) else value or "" for value in values]


def _numbers(place: Place, name: str, column: Any, n_before: int) -> Sequence[int]:  # noqa: ANN401
    values: list[int] = column.cast("int64").fill_null(UNKNOWN).to_pylist()
    if values and min(values) < UNKNOWN:
        row = next(row for row, value in enumerate(values) if value < UNKNOWN)
        raise DatasetError(
            f"{place}, row {n_before + row + 1}, column {name}: {values[row]} must be 0 or above"
        )
    return values


def write_parquet(file: IO[bytes], rows: Iterable[Sequence[object]]) -> None:
    """Write a manifest in Parquet.

    Parameters
    ----------
    file : binary file
        Open for writing.
    rows : iterable of sequence
        Values in the order of `NAMES`; None where unknown.

    Raises
    ------
    MissingPackageError
        Where pyarrow is not installed.
    """
    with explained():
        import pyarrow
        from pyarrow import parquet
    schema = pyarrow.schema(
        [(name, pyarrow.int64() if name in NUMBERS else pyarrow.string()) for name in NAMES]
    )
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        block: list[Sequence[object]] = []
        for row in rows:
            block.append(row)
            if len(block) == _ROWS_AT_A_TIME:
                writer.write_batch(_batch(block, schema))
                block = []
        if block:
            writer.write_batch(_batch(block, schema))


def _batch(block: Sequence[Sequence[object]], schema: Any) -> Any:  # noqa: ANN401 - of pyarrow
    import pyarrow

    return pyarrow.RecordBatch.from_arrays(
        [
            pyarrow.array(column, kind)
            for column, kind in zip(zip(*block, strict=True), schema.types, strict=True)
        ],
        schema=schema,
    )
