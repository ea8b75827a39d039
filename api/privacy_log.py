"""The log of what was done with persons' data: who looked, held, erased, when and what for. The journal's, as the tables have it."""

from typing import Final

from api.models.common import instant
from api.models.privacy import LogAnswer, LogLine
from api.store import Store

_LOG: Final = """
SELECT
    toUnixTimestamp64Milli(at) AS at_ms,
    multiIf(kind = 'held', if(held, 'hold_began', 'hold_ended'), kind = 'erased', state, kind) AS what,
    patient_id, credit_reference, by, ticket, purpose, transaction_id
FROM subjects
WHERE ({patient:String} = '' OR patient_id = {patient:String}) AND ({what:String} = '' OR what = {what:String})
ORDER BY at DESC, partition, position DESC
LIMIT 1 BY partition, position
LIMIT {limit:UInt32}
"""


async def privacy_log(store: Store, patient: str, what: str, limit: int) -> LogAnswer:
    """The latest lines of one person, or of all for an empty `patient`; of one deed, or of all for an empty `what`."""
    rows = await store.ask(_LOG, {"patient": patient, "what": what, "limit": limit + 1})
    names = ("what", "patient_id", "credit_reference", "by", "ticket", "purpose", "transaction_id")
    lines = [LogLine.model_validate({"at": instant(int(row[0])), **dict(zip(names, row[1:], strict=True))}) for row in rows[:limit]]
    return LogAnswer(lines=lines, more=len(rows) > limit)
