"""Hiding what identifies a person, so that those who need not know do not learn it."""

import re


def mask(text: object) -> str:
    """138****1234, 3201**********1234, 张*三, 李*; short numbers and names vanish whole."""
    plain = str(text or "").strip()
    if re.fullmatch(r"\d{17}[\dXx]", plain):
        return plain[:4] + "*" * 10 + plain[-4:]
    if re.fullmatch(r"[+\d][\d -]{5,}", plain):
        return plain[:3] + "****" + plain[-4:] if len(plain) > 10 else "****" + plain[-2:]
    if len(plain) <= 2:
        return plain[:1] + "*" * bool(plain)
    return plain[0] + "*" * (len(plain) - 2) + plain[-1]
