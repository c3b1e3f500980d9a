"""Rows of generations, their ledger, providers, templates and campaigns. Money: millionths of a US dollar."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from playhead.db.base import Base

GenerationState = Literal["queued", "submitting", "running", "succeeded", "failed", "refused", "unknown", "canceled"]
SubmitState = Literal["intent", "sent", "confirmed"]
Relation = Literal["reroll", "edit", "extend", "first_frame", "last_frame"]
EntryKind = Literal["estimated", "reserved", "released", "actual", "refunded"]

ACTIVE: tuple[GenerationState, ...] = ("queued", "submitting", "running")


class GenerationRow(Base):
    """One take: one request to a provider, made at most once.

    ``submit_state`` is null until the submission is recorded (``intent``); ``sent`` is committed before the call, and
    ``confirmed`` with the provider's reference. ``external_id`` is the reference's id: one request is one take.
    ``project_id`` and ``clip_id`` are no foreign keys: a paid take outlives both.

    Attributes:
        parent_id: Take that this one was made from, by ``relation``.
        parameters: As the model takes them.
        inputs: Files: ``parameter`` with ``image_id``, ``video_id`` or ``frame``.
        submission: The request as it was sent, without credentials of ours but the tokens in its URLs.
        provider_words: The provider's own word for its state.
        callback_status: What a callback said, of a provider that cannot be polled.
        woken_at: When a callback last asked for a poll.
        error_side: Whose fault: provider, rate, refused, caller or us.
        actual_micros: Null while it is not known, which is not zero.
    """

    __tablename__ = "generations"
    __table_args__ = (
        Index("ix_generations_owner_id_id", "owner_id", "id"),
        Index("ix_generations_project_id_clip_id", "project_id", "clip_id"),
        Index("ix_generations_clip_id", "clip_id"),
        Index("ix_generations_state", "state"),
        Index("ix_generations_created_at", "created_at"),
        Index("uq_generations_provider_external_id", "provider", "external_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    project_id: Mapped[str | None] = mapped_column(String(40))
    clip_id: Mapped[str | None] = mapped_column(String(40))
    parent_id: Mapped[str | None] = mapped_column(String(40))
    relation: Mapped[Relation | None] = mapped_column(String(16))
    prompt: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(200))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    inputs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[GenerationState] = mapped_column(String(16), default="queued")
    submit_state: Mapped[SubmitState | None] = mapped_column(String(16))
    submission: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sent_at: Mapped[datetime | None]
    reference: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    external_id: Mapped[str | None] = mapped_column(String(300))
    provider_words: Mapped[str | None] = mapped_column(String(200))
    progress: Mapped[float | None]
    callback_status: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    woken_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    job_id: Mapped[str | None] = mapped_column(String(40))
    video_id: Mapped[str | None] = mapped_column(String(40), index=True)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    error_side: Mapped[str | None] = mapped_column(String(16))
    estimated_micros: Mapped[int | None] = mapped_column(BigInteger)
    reserved_micros: Mapped[int | None] = mapped_column(BigInteger)
    actual_micros: Mapped[int | None] = mapped_column(BigInteger)
    refunded_micros: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        """Queued, being submitted or running."""
        return self.state in ACTIVE


class LedgerRow(Base):
    """One entry of the money ledger; entries are only added. A null amount is not known."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_generation_id", "generation_id"),
        Index("ix_ledger_owner_id_at", "owner_id", "at"),
        Index("ix_ledger_at", "at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    generation_id: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[str | None] = mapped_column(String(40))
    provider: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(200))
    kind: Mapped[EntryKind] = mapped_column(String(16))
    amount_micros: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None] = mapped_column(String(500))
    at: Mapped[datetime]


class ProviderRow(Base):
    """Settings of one provider. A key is either kept encrypted, or the name of a variable of the environment.

    Attributes:
        name: As prompts say it, such as ``replicate``.
        adapter: Protocol: replicate, cog, fal, runway, google or local.
        options: JSON-safe; what one adapter alone knows.
        tested_at: When its settings were last tested, with the outcome.
    """

    __tablename__ = "providers"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    adapter: Mapped[str] = mapped_column(String(16))
    base_url: Mapped[str | None] = mapped_column(String(500))
    key_encrypted: Mapped[str | None] = mapped_column(Text)
    key_env: Mapped[str | None] = mapped_column(String(200))
    webhook_secret_encrypted: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    enabled: Mapped[bool] = mapped_column(default=True)
    tested_at: Mapped[datetime | None]
    test_works: Mapped[bool | None]
    test_detail: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TemplateRow(Base):
    """A project with merge fields, as JSON."""

    __tablename__ = "templates"
    __table_args__ = (Index("ix_templates_owner_id_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(500))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CampaignRow(Base):
    """A group of projects; they name it (``ProjectRow.campaign_id``).

    Attributes:
        outcome: How the latest bulk action ended: ``action``, ``job_id``, ``at``, ``done``, ``skipped``.
    """

    __tablename__ = "campaigns"
    __table_args__ = (Index("ix_campaigns_owner_id_id", "owner_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(500))
    template_id: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
