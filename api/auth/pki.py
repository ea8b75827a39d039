"""A certificate authority of our own, for development and for small installations; any other authority's files do as well.

Certificates are ECDSA P-256. A certificate is known by its thumbprint: SHA-256 of its DER, base64url, as RFC 8705 section 3.1 has it.
"""

import base64
import datetime as dt
import hashlib
import ipaddress
from collections.abc import Iterable
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS: Final = 3650
LEAF_DAYS: Final = 397
"""The longest that browsers accept."""
_BACKDATED: Final = dt.timedelta(minutes=5)


class Pair(NamedTuple):
    """A certificate and its private key, PEM."""

    certificate: bytes
    key: bytes


def authority(name: str, now: dt.datetime) -> Pair:
    """A new certificate authority that signs certificates and nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    builder = (
        _builder(subject, subject, key.public_key(), now, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _pair(builder.sign(key, hashes.SHA256()), key)


def server(ca: Pair, names: Iterable[str], now: dt.datetime, days: int = LEAF_DAYS) -> Pair:
    """A certificate for a server that answers under these names and addresses."""
    listed = list(names)
    alternatives = x509.SubjectAlternativeName([_alternative(name) for name in listed])
    return _leaf(ca, listed[0], now, days, (ExtendedKeyUsageOID.SERVER_AUTH,), alternatives)


def client(ca: Pair, name: str, now: dt.datetime, days: int = LEAF_DAYS) -> Pair:
    """A certificate for a client of this name."""
    return _leaf(ca, name, now, days, (ExtendedKeyUsageOID.CLIENT_AUTH,), None)


def thumbprint(der: bytes) -> str:
    """`x5t#S256` of a certificate."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")


def described(certificate: bytes) -> tuple[str, dt.datetime]:
    """Thumbprint and last instant of a PEM certificate. Raises ValueError for what is none."""
    read = x509.load_pem_x509_certificate(certificate)
    return thumbprint(read.public_bytes(serialization.Encoding.DER)), read.not_valid_after_utc


def _leaf(
    ca: Pair, name: str, now: dt.datetime, days: int, purposes: tuple[x509.ObjectIdentifier, ...], more: x509.SubjectAlternativeName | None
) -> Pair:
    issuer = x509.load_pem_x509_certificate(ca.certificate)
    issuer_key = serialization.load_pem_private_key(ca.key, None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(name), issuer.subject, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if more is not None:
        builder = builder.add_extension(more, critical=False)
    return _pair(builder.sign(issuer_key, hashes.SHA256()), key)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    begins = now - _BACKDATED  # clocks of other machines may be a little behind
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "HMS-ACH"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    pem = serialization.Encoding.PEM
    return Pair(
        certificate.public_bytes(pem),
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
