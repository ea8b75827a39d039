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


class Governance(Struct, frozen=True, array_like=True):
    """What is in force. Dicts are never changed in place."""

    policy_text: str
    versions: dict[str, str] = field(default_factory=dict)
    """every version that was ever in force to the SHA-256 of its text: a version names one text for ever"""
    shadow_text: str = ""
    phases: dict[str, str] = field(default_factory=dict)
    """hospitals that are not live, and their phase"""

    def taken(self, version: str, text: str) -> bool:
        """Whether this version was in force with another text."""
        return self.versions.get(version, digest(text)) != digest(text)

    def with_version(self, version: str, text: str) -> "Governance":
        """The same, with a text remembered under its version; the first one stays."""
        return self if version in self.versions else replace(self, versions={**self.versions, version: digest(text)})


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
    return standing


def digest(text: str) -> str:
    """SHA-256 of a rule book's text."""
    return sha256(text.encode()).hexdigest()
