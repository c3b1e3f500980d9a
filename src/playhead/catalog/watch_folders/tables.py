"""Rows of watch folders."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

FileState = Literal["waiting", "importing", "imported", "problem", "ignored"]


class WatchFolderRow(Base):
    """The last look at a watch folder.

    Attributes:
        host: Where it was looked at: each host has folders of its own.
        problem: Why it could not be looked at, in words.
        truncated: It has more files than are looked at.
    """

    __tablename__ = "watch_folders"

    path: Mapped[str] = mapped_column(String(1000), primary_key=True)
    looked_at: Mapped[datetime]
    host: Mapped[str] = mapped_column(String(255))
    problem: Mapped[str | None] = mapped_column(String(1000))
    truncated: Mapped[bool]


class WatchFileRow(Base):
    """A file of a watch folder: ``waiting`` until it no longer changes, then ``importing``, then ``imported``.

    It is kept after the file is gone, so that the same content does not become a second video.

    Attributes:
        key: SHA-256 of folder and name: paths are longer than what every database can index.
        name: Path within the folder.
        inode, size_bytes, mtime_ns: The file that was seen last; another of this name is another file.
        sha256: Of the content that became the video.
        problem: In words; of an imported file, why it could not be removed.
        seen_at: First look at the file as it is; of a problem, the last attempt.
    """

    __tablename__ = "watch_folder_files"
    __table_args__ = (
        Index("ix_watch_folder_files_folder_state", "folder", "state"),
        Index("ix_watch_folder_files_sha256", "folder", "sha256"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    folder: Mapped[str] = mapped_column(String(1000))
    name: Mapped[str] = mapped_column(String(1000))
    inode: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[FileState] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(1000))
    hint: Mapped[str | None] = mapped_column(String(500))
    video_id: Mapped[str | None] = mapped_column(String(40))
    job_id: Mapped[str | None] = mapped_column(String(40))
    seen_at: Mapped[datetime]
    updated_at: Mapped[datetime]
