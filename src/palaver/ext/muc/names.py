"""The names of XEP-0045: namespaces, status codes (§15.6), and what only a room may say."""

from typing import Final

MUC: Final = "http://jabber.org/protocol/muc"
USER: Final = f"{MUC}#user"
ADMIN: Final = f"{MUC}#admin"
OWNER: Final = f"{MUC}#owner"
ROOM_CONFIG: Final = f"{MUC}#roomconfig"
ROOM_INFO: Final = f"{MUC}#roominfo"
REQUEST: Final = f"{MUC}#request"
REGISTER: Final = f"{MUC}#register"
TRAFFIC: Final = f"{MUC}#traffic"
STABLE_ID: Final = f"{MUC}#stable_id"
SELF_PING: Final = f"{MUC}#self-ping-optimization"
RESERVED_NICK: Final = "x-roomuser-item"
OCCUPANT_ID: Final = "urn:xmpp:occupant-id:0"
HATS: Final = "urn:xmpp:hats:0"
SEARCH: Final = "urn:xmpp:channel-search:0:search"

SHOWS_ADDRESSES: Final = 100
AFFILIATION_CHANGED: Final = 101
CONFIGURATION_CHANGED: Final = 104
ONESELF: Final = 110
IS_LOGGED: Final = 170
NOT_LOGGED: Final = 171
NON_ANONYMOUS: Final = 172
SEMI_ANONYMOUS: Final = 173
CREATED: Final = 201
OTHER_NICK: Final = 210
BANNED: Final = 301
NEW_NICK: Final = 303
KICKED: Final = 307
LOST_AFFILIATION: Final = 321
MEMBERS_ONLY_NOW: Final = 322
SHUTTING_DOWN: Final = 332
FAILED: Final = 333

MUC_X: Final = f"{MUC} x"
USER_X: Final = f"{USER} x"
STANZA_ID: Final = "urn:xmpp:sid:0 stanza-id"
DELAY: Final = "urn:xmpp:delay delay"
OCCUPANT_ID_KEY: Final = f"{OCCUPANT_ID} occupant-id"
HATS_KEY: Final = f"{HATS} hats"

UNTRUSTED: Final = frozenset({MUC_X, USER_X, STANZA_ID, OCCUPANT_ID_KEY, HATS_KEY})
"""What occupants send is without these: the room adds its own (XEP-0045 §17.3, XEP-0421 §4).

Only the room says who wears which hat (XEP-0317 §3).
"""
