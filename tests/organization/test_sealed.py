"""Personal data sealed at rest: what opens it, what finds it, and what never shows."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from organization.masking import mask
from organization.sealed import HIDDEN, Unreadable, digits, keyed_hashes, opened, seal, unseal

OLD, NEW = "o" * 40, "n" * 40
SEALED = Fernet(b"A" * 43 + b"=").encrypt_at_time(b"13812345521", 0).decode()
SEALED = SEALED[:12] + "A" * len(SEALED[12:])  # the same in every process


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_what_is_sealed_comes_back(text):
    assert opened(seal(text)) == text


def test_the_sealed_form_says_nothing_and_never_repeats():
    tokens = {seal("13812345521") for _time in range(5)}
    assert len(tokens) == 5
    assert not any("1381" in token or "5521" in token for token in tokens)
    assert len({len(seal(phone)) for phone in ("1", "13812345521")}) == 1


def test_nothing_is_sealed_as_nothing():
    assert (seal(""), opened("")) == ("", "")


def test_the_first_key_seals_and_each_opens(settings):
    settings.DATA_KEYS = (OLD,)
    before = seal("13812345521")
    settings.DATA_KEYS = (NEW, OLD)
    assert opened(before) == "13812345521"
    after = seal("13812345521")
    settings.DATA_KEYS = (OLD,)
    assert opened(after) is None


@pytest.mark.parametrize("damage", ["13812345521", "x", SEALED[:-4], SEALED + "A", SEALED, "井盖"])
def test_what_no_key_opens_is_shown_hidden_and_said_in_the_log(damage, caplog):
    shown = unseal(damage)
    assert isinstance(shown, Unreadable) and shown == HIDDEN == mask(shown)
    assert "DATA_KEY" in caplog.text and damage not in caplog.text


@pytest.mark.parametrize(
    "written",
    ["13812345521", "138 1234 5521", "138-1234-5521", "+86 138 1234 5521", "008613812345521"],
)
def test_a_number_is_found_however_it_is_written(written):
    assert digits(written) == "13812345521"
    assert keyed_hashes(written) == keyed_hashes("13812345521")


@pytest.mark.parametrize(
    "written", ["02584701234", "025-84701234", "+86 25 84701234", "2584701234"]
)
def test_a_line_with_an_area_code_too(written):
    assert digits(written) == "2584701234"


def test_a_hash_needs_the_key(settings):
    settings.DATA_KEYS = (OLD,)
    (old,) = keyed_hashes("13812345521")
    settings.DATA_KEYS = (NEW, OLD)
    new, other = keyed_hashes("13812345521")
    assert (other == old) and (new != old)


@pytest.mark.parametrize("nothing", ["", "-", "+", "000", "无"])
def test_no_number_has_no_hash(nothing):
    assert keyed_hashes(nothing) == []
