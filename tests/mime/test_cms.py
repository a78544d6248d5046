"""What was signed as a whole comes out of its signature."""

import shutil
import subprocess
from contextlib import suppress
from email.parser import BytesParser
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given
from hypothesis import strategies as st

from greenxl.mime.cms import NotSignedError, signed_content
from tests.tools.packed_mails import signed, signer

MAIL = b"Content-Type: text/plain\r\n\r\n" + b"hello\r\n" * 1_000


def test_what_was_signed_comes_out() -> None:
    """Lengths that are known beforehand (DER), as most libraries write them."""
    assert signed_content(signed(MAIL)) == MAIL


@pytest.mark.parametrize("options", [[], ["-stream"]], ids=["whole", "in-pieces"])
def test_what_openssl_signs_comes_out(tmp_path: Path, options: list[str]) -> None:
    """A real program; when it streams, lengths are open and the content is in pieces (BER)."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, certificate = signer()
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(pem, *plain) + certificate.public_bytes(pem))
    (tmp_path / "mail").write_bytes(MAIL)
    command = [openssl, "cms", "-sign", "-nodetach", "-binary", *options, "-signer", "key.pem", "-in", "mail"]
    made = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    data = BytesParser().parsebytes(made).get_payload(decode=True)
    assert isinstance(data, bytes)
    assert (b"\x24\x80" in data) == bool(options)
    assert signed_content(data) == MAIL


SIGNED = signed(MAIL)
ENCRYPTED = SIGNED.replace(bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04", id="workbook"),
        pytest.param(SIGNED[:3_000], id="cut-off"),
        pytest.param(ENCRYPTED, id="encrypted"),
        pytest.param(signed(MAIL, pkcs7.PKCS7Options.DetachedSignature), id="signature-alone"),
        pytest.param(b"\x30\x80" * 10_000, id="deep"),
    ],
)
def test_what_holds_no_signed_content_says_so(data: bytes) -> None:
    """Encrypted mails, lone signatures and damaged bytes are all one error."""
    with pytest.raises(NotSignedError):
        signed_content(data)


@given(st.integers(0, 200), st.binary(max_size=12))
def test_nothing_in_a_signature_makes_reading_fail(place: int, inserted: bytes) -> None:
    """Whatever the bytes, there is content or that one error."""
    with suppress(NotSignedError):
        signed_content(SIGNED[:place] + inserted + SIGNED[place:])
