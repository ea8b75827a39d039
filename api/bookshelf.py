"""Rule books, shadows and rollout phases as the tables hold them."""

from collections import Counter
from typing import Final

from api.models.common import dollars, instant
from api.models.rules import BookVersion, HospitalPhase, RolloutAnswer, ShadowAnswer, ShadowDiffers, ShadowRunning
from api.store import Store

_VERSIONS: Final = (
    "SELECT version, toUnixTimestamp64Milli(max(at)), argMax(activated_by, at) FROM policies "
    "GROUP BY version ORDER BY max(at) DESC, version"
)
_TEXT: Final = "SELECT text FROM policies WHERE version = {version:String} LIMIT 1"
_SHADOWED: Final = "SELECT text, shadowed_by FROM shadows WHERE version = {version:String} ORDER BY at DESC"
_RUNNING: Final = (
    "SELECT partition, argMax(version, position), argMax(toUnixTimestamp64Milli(at), position), argMax(shadowed_by, position) "
    "FROM shadows GROUP BY partition ORDER BY partition"
)
_DIFFERING: Final = (
    "SELECT d.policy, d.recorded, d.outcome, count(), sum(d.amount_cents), groupArrayIf(r.code, r.code != ''), "
    "groupArray(10)(d.transaction_id) "
    "FROM shadow_decisions AS d "
    "INNER JOIN (SELECT partition, max(position) AS since FROM shadows WHERE version != '' GROUP BY partition) AS s "
    "ON s.partition = d.partition "
    "LEFT JOIN (SELECT transaction_id, argMin(code, position) AS code FROM payment_events "
    "WHERE status IN ('returned', 'charged_back') GROUP BY transaction_id) AS r ON r.transaction_id = d.transaction_id "
    "WHERE d.position > s.since GROUP BY d.policy, d.recorded, d.outcome ORDER BY d.policy, d.recorded, d.outcome"
)
_PHASES: Final = (
    "SELECT hospital_id, partition, argMax(phase, position), argMax(toUnixTimestamp64Milli(at), position), argMax(changed_by, position) "
    "FROM rollouts GROUP BY hospital_id, partition ORDER BY hospital_id, partition"
)


class Bookshelf:
    """Asks ClickHouse. `default` is version and text of the book that ships, `partitions` how many there are."""

    def __init__(self, store: Store, default: tuple[str, str], partitions: int) -> None:
        self._store = store
        self._default = default
        self._partitions = partitions

    async def versions(self) -> list[BookVersion]:
        """Every version that was ever in force, the latest activation first, the book that ships at least last."""
        rows = await self._store.ask(_VERSIONS)
        found = [BookVersion(version=version, activated_at=instant(at_ms), activated_by=who) for version, at_ms, who in rows]
        if self._default[0] not in {each.version for each in found}:
            found.append(BookVersion(version=self._default[0], activated_at=None, activated_by=""))
        return found

    async def text(self, version: str) -> str | None:
        """The text of a version, None for one that was neither ever in force nor run as a shadow."""
        rows = await self._store.ask(_TEXT, {"version": version}) or await self._store.ask(_SHADOWED, {"version": version})
        if rows:
            return str(rows[0][0])
        return self._default[1] if version == self._default[0] else None

    async def tried_by(self, version: str) -> frozenset[str]:
        """Who ran this version as a shadow."""
        return frozenset(str(who) for _, who in await self._store.ask(_SHADOWED, {"version": version}))

    async def shadow(self) -> ShadowAnswer:
        """What runs beside the book in force, and what it would have decided otherwise."""
        running = await self._store.ask(_RUNNING)
        differing = await self._store.ask(_DIFFERING)
        return ShadowAnswer(
            running=[
                ShadowRunning(partition=partition, version=version, since=instant(since_ms), shadowed_by=who)
                for partition, version, since_ms, who in running
                if version
            ],
            differing=[
                ShadowDiffers(
                    version=policy,
                    recorded=recorded,
                    shadow=outcome,
                    payments=count,
                    amount=dollars(amount_cents),
                    returned=dict(sorted(Counter(codes).items())),
                    examples=list(examples),
                )
                for policy, recorded, outcome, count, amount_cents, codes, examples in differing
            ],
        )

    async def rollout(self) -> RolloutAnswer:
        """The phase of each hospital that is, or once was, not live."""
        by_hospital: dict[str, list[tuple[str, int, str]]] = {}
        for hospital, _, phase, at_ms, who in await self._store.ask(_PHASES):
            by_hospital.setdefault(hospital, []).append((phase, at_ms, who))
        return RolloutAnswer(hospitals=[self._hospital(name, said) for name, said in by_hospital.items()])

    def _hospital(self, name: str, said: list[tuple[str, int, str]]) -> HospitalPhase:
        phases = [phase for phase, _, _ in said] + ["live"] * (self._partitions - len(said))
        _, at_ms, who = max(said, key=lambda each: each[1])
        return HospitalPhase.model_validate(
            {"hospital_id": name, "phases": list(dict.fromkeys(phases)), "since": instant(at_ms), "changed_by": who}
        )
