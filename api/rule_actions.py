"""What people do with rule books and rollouts: everything becomes an event to all partitions, and the journal answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

from confluent_kafka import KafkaException
from fastapi import Depends, Request

from api.backtests import Backtests
from api.bookshelf import Bookshelf
from api.models.quote import QuoteAnswer, QuoteRequest
from api.models.rules import ActivateRequest, Announced, BacktestAnswer, PartitionAnswer, RolloutRequest, ShadowRequest, ValidateAnswer
from api.problems import Finding, Kind, Problem
from api.quote import quoted
from journal.announce import Answer, TooLargeError, announce
from journal.settings import Settings
from rules.compile import CompiledBook, compile_book
from rules.lint import LintError

Announce = Callable[[str, Mapping[str, Any]], Awaitable[Sequence[Answer]]]
"""Tells every partition an event of this type with this data; what each answered."""


def announcer(settings: Settings) -> Announce:
    """Announcements through Kafka, in a thread: they are rare and wait."""

    async def tell(kind: str, data: Mapping[str, Any]) -> Sequence[Answer]:
        return await asyncio.to_thread(announce, settings, kind, data, settings.decision_wait_ms / 1000 + 3)

    return tell


class RuleActions:
    """The actions of one process."""

    def __init__(self, announce_to_all: Announce, bookshelf: Bookshelf, backtests: Backtests) -> None:
        self._announce = announce_to_all
        self.bookshelf = bookshelf
        self.backtests = backtests

    def validate(self, text: str) -> ValidateAnswer:
        """Every error with its line."""
        book = compile_book(text)
        if isinstance(book, CompiledBook):
            return ValidateAnswer(valid=True, version=book.version, rules=len(book.book.rules), errors=[])
        errors = [{"line": error.line, "where": error.where, "message": error.message} for error in book]
        return ValidateAnswer.model_validate({"valid": False, "version": None, "rules": 0, "errors": errors})

    async def activate(self, asked: ActivateRequest, by: str) -> Announced:
        """Put a text, or the text of an earlier version or of a shadow, in force. `by` is who does it: not who ran it as a shadow."""
        text = asked.text
        if (text is None) == (asked.version is None):
            raise Problem(Kind.INVALID, "Send either a text or a version.", errors=[Finding(detail="or version", pointer="#/text")])
        if text is None:
            text = await self.bookshelf.text(asked.version or "")
        if text is None:
            raise Problem(Kind.NOT_FOUND, "This version was never in force, nor run as a shadow.")
        version = _compiled(text).version
        if by in await self.bookshelf.tried_by(version):
            raise Problem(Kind.CHANGE_REFUSED, "Who ran a book as a shadow does not put it in force: another person looks at it first.")
        return await self._tell("policy.activated.v1", {"version": version, "text": text, "activated_by": by})

    async def shadow(self, asked: ShadowRequest, by: str) -> Announced:
        """Run a book as a shadow, or none."""
        if asked.text:
            _compiled(asked.text)
        return await self._tell("policy.shadowed.v1", {**asked.model_dump(), "shadowed_by": by})

    async def rollout(self, asked: RolloutRequest, by: str) -> Announced:
        """Change a hospital's phase."""
        return await self._tell("rollout.changed.v1", {**asked.model_dump(), "changed_by": by})

    async def quote(self, asked: QuoteRequest) -> QuoteAnswer:
        """The plan that a book makes of a debt."""
        text = asked.text
        if text is None:
            text = await self.bookshelf.text(asked.version or (await self.bookshelf.versions())[0].version)
        if text is None:
            raise Problem(Kind.NOT_FOUND, "This version was never in force, nor run as a shadow.")
        return quoted(_compiled(text), asked)

    async def backtest(self, text: str) -> BacktestAnswer:
        """Begin a back-test."""
        return await self.backtests.start(text, _compiled(text).version)

    async def _tell(self, kind: str, data: Mapping[str, Any]) -> Announced:
        """The partitions' answers. Raises Problem where one refused, or where Kafka could not be told."""
        try:
            answers = await self._announce(kind, data)
        except TooLargeError as error:
            raise Problem(Kind.TOO_LARGE, f"Nothing was sent: {error}.") from error
        except KafkaException as error:
            detail = "Kafka did not take the change in time. Send it again: what was done already is not done twice."
            raise Problem(Kind.BROKER_UNAVAILABLE, detail, headers={"Retry-After": "2"}) from error
        refused = [answer for answer in answers if answer.word == "refused"]
        if refused:
            said = [Finding(detail=f"partition {answer.partition}: {answer.reason}; {answer.detail}") for answer in refused]
            raise Problem(Kind.CHANGE_REFUSED, "The ledger refused the change; see errors.", errors=said)
        return Announced(
            agreed=all(answer.word != "silent" for answer in answers),
            partitions=[PartitionAnswer(**answer._asdict()) for answer in answers],
        )


def _compiled(text: str) -> CompiledBook:
    book = compile_book(text)
    if not isinstance(book, CompiledBook):
        raise Problem(Kind.INVALID, "The text is not a rule book; see errors.", errors=[_finding(error) for error in book])
    return book


def _finding(error: LintError) -> Finding:
    return Finding(detail=str(error), pointer="#/text")


async def rule_actions(request: Request) -> RuleActions:
    """The actions of the application that serves this request."""
    found = request.app.state.rule_actions
    assert isinstance(found, RuleActions)
    return found


Acting = Annotated[RuleActions, Depends(rule_actions)]
