"""HTTP over a bundle: upload a file, get its genres.

`engine` decodes in killable workers and scores, `app` speaks HTTP, `server` owns the sockets.
"""
