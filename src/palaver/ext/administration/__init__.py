"""Service administration (XEP-0133): the commands of its registry, a file for each kind.

Each is run on a virtual host and is about that host alone; only stopping concerns all of them.

Two deliberate differences from the specification. ``get-user-password``, which its version 1.3
retracted, does not exist: there is no password to get, only keys. And ``edit-blacklist`` and
``edit-whitelist`` work in both directions at once; there are none for one direction.
"""
