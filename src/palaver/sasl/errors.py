"""What SASL failures are called on an XMPP stream (RFC 6120 §6.5)."""

from enum import StrEnum


class Condition(StrEnum):
    """Names a SASL failure; the value is the element in ``<failure/>``."""

    ABORTED = "aborted"
    ACCOUNT_DISABLED = "account-disabled"
    CREDENTIALS_EXPIRED = "credentials-expired"
    ENCRYPTION_REQUIRED = "encryption-required"
    INCORRECT_ENCODING = "incorrect-encoding"
    INVALID_AUTHZID = "invalid-authzid"
    INVALID_MECHANISM = "invalid-mechanism"
    MALFORMED_REQUEST = "malformed-request"
    MECHANISM_TOO_WEAK = "mechanism-too-weak"
    NOT_AUTHORIZED = "not-authorized"
    TEMPORARY_AUTH_FAILURE = "temporary-auth-failure"


class SaslError(Exception):
    """Ends an authentication attempt.

    *condition* goes to the client as it is; *text* is for people, may be empty, and never says
    whether an account exists.
    """

    def __init__(self, condition: Condition, text: str = "") -> None:
        super().__init__(f"{condition}: {text}" if text else str(condition))
        self.condition = condition
        self.text = text


def malformed(text: str) -> SaslError:
    """Make the error for a message that breaks its mechanism's grammar or limits."""
    return SaslError(Condition.MALFORMED_REQUEST, text)


def not_authorized(text: str = "") -> SaslError:
    """Make the error for credentials that do not hold."""
    return SaslError(Condition.NOT_AUTHORIZED, text)
