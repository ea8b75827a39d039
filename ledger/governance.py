"""What decisions of a partition stand on besides its accounts: the rule book in force, a shadow, and the rollout of each hospital.

It is the fold of the effects that concern the whole partition, and is kept with its checkpoints.
"""

from hashlib import sha256

from msgspec import Struct, field
from msgspec.structs import replace

from ledger import effects as fx

LIVE = "live"
SHADOW = "shadow"
ASSISTED = "assisted"
PAUSED = "paused"
DEBITS_HELD = "debits_held"
PHASES = (SHADOW, ASSISTED, LIVE, PAUSED, DEBITS_HELD)
"""How a hospital comes in: decisions are only recorded, then confirmed by people, then act by themselves; and the brakes, for everything or
for debits alone, when too many of them come back."""


RULE_BROKEN = "rule_broken"
"""name of the alerts on rules that could not be evaluated"""


class BrokenRule(Struct, frozen=True, array_like=True):
    """A rule of a book that could not be evaluated in this partition, at the first payment where that was seen."""

    policy: str
    rule: str
    about: str
    explanation: str
    severity: str
    told: bool = False


class Governance(Struct, frozen=True, array_like=True):
    """What is in force. Dicts are never changed in place."""

    policy_text: str
    versions: dict[str, str] = field(default_factory=dict)
    """every version that was ever in force to the SHA-256 of its text: a version names one text for ever"""
    shadow_text: str = ""
    phases: dict[str, str] = field(default_factory=dict)
    """hospitals that are not live, and their phase"""
    broken: tuple[BrokenRule, ...] = ()
    """rules that ever broke, of all books: each is told once"""

    def taken(self, version: str, text: str) -> bool:
        """Whether this version was in force with another text."""
        return self.versions.get(version, digest(text)) != digest(text)

    def with_version(self, version: str, text: str) -> "Governance":
        """The same, with a text remembered under its version; the first one stays."""
        return self if version in self.versions else replace(self, versions={**self.versions, version: digest(text)})

    def with_broken(self, decided: fx.Decided) -> "Governance":
        """The same, with the rules remembered that broke in this decision; what is known of a rule and book stays."""
        known = {(each.policy, each.rule) for each in self.broken}
        found = tuple(
            BrokenRule(decided.policy, each.rule, decided.transaction_id, each.explanation, each.severity)
            for each in decided.fired
            if each.broken and (decided.policy, each.rule) not in known
        )
        return replace(self, broken=(*self.broken, *found)) if found else self

    def with_told(self, alert: fx.AlertRaised) -> "Governance":
        """The same, with the rule remembered that this alert says broke, as told."""
        told = BrokenRule(alert.policy, alert.rule, alert.about, alert.explanation, alert.severity, told=True)
        others = [each for each in self.broken if (each.policy, each.rule) != (told.policy, told.rule)]
        return replace(self, broken=(*others, told))


def govern(standing: Governance, effect: fx.AnyEffect) -> Governance:
    """What is in force after an effect; most change nothing here."""
    if isinstance(effect, fx.PolicyActivated):
        return replace(standing, policy_text=effect.text).with_version(effect.version, effect.text)
    if isinstance(effect, fx.PolicyShadowed):
        return replace(standing, shadow_text=effect.text)
    if isinstance(effect, fx.RolloutChanged):
        phases = {hospital: phase for hospital, phase in standing.phases.items() if hospital != effect.hospital_id}
        if effect.phase != LIVE:
            phases[effect.hospital_id] = effect.phase
        return replace(standing, phases=phases)
    if isinstance(effect, fx.AlertRaised) and effect.alert == RULE_BROKEN:
        told = [replace(each, told=each.told or (each.policy, each.rule) == (effect.policy, effect.rule)) for each in standing.broken]
        return replace(standing, broken=tuple(told))
    return standing


def alert_id(alert: str, window: str, own: str) -> str:
    """The id under which an alert is told: its `own`, the effect's, but that of rule and book where a rule broke.

    However many partitions notice, whoever drops repeats by id hears of it once.
    """
    return window if alert == RULE_BROKEN and window else own


def digest(text: str) -> str:
    """SHA-256 of a rule book's text."""
    return sha256(text.encode()).hexdigest()
