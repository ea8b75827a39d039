"""`python -m bench.chaos`: the long crash proof. Prints every fault and the oracle's word; exit code 1 when an invariant is broken."""

import argparse
import sys
import time

from bench.chaos.mutants import MORE, MUTANTS, found
from bench.chaos.proof import prove
from bench.chaos.run import Plan


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000, help="the same seed gives the same load and faults")
    parser.add_argument("--kills", type=int, default=200, help="processes killed (default 200)")
    parser.add_argument("--zombies", type=int, default=0, help="workers frozen beyond their session (default: one for ten kills)")
    parser.add_argument("--rate", type=float, default=250.0, help="messages a second (default 250)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--mutants", action="store_true", help="instead, let the proof prove itself: every mutant must be named")
    asked = parser.parse_args()
    if asked.mutants:
        return _mutants(asked.seed)
    plan = Plan(asked.seed, rate=asked.rate, workers=asked.workers)
    outcome = prove(plan, asked.kills, asked.zombies or max(1, asked.kills // 10), lambda line: print(line, flush=True))
    print(outcome.report.text())
    print(f"{outcome.kills} kills, {outcome.zombies} zombies; {outcome.facts}; seed {plan.seed}")
    return 0 if outcome.report.holds else 1


def _mutants(seed: int) -> int:
    escaped = []
    for mutant in (*MUTANTS, *MORE):
        broken = found(mutant, lambda _: None, seed).broken
        caught = mutant.breaks in broken
        print(
            f"{'caught ' if caught else 'ESCAPED'} {mutant.failpoint:<32} {mutant.mistake}: {', '.join(broken) or 'nothing'} broken",
            flush=True,
        )
        escaped += [] if caught else [mutant]
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
