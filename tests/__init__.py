"""The tests; this file is the first of them to be imported."""

import os

# Before any library reads them: the tests' work is too small to gain from threads, and threads that
# wait for each other are many times slower on a busy machine.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
