"""Decisions on what later decisions stand on: rule books, shadows, rollout phases."""

from collections.abc import Callable

from ledger import effects as fx
from ledger.events import GovernanceEvent, PolicyActivated, PolicyData, PolicyShadowed, RolloutData, ShadowData
from ledger.governance import DEBITS_HELD, LIVE, Governance
from ledger.policy import Rules
from ledger.refusal import Refusal

Compile = Callable[[str], Rules | str]
"""Compiles the text of a rule book, or says why not."""


def decide_governance(standing: Governance, event: GovernanceEvent, compile_rules: Compile) -> list[fx.AnyEffect]:
    """Effects of one event on what is in force. Never empty; past the last refusal the new rule book is known to compile."""
    if isinstance(event, PolicyActivated):
        return _activated(standing, event.data, compile_rules)
    if isinstance(event, PolicyShadowed):
        return _shadowed(standing, event.data, compile_rules)
    return _rollout(standing, event.data)


def _activated(standing: Governance, data: PolicyData, compile_rules: Compile) -> list[fx.AnyEffect]:
    """A rule book comes into force, an earlier one as well: that is a roll-back. A shadow with the same text has done its work."""
    if data.text == standing.policy_text:
        return [fx.Refused(Refusal.POLICY_IN_FORCE, data.version)]
    rules = compile_rules(data.text)
    if isinstance(rules, str):
        return [fx.Refused(Refusal.POLICY_INVALID, data.version, rules)]
    if standing.taken(rules.version, data.text):
        return [_taken(rules.version)]
    activated = fx.PolicyActivated(rules.version, data.text, data.activated_by)
    return [activated, fx.PolicyShadowed()] if data.text == standing.shadow_text else [activated]


def _shadowed(standing: Governance, data: ShadowData, compile_rules: Compile) -> list[fx.AnyEffect]:
    if data.text == standing.shadow_text:
        return [fx.Refused(Refusal.DUPLICATE, "shadow")]
    if not data.text:
        return [fx.PolicyShadowed(shadowed_by=data.shadowed_by)]
    if data.text == standing.policy_text:
        return [fx.Refused(Refusal.POLICY_IN_FORCE, "shadow", "a shadow of the book in force would never differ")]
    rules = compile_rules(data.text)
    if isinstance(rules, str):
        return [fx.Refused(Refusal.POLICY_INVALID, "shadow", rules)]
    if standing.taken(rules.version, data.text):
        return [_taken(rules.version)]
    return [fx.PolicyShadowed(rules.version, data.text, data.shadowed_by)]


def _rollout(standing: Governance, data: RolloutData) -> list[fx.AnyEffect]:
    if standing.phases.get(data.hospital_id, LIVE) == data.phase:
        return [fx.Refused(Refusal.DUPLICATE, data.hospital_id, data.phase)]
    if data.phase == DEBITS_HELD and standing.phases.get(data.hospital_id, LIVE) != LIVE:
        return [fx.Refused(Refusal.ROLLOUT_PHASE, data.hospital_id, "a hospital that is not live is held back already")]
    return [fx.RolloutChanged(data.hospital_id, data.phase, data.changed_by)]


def _taken(version: str) -> fx.Refused:
    return fx.Refused(Refusal.POLICY_VERSION_TAKEN, version, "raise the version: it was in force with another text")
