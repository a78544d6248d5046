"""Mails and packings of mail programs to test with, written byte for byte."""

import binascii
import struct
from base64 import encodebytes
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "b", head: bytes = b"") -> bytes:
    """Return a mail of parts, each with its own headers."""
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        head + f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    ) + (body + line + b"--\r\n")


def leaf(data: bytes, *headers: str) -> bytes:
    """Return a part in base64 with further headers."""
    lines = [*headers, "Content-Transfer-Encoding: base64", "", ""]
    return "\r\n".join(lines).encode() + encodebytes(data).replace(b"\n", b"\r\n")


def named(name: str, data: bytes) -> bytes:
    """Return an attachment as most programs write it."""
    return leaf(
        data, "Content-Type: application/octet-stream", f'Content-Disposition: attachment; filename="{name}"'
    )


def uuencoded(name: str, data: bytes) -> bytes:
    """Return a file as it stood in mails before MIME."""
    lines = (binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45))
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


def winmail(*files: tuple[str, bytes], inner: bytes = b"") -> bytes:
    """Return a winmail.dat of files, and of a message whose own winmail.dat is ``inner``."""
    head = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x89006, struct.pack("<I", 0x10000))
    attributes = [_attribute(1, 0x69007, struct.pack("<II", 936, 0))]
    for number, (name, data) in enumerate(files):
        short = f"FILE~{number}.XLS".encode() + b"\0"
        attributes += [
            _attribute(2, 0x69002, bytes(14)),
            _attribute(2, 0x18010, short),
            _attribute(2, 0x6800F, data),
            _attribute(2, 0x69005, _properties(name)),
        ]
    if inner:
        interface = bytes.fromhex("0703020000000000c000000000000046")
        value = struct.pack("<IHHII", 1, 0x0D, 0x3701, 1, 16 + len(inner)) + interface + inner
        attributes += [
            _attribute(2, 0x69002, bytes(14)),
            _attribute(2, 0x69005, value + bytes(-len(value) % 4)),
        ]
    return head + b"".join(attributes)


def _attribute(level: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _properties(name: str) -> bytes:
    """Return the properties of an attachment: one of each kind that may stand before the long name."""
    text = (name + "\0").encode("utf-16-le")
    padded = text + bytes(-len(text) % 4)
    word = "x".encode("utf-16-le")
    return (
        struct.pack("<I", 6)
        + struct.pack("<HHHH", 0x02, 0x3705, 1, 0)
        + struct.pack("<HH16sII", 0x0B, 0x8001, bytes(16), 1, len(word)) + word + bytes(2) + bytes(4)
        + struct.pack("<HHIII", 0x1003, 0x3001, 2, 7, 8)
        + struct.pack("<HH16s", 0x48, 0x3002, bytes(16))
        + struct.pack("<HHII", 0x1E, 0x3704, 1, 5) + b"A.XLS" + bytes(3)
        + struct.pack("<HHII", 0x1F, 0x3707, 1, len(text)) + padded
    )  # fmt: skip


def signed(mail: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    """Return a mail signed as a whole, so that it cannot be seen without taking it out (DER)."""
    key, certificate = signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(mail)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


@cache
def signer() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "clerk")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=2))
    return key, builder.sign(key, hashes.SHA256())
