"""How a text message is sent: its alphabet, and how many messages it takes (3GPP TS 23.038)."""

# GSM 03.38: the alphabet a text message fits 160 of, and the characters that take two places.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """How many text messages `text` is sent as: 160 characters of GSM 03.38 or 70 of UCS-2 in one,
    153 or 67 in each of several."""
    if all(character in GSM or character in GSM_DOUBLE for character in text):
        length = sum(2 if character in GSM_DOUBLE else 1 for character in text)
        single, several = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, several = 70, 67
    if length <= single:
        return min(length, 1)
    return -(-length // several)
