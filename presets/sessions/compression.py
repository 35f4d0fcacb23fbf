"""Packing: bytes made small, and unpacked again up to a size that is known before."""

import zlib


def compress(data: bytes) -> bytes:
    """The bytes, compressed."""
    return zlib.compress(data, 6)


def decompress(data: bytes, most: int) -> bytes:
    """The bytes that were packed.

    Args:
        data: what was packed.
        most: the most bytes that may come of it; no more than one beyond is ever made.

    Raises:
        ValueError: more would come of it, or it was never packed.
    """
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(data, most + 1)
    except zlib.error:
        raise ValueError("it cannot be unpacked") from None
    if len(found) > most:
        raise ValueError(f"expected at most {most:,} bytes of content")
    if not stream.eof or stream.unused_data:
        raise ValueError("it cannot be unpacked")
    return found
