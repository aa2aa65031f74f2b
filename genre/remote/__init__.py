"""What lies at addresses, by way of `fsspec`: opened where it is needed, never before.

A file system is opened by the process that uses it, for connections do not survive a fork.
`systems` opens and asks, `copying` brings and puts whole files, `scratch` is the place for what
is brought, `mirror` keeps a folder and an address alike.
"""
