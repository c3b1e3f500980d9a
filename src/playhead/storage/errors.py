"""Errors of the store, and whose fault they are."""

from playhead.errors import Conflict, InvalidInput, NotFound, PlayheadError, Unavailable


class ObjectNotFound(NotFound):
    """A missing object."""

    code = "object_not_found"
    title = "The file is not in the store"

    def __init__(self, key: str) -> None:
        super().__init__(f"The store has no object {key}.")
        self.key = key


class StoreUnavailable(Unavailable):
    """A store that does not answer, or answers with an error of its own."""

    code = "store_unavailable"
    title = "The store does not answer"


class StoreWrong(StoreUnavailable):
    """An answer with the wrong bytes: another range, length or object."""

    code = "store_wrong_answer"
    title = "Invalid store response"
    status = 502


class CircuitOpen(StoreUnavailable):
    """An open circuit: the store keeps failing, so this read was not tried.

    Args:
        retry_after_s: Whole seconds until the next attempt.
    """

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail, hint="It is tried again by itself.")
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class StoreBusy(StoreUnavailable):
    """Too many reads that wait for the store."""

    code = "store_busy"
    title = "The store is overloaded"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


class StoreFull(PlayheadError):
    """No space or quota is left (ENOSPC, EDQUOT); what had been written of this object is gone again."""

    code = "store_full"
    title = "The store is full"
    status = 507
    retry = "never"
    fault = "us"


class OffsetConflict(Conflict):
    """Bytes were sent for another place than where the upload ends (tus 1.0, PATCH)."""

    code = "offset_conflict"
    title = "Upload offset conflict"

    def __init__(self, upload_id: str, *, offset: int, given: int) -> None:
        super().__init__(
            f"Upload {upload_id} ends at {offset} bytes, but bytes came for offset {given}.",
            hint="Ask for the current offset with HEAD, then continue from there.",
        )
        self.offset = offset


class UploadLocked(PlayheadError):
    """Another request is writing this upload; it may be one that lost its client and has not noticed yet."""

    code = "upload_locked"
    title = "This upload is being written already"
    status = 423
    retry = "backoff"
    fault = "caller"

    def __init__(self, upload_id: str) -> None:
        super().__init__(f"Upload {upload_id} is being written by another request.", hint="Try again in a moment.")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


class ChecksumMismatch(PlayheadError):
    """The bytes are not those that the client hashed (tus 1.0, checksum extension: 460)."""

    code = "checksum_mismatch"
    title = "Checksum mismatch"
    status = 460
    retry = "never"
    fault = "caller"

    def __init__(self, upload_id: str, *, algorithm: str, start: int, end: int) -> None:
        super().__init__(
            f"The {end - start} bytes for upload {upload_id} at offset {start} differ from their {algorithm}.",
            hint="Nothing of them was kept: send them again.",
        )


class ChecksumUnsupported(InvalidInput):
    """A checksum algorithm that we do not know, or a digest of the wrong length (tus 1.0: 400)."""

    code = "checksum_unsupported"
    title = "Unsupported checksum"
