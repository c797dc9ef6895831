"""Microblogs and social feeds (XEP-0277, XEP-0472): says which nodes have rules, and that they do.

Posts are published, subscribed to and read as items of any node are (XEP-0060).
"""

from typing import ClassVar

from palaver.ext.microblog.profiles import (
    GALLERY,
    MICROBLOG,
    SOCIAL,
    Comments,
    Gallery,
    Microblog,
    Social,
)
from palaver.ext.pubsub.profile import Profiled
from palaver.kernel.extension import Extension, Xep


class Microblogs(Extension, Profiled):
    """Keeps the nodes of posts as their readers expect them."""

    name: ClassVar = "microblog"
    implements: ClassVar = (
        Xep(277, "0.6.5", "notifications have no message body"),
        Xep(472, "0.2.1", "notifications have no message body"),
    )
    account_features: ClassVar = (GALLERY, MICROBLOG, SOCIAL)
    requires: ClassVar = ("pubsub",)
    profiles: ClassVar = (Comments(), Microblog(), Gallery(), Social())
    service_features: ClassVar = (GALLERY, MICROBLOG, SOCIAL)
