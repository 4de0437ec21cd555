import warnings

import pytest

from botsched.proxy import hashes

PASSWORD = "pass:wörd".encode()

# Made with OpenSSL and with bcrypt's own library.
HASHES = {
    "apr1": "$apr1$saltsalt$dlYe.Hj2BD6ZPtkWiilfQ1",
    "SHA": "{SHA}NMfTLf4kql4x98PMVl16orqGin0=",
    "crypt SHA-256": "$5$saltsalt$2Op9/kVAQ1GN09Eemt0wtVjmvpnHswRioMKJ4ytV927",
    "crypt SHA-512": "$6$saltsalt$4ME//p1HhMu5nePr6s5aZNqE.DY.AaQX89xLOQMcX.jgMaMFd5ktoqzU9PsNQBg50"
    "nbg5mt/Kr7kKr6TTob2F/",
    "crypt SHA-512 with rounds": "$6$rounds=1000$salt$OkFmqsSvxclyP9r6S13vRn0argug78WDvaY54/5owF/Y0"
    "CTriEDXysnGnzL6RnYBNQ7WCFJ4ykAau2N5YQ94k1",
    "bcrypt 2a": "$2a$04$MxwKUeaS5.kui0HCKXZNru3PJnNbXNEm84.Gd9V7ACIeM7TD9uXei",
    "bcrypt 2b": "$2b$04$H90LWPWDa9Vfvb6RtQlPR.SErg1oD.DxTa/m1MCTqtawuBOgvGTRG",
    "bcrypt 2y": "$2y$04$RtXiU6.fUCNtL5MGrKTRi.Iw7gnSBwBqq8pN.3AzIpqB5i/9bQ/ei",
}


@pytest.mark.parametrize("hashed", HASHES.values(), ids=HASHES.keys())
def test_every_form_accepts_its_password_and_no_other(hashed: str) -> None:
    assert hashes.is_supported(hashed)
    assert hashes.matches(PASSWORD, hashed)
    assert not hashes.matches(PASSWORD + b"x", hashed)
    assert not hashes.matches(b"", hashed)


@pytest.mark.parametrize("hashed", HASHES.values(), ids=HASHES.keys())
def test_a_hash_cut_short_is_not_supported(hashed: str) -> None:
    assert not hashes.is_supported(hashed[:-1])


@pytest.mark.parametrize(
    "hashed",
    [
        "secret",
        "",
        "rqXexS6ZhobKA",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "{SSHA}abc",
        "$2b$99$" + "a" * 53,
    ],
)
def test_clear_text_and_other_forms_are_not_supported(hashed: str) -> None:
    assert not hashes.is_supported(hashed)


def test_a_new_hash_is_bcrypt_of_cost_12_and_fits_its_password() -> None:
    hashed = hashes.hash_password("schön")
    assert hashed.startswith("$2b$12$")
    assert hashes.matches("schön".encode(), hashed)


@pytest.mark.parametrize("hashed", HASHES.values(), ids=HASHES.keys())
@pytest.mark.parametrize("password", [b"a\0b", b"x" * 1025, b"x" * 5000])
def test_passwords_no_library_takes_are_just_wrong(password: bytes, hashed: str) -> None:
    assert not hashes.matches(password, hashed)


def test_bcrypt_looks_at_72_bytes_as_apache_does() -> None:
    hashed = hashes.hash_password("x" * 72)
    assert hashes.matches(b"x" * 80, hashed)


def test_the_deprecated_module_crypt_is_not_used() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert hashes.sha256_crypt.get_backend() == "builtin"
        assert hashes.sha512_crypt.get_backend() == "builtin"
