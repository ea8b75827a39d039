"""The check behind `hms-ach verify --bundle`: a file and a public key, and nothing else."""

import base64
import binascii
from pathlib import Path
from typing import NamedTuple

from cli.errors import UserError
from journal.evidence import Bundle, Fault, fingerprint, read

_KEY_BYTES = 32


class Checked(NamedTuple):
    """A bundle, and what does not hold."""

    bundle: Bundle
    faults: list[Fault]


def check(file: Path, key: Path) -> Checked:
    """Check a bundle against a public key, raw or in base64. Raises UserError for files that are neither."""
    from ach.rail import AchRail
    from api.evidence import faults

    found = read(file.read_bytes())
    if isinstance(found, str):
        raise UserError(f"{file}: {found}")
    return Checked(found, faults(found, _known(key), AchRail().business_date))


def lines(checked: Checked) -> list[str]:
    """What to tell a person."""
    payload = checked.bundle.payload
    runs = sum(len(run.hashes) for run in payload.chains)
    return [
        f"Payment {payload.transaction_id} of account {payload.credit_reference}, {payload.trace.get('status', 'unknown')}.",
        f"{len(payload.records)} journal records on a chain of {runs:,}, taken {payload.made_at} for {payload.made_for}.",
        f"Signed by {fingerprint(checked.bundle.key)}.",
        *(f"{fault.check}: {fault.what}" for fault in checked.faults),
        "Everything holds." if not checked.faults else f"{len(checked.faults)} things do not hold: this is no evidence.",
    ]


def _known(path: Path) -> bytes:
    if not path.exists():
        raise UserError(f"There is no public key in {path}; name one with --key (GET /api/v1/evidence/key gives it).")
    data = path.read_bytes()
    if len(data) != _KEY_BYTES:
        try:
            data = base64.b64decode(data.strip(), validate=True)
        except (binascii.Error, ValueError):
            data = b""
    if len(data) != _KEY_BYTES:
        raise UserError(f"{path} holds no Ed25519 public key: 32 bytes, raw or in base64.")
    return data
