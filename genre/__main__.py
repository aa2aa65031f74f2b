"""`python -m genre` is `genre`."""

import sys

from genre.cli import main

if __name__ == "__main__":  # a worker that starts anew reads this file, too
    sys.exit(main())
