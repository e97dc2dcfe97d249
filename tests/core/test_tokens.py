from __future__ import annotations

import base64
import re

import pytest
from flask import Flask

from eventapp import create_app
from eventapp.core.tokens import derive_token, hash_token, is_sealed, read_number, seal_number
from tests.plugins.app import settings_for


def test_token_is_the_same_each_time(in_app: Flask):
    assert derive_token("registration", "u1") == derive_token("registration", "u1")


@pytest.mark.parametrize("other", [("registration", "u2"), ("speaker", "u1"), ("speaker", "u2")])
def test_token_is_another_for_another_purpose_or_row(in_app: Flask, other):
    assert derive_token("registration", "u1") != derive_token(*other)


def test_token_holds_256_bits_that_fit_an_address(in_app: Flask):
    token = derive_token("registration", "u1")

    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert len(base64.urlsafe_b64decode(f"{token}=")) == 32


def test_token_depends_on_the_secret_key(in_app: Flask, database_url, tmp_path):
    token = derive_token("registration", "u1")
    other = create_app(settings_for(tmp_path, database_url, SECRET_KEY="another-" + "0" * 32))

    with other.app_context():
        assert derive_token("registration", "u1") != token


def test_stored_hash_does_not_show_the_token(in_app: Flask):
    token = derive_token("registration", "u1")

    stored = hash_token(token)

    assert re.fullmatch(r"[0-9a-f]{64}", stored)
    assert token not in stored


def test_hash_of_a_known_token_is_sha_256():
    assert hash_token("abc") == ("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


@pytest.mark.parametrize("number", [1, 7, 2**31 - 1])
def test_sealed_number_is_found_again_in_any_spelling(in_app: Flask, number):
    token = seal_number("r", number, uid="u1")

    assert re.fullmatch("[a-z2-7]{24}", token)
    assert read_number("r", token) == read_number("r", token.upper()) == number
    assert is_sealed(token.upper(), "r", number, uid="u1")


@pytest.mark.parametrize("other", [("b", 7, "u1"), ("r", 8, "u1"), ("r", 7, "u2")])
def test_seal_is_another_for_another_purpose_row_or_uid(in_app: Flask, other):
    purpose, number, uid = other

    assert not is_sealed(seal_number("r", 7, uid="u1"), purpose, number, uid=uid)


@pytest.mark.parametrize("text", ["", "a", "a" * 23, "a" * 25, "0189" * 6, "ä" * 24, "a" * 32])
def test_what_is_no_seal_has_no_number(in_app: Flask, text):
    assert read_number("r", text) is None


def test_number_that_no_row_can_have_is_none(in_app: Flask):
    assert read_number("r", seal_number("r", 2**31, uid="u1")) is None


def test_seals_of_neighbouring_rows_have_nothing_in_common(in_app: Flask):
    seals = [seal_number("r", number, uid=str(number)) for number in range(1, 200)]

    assert len({seal[-6:] for seal in seals}) == len(seals)
