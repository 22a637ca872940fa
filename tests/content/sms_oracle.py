"""Text messages as octets, written from 3GPP TS 23.038 and 23.040: a second opinion on segments.

Nothing here is shared with the portal: the alphabet stands as the table of code points by septet,
messages are packed into octets, and what does not fit 140 of them does not fit a message.
"""

# TS 23.038, 6.2.1: the default alphabet by septet, row by row.
BASIC = [
    0x40, 0xA3, 0x24, 0xA5, 0xE8, 0xE9, 0xF9, 0xEC, 0xF2, 0xC7, 0x0A, 0xD8, 0xF8, 0x0D, 0xC5, 0xE5,
    0x394, 0x5F, 0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, None,
    0xC6, 0xE6, 0xDF, 0xC9,
    0x20, 0x21, 0x22, 0x23, 0xA4, *range(0x25, 0x40),
    0xA1, *range(0x41, 0x5B), 0xC4, 0xD6, 0xD1, 0xDC, 0xA7,
    0xBF, *range(0x61, 0x7B), 0xE4, 0xF6, 0xF1, 0xFC, 0xE0,
]  # fmt: skip
# 6.2.1.1: what stands behind an escape.
EXTENSION = {
    0x0A: 0x0C, 0x14: 0x5E, 0x28: 0x7B, 0x29: 0x7D, 0x2F: 0x5C, 0x3C: 0x5B, 0x3D: 0x7E, 0x3E: 0x5D,
    0x40: 0x7C, 0x65: 0x20AC,
}  # fmt: skip
ESCAPE = 0x1B
OCTETS = 140
# TS 23.040, 9.2.3.24: length, then element, its length, reference, how many, which.
HEADER = 6

SEPTETS = {point: (code,) for code, point in enumerate(BASIC) if point is not None}
SEPTETS |= {point: (ESCAPE, code) for code, point in EXTENSION.items()}


def packed(septets: list[int], header: int = 0) -> bytes:
    """The septets in octets, the first bit that is free after a header of that many octets."""
    bits = header * 8
    bits += -bits % 7
    value = 0
    for septet in septets:
        value |= septet << bits
        bits += 7
    return value.to_bytes(-(-bits // 8), "little")


def unpacked(octets: bytes, count: int, header: int = 0) -> list[int]:
    """The septets that were packed."""
    bits = header * 8
    bits += -bits % 7
    value = int.from_bytes(octets, "little")
    return [value >> (bits + 7 * number) & 0x7F for number in range(count)]


def read(septets: list[int]) -> str:
    """The text of septets."""
    found, escaped = [], False
    for septet in septets:
        if septet == ESCAPE and not escaped:
            escaped = True
        else:
            found.append(chr(EXTENSION[septet] if escaped else BASIC[septet]))
            escaped = False
    assert not escaped
    return "".join(found)


def messages(text: str) -> tuple[str, list[str]]:
    """The alphabet and the text of each message, each packed and read again."""
    coded = [SEPTETS.get(ord(character)) for character in text]
    if None not in coded:
        return "gsm-7", _septets(coded) if text else []
    return "ucs-2", _units(text)


def _septets(coded: list[tuple[int, ...]]) -> list[str]:
    whole = [septet for one in coded for septet in one]
    if len(packed(whole)) <= OCTETS:
        return [read(unpacked(packed(whole), len(whole)))]
    found: list[str] = []
    waiting = list(coded)
    while waiting:
        taken: list[int] = []
        while waiting and len(packed([*taken, *waiting[0]], HEADER)) <= OCTETS:
            taken += waiting.pop(0)
        found.append(read(unpacked(packed(taken, HEADER), len(taken), HEADER)))
    return found


def _units(text: str) -> list[str]:
    octets = text.encode("utf-16-be")
    if len(octets) <= OCTETS:
        return [octets.decode("utf-16-be")]
    found = []
    room = OCTETS - HEADER
    while octets:
        end = min(room, len(octets))
        # A high surrogate at the end would lose its other half.
        if end < len(octets) and 0xD8 <= octets[end - 2] <= 0xDB:
            end -= 2
        found.append(octets[:end].decode("utf-16-be"))
        octets = octets[end:]
    return found
