"""What a message is found by: words in many scripts, and never what cannot be read."""

import pytest

from palaver.ext.archive.words import asked, text_of, words_of


def message(inner: str) -> bytes:
    return f"<message from='romeo@montague.example/o' type='chat'>{inner}</message>".encode()


def is_found(said: str, wanted: str) -> bool:
    """Tell whether a search finds a message, as an index does it."""
    words = words_of(message(f"<body>{said}</body>"))
    search = asked(wanted)
    assert search
    return all(
        any(each == word.text or (word.beginning and each.startswith(word.text)) for each in words)
        for word in search
    )


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("But soft, what light!", "soft light"),
        ("But soft, what light!", "SOFT"),
        ("messages", "message"),
        ("Ça me plaît", "ca plait"),
        ("Привет, мир", "ПРИВЕТ"),
        ("Grüße aus Zürich", "grusse zurich"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full"),
        ("你好，世界", "世界"),
        ("我们明天在北京见面", "北京"),
        ("我们明天在北京见面", "北京见面"),
        ("我们明天在北京见面", "面"),
        ("我们明天在北京见面", "明"),
        ("使用Palaver聊天", "palaver 聊天"),
        ("東京タワーへ行く", "タワー"),
        ("안녕하세요 여러분", "안녕"),
        ("สวัสดีครับ", "ครับ"),
        ("Tom &amp; Jerry &lt;3", "jerry"),
        ("call 555-1234", "1234"),
    ],
)
def test_it_is_found(said: str, wanted: str) -> None:
    assert is_found(said, wanted)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("light", "flight"),
        ("a be see", "bee"),
        ("我们明天在北京见面", "京北"),
        ("amp", "lt"),
    ],
)
def test_it_is_not_found(said: str, wanted: str) -> None:
    assert not is_found(said, wanted)


@pytest.mark.parametrize("wanted", ["", "   ", "!?*", '"', "😀", "%_"])
def test_a_search_may_have_no_words(wanted: str) -> None:
    assert asked(wanted) == ()


def test_operators_of_the_engines_mean_nothing() -> None:
    wanted = asked('"a" NEAR b* OR -c (d) + ~e @f &amp; | <-> \' :*')
    assert [word.text for word in wanted] == ["a", "near", "b", "or", "c", "d", "e", "f", "amp"]


@pytest.mark.parametrize(
    "inner",
    [
        "<body>I sent an encrypted message</body><encrypted xmlns='urn:xmpp:omemo:2'/>",
        "<body>x</body><encrypted xmlns='eu.siacs.conversations.axolotl'><header/></encrypted>",
        "<body>x</body><openpgp xmlns='urn:xmpp:openpgp:0'>abc</openpgp>",
        "<body>x</body><x xmlns='jabber:x:encrypted'>abc</x>",
        "<body>x</body><encryption xmlns='urn:xmpp:eme:0' namespace='a'/>",
        "<result><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>"
        "<body>x</body></message></forwarded></result>",
        "<received xmlns='urn:xmpp:receipts' id='body'/>",
    ],
)
def test_what_is_encrypted_or_quoted_is_not_indexed(inner: str) -> None:
    assert text_of(message(inner)) == ""
    assert words_of(message(inner)) == []


def test_every_language_of_a_message_is_indexed() -> None:
    both = message("<body>hello</body><body xml:lang='zh'>你好</body>")
    assert set(words_of(both)) == {"hello", "你好", "好"}


def test_characters_as_data_are_read() -> None:
    assert words_of(message("<body><![CDATA[some <text>]]></body>")) == ["some", "text"]


def test_a_long_message_has_so_many_words_and_no_more() -> None:
    said = " ".join(f"word{number}" for number in range(5_000))
    assert len(words_of(message(f"<body>{said}</body>"))) == 1_000


def test_a_long_search_has_so_many_words_and_no_more() -> None:
    assert len(asked(" ".join(map(str, range(500))))) == 20
