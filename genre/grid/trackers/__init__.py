"""Programs that draw curves of training while it runs, one module each.

Each is a class with the methods of `genre.grid.tracking.Tracker`, made with the folder of the
experiment. It writes below that folder and sends nothing anywhere, unless the program's own
environment variables name a server. Its library is imported when the first run begins.
"""
