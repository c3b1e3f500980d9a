"""Errors of transcription."""

from playhead.errors import PlayheadError


class EngineMissing(PlayheadError):
    """A speech engine that is not installed here."""

    code = "transcription_engine_missing"
    title = "Speech engine not installed"
    status = 409
    fault = "us"


class SpeechModelMissing(PlayheadError):
    """A model that is neither in its folder nor to be had from its hub."""

    code = "speech_model_missing"
    title = "Speech model not found"
    status = 409
    fault = "us"


class TranscriptionFailed(PlayheadError):
    """A speech engine that ended without a result."""

    code = "transcription_failed"
    title = "Transcription failed"
