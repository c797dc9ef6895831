"""What tests share: a real server process, a raw XMPP client, databases, the story format."""
