"""Why there is no connection, in words for the delivery log: a person has to know whether to mend a name, a receiver or a certificate."""

import socket
import ssl


def because(error: BaseException) -> str:
    """The cause that libraries wrap into errors of their own; the outermost error's name where it is none of those that are known."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate not accepted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"TLS failed: {cause.reason}"
        if isinstance(cause, socket.gaierror):
            return "the host cannot be resolved"
        if isinstance(cause, ConnectionRefusedError):
            return "nobody listens there"
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__
