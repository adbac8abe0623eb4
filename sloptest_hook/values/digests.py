"""The one way in which contents become names: BLAKE2b, short."""


def digest_of(data: bytes, size: int = 16, key: bytes = b"") -> bytes:
    """Return ``size`` bytes that stand for the data; of a key the first 64 bytes count."""
    # hashlib loads OpenSSL, 3 ms, to reach the same function of CPython's own.
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b

    return blake2b(data, digest_size=size, key=key[:64]).digest()
