"""The fold of the effects in `ledger.remittance_effects`."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from ledger import remittance_effects as fx
from ledger.account import Account
from ledger.advice import Advice, Trace, with_advice


def _advised(account: Account, effect: fx.RemittanceAdvised, at_ms: int) -> Account:
    trace = Trace(effect.reassociation_trace, effect.payer_id)
    advice = Advice(effect.advice_id, effect.hospital_id, trace, effect.amount_cents, effect.day, effect.pays)
    return replace(
        account,
        advices={**account.advices, advice.advice_id: advice},
        traces=with_advice(account.traces, advice),
        hospital_id=account.hospital_id or effect.hospital_id,
        opened_at_ms=account.opened_at_ms or at_ms,
    )


def _reassociated(account: Account, effect: fx.Reassociated, _: int) -> Account:
    found = replace(account.advices[effect.advice_id], deposit_id=effect.deposit_id)
    return replace(account, advices={**account.advices, found.advice_id: found})


FOLDS: dict[type, Callable[[Account, Any, int], Account]] = {fx.RemittanceAdvised: _advised, fx.Reassociated: _reassociated}
