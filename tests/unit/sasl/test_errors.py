from palaver.sasl import Condition, SaslError


def test_conditions_are_those_of_rfc_6120_section_6_5() -> None:
    assert {str(condition) for condition in Condition} == {
        "aborted",
        "account-disabled",
        "credentials-expired",
        "encryption-required",
        "incorrect-encoding",
        "invalid-authzid",
        "invalid-mechanism",
        "malformed-request",
        "mechanism-too-weak",
        "not-authorized",
        "temporary-auth-failure",
    }


def test_an_error_shows_condition_and_text() -> None:
    assert str(SaslError(Condition.ABORTED)) == "aborted"
    assert str(SaslError(Condition.NOT_AUTHORIZED, "why")) == "not-authorized: why"
