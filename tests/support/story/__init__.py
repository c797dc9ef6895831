"""Stories: scripted dialogues of named clients with a real server; see docs/developers/stories.md.

`parser` reads the text into the `model`, `pattern` compares stanzas, `runner` plays a story,
`collector` gives stories to pytest.
"""
