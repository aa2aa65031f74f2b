"""Run the tutorial's commands and write what they print below them.

``python scripts/write_tutorial.py`` works in a folder of its own that is deleted afterwards, and
changes the blocks of text in docs/tutorial.md.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from genre.atomic import write_text
from genre.cli.options import OptionParser

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tutorial.md"
MAX_LINES = 28
_STEP = re.compile(r"^```bash\n(.*?)\n```\n\n```text\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def told(page: str, folder: Path) -> str:
    """Run the commands of a page one after the other.

    Parameters
    ----------
    page : str
        Markdown: a block of bash with a command, then a block of text, several times.
    folder : Path
        Where they run.

    Returns
    -------
    str
        The page with the commands' standard output, of long ones the first lines, in the blocks of
        text.
    """

    def _run(step: re.Match[str]) -> str:
        return f"```bash\n{step[1]}\n```\n\n```text\n{_output(step[1], folder)}```"

    return _STEP.sub(_run, page)


def _output(command: str, folder: Path) -> str:
    call = "import sys; from genre.cli import main; sys.exit(main(sys.argv[1:]))"
    words = command.split()
    answer = subprocess.run(  # noqa: S603 - a command of our page
        [sys.executable, "-c", call, *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise SystemExit(f"{command}: status {answer.returncode}\n{answer.stderr}")
    lines = answer.stdout.replace(str(folder.resolve()), "…").splitlines()
    if len(lines) > MAX_LINES:
        lines = [*lines[: MAX_LINES // 2], "…", *lines[-1:]]
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the page."""
    parser = OptionParser(prog="write_tutorial.py", description=(__doc__ or "").split("\n")[0])
    parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        write_text(PAGE, told(PAGE.read_text(encoding="utf-8"), Path(folder)))
    print(f"written: {PAGE}")


if __name__ == "__main__":
    main()
