bitShiftRight(position, 20) < transform(
    partition,
    (@ends).1,
    (@ends).2,
    toUInt64(0)
)
