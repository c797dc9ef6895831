import pytest

from palaver.sasl import Condition, SaslError
from palaver.sasl.messages import MAX_NONCE, escape, read_client_final, read_client_first


def test_a_first_message_is_taken_apart() -> None:
    first = read_client_first(b"p=tls-exporter,a=a=2Cb@example.org,n=u=3Ds=2Cr,r=abc,x=y,z=1=2")
    assert (first.flag, first.binding) == ("p", "tls-exporter")
    assert first.authzid == "a,b@example.org"
    assert first.username == "u=s,r"
    assert first.nonce == "abc"
    assert first.header == b"p=tls-exporter,a=a=2Cb@example.org,"
    assert first.bare == b"n=u=3Ds=2Cr,r=abc,x=y,z=1=2"


@pytest.mark.parametrize("flag", ["n", "y"])
def test_without_channel_binding_there_is_only_the_flag(flag: str) -> None:
    first = read_client_first(f"{flag},,n=juliet,r=abc".encode())
    assert (first.flag, first.binding, first.authzid) == (flag, None, None)
    assert first.header + first.bare == f"{flag},,n=juliet,r=abc".encode()


def test_a_final_message_is_taken_apart() -> None:
    final = read_client_final(b"c=biws,r=abcdef,x=ext,p=cHJvb2Y=")
    assert final.binding == b"n,,"
    assert final.nonce == "abcdef"
    assert final.proof == b"proof"
    assert final.without_proof == b"c=biws,r=abcdef,x=ext"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"n",
        b"n,",
        b"n,,",
        b"n,,n=u",
        b"n,,r=abc,n=u",
        b"n,,n=,r=abc",
        b"n,,n=u,r=",
        b"n,,n=u=,r=abc",
        b"n,,n=u=2c,r=abc",
        b"n,,n=u=3,r=abc",
        b"n,,n=u\0,r=abc",
        b"n,,n=\xff,r=abc",
        b"n,,m=x,n=u,r=abc",
        b"n,,n=u,r=abc,m=x",
        b"n,,n=u,r=abc,x",
        b"n,,n=u,r=abc,x=",
        b"n,,n=u,r=abc,1=x",
        b"n,,n=u,r=abc,",
        b"n,,n=u,r=a b",
        b"n,,n=u,r=caf\xc3\xa9",
        b"n,b=x,n=u,r=abc",
        b"n,a=,n=u,r=abc",
        b"n,a,n=u,r=abc",
        b"N,,n=u,r=abc",
        b"p,,n=u,r=abc",
        b"p=,,n=u,r=abc",
        b"p=tls_unique,,n=u,r=abc",
        b"p=" + b"x" * 65 + b",,n=u,r=abc",
        b"x,,n=u,r=abc",
        b"n,,n=u,r=" + b"x" * (MAX_NONCE + 1),
        b"\xef\xbb\xbfn,,n=u,r=abc",
    ],
)
def test_a_first_message_against_the_grammar_is_malformed(message: bytes) -> None:
    with pytest.raises(SaslError) as failure:
        read_client_first(message)
    assert failure.value.condition is Condition.MALFORMED_REQUEST


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"c=biws",
        b"c=biws,r=abc",
        b"c=biws,p=cHJvb2Y=",
        b"r=abc,c=biws,p=cHJvb2Y=",
        b"c=biws,r=abc,p=cHJvb2Y=,x=y",
        b"c=biws,r=abc,p=cHJvb2Y",
        b"c=bi ws,r=abc,p=cHJvb2Y=",
        b"c=,r=abc,p=cHJvb2Y=",
        b"c=biws,r=,p=cHJvb2Y=",
        b"c=biws,r=abc,p=",
        b"c=biws,r=abc,m=x,p=cHJvb2Y=",
        b"c=biws,r=abc,p=\xff",
        b"c=biws,r=abc\0,p=cHJvb2Y=",
    ],
)
def test_a_final_message_against_the_grammar_is_malformed(message: bytes) -> None:
    with pytest.raises(SaslError) as failure:
        read_client_final(message)
    assert failure.value.condition is Condition.MALFORMED_REQUEST


def test_names_are_escaped() -> None:
    assert escape("a=b,c=2C") == "a=3Db=2Cc=3D2C"
