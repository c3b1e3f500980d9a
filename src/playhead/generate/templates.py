"""Templates: projects with merge fields, kept as JSON, and the projects that are made from them."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.api.cursors import Page, page_by_id
from playhead.catalog.titles import clean_title
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from playhead.generate.aspects import in_aspect
from playhead.generate.catalogue import Catalogue
from playhead.generate.merge_fields import TemplateInvalid, check_template, fields_of, filled
from playhead.generate.rows import Filled, fill_rows, rows_of
from playhead.generate.shapes.templates import Aspect, Document, Field, ProjectsInput, Rows
from playhead.generate.tables import TemplateRow
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.reels.edits import effects_of, track_of
from playhead.reels.projects import Projects
from playhead.reels.settings import settings_of
from playhead.reels.shapes import ProjectInput
from playhead.reels.tables import ClipRow, ProjectRow

MOST: Final = 1000
"""Templates per user."""

MAX_DOCUMENT: Final = 2_000_000
MOST_CLIPS: Final = 10_000
"""Clips that are made at once, in one transaction: about 2 s."""


class TemplateNotFound(NotFound):
    """No such template, or another owner's."""

    code = "template_not_found"
    title = "No such template"

    def __init__(self, template_id: str) -> None:
        super().__init__(f"There is no template {template_id}.", hint="It may have been deleted.")


class Templates:
    """The templates of an installation.

    Args:
        provider: Of prompts that name none.
    """

    def __init__(
        self,
        database: Database,
        projects: Projects,
        catalogue: Catalogue,
        *,
        provider: str,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._projects = projects
        self._catalogue = catalogue
        self._provider = provider
        self._clock = clock

    async def create(self, owner: Principal, title: str, document: Document) -> TemplateRow:
        """Keep a document as a template.

        Raises:
            TemplateInvalid: it could make no project.
            Conflict: the user has too many.
        """
        row = self._row(owner.user_id, title, document)
        async with self._database.write() as session:
            await _check_number(session, owner.user_id)
            session.add(row)
        return row

    async def create_from(self, owner: Principal, title: str, project_id: str) -> TemplateRow:
        """Keep a project as a template.

        Raises:
            ProjectNotFound, TemplateInvalid, Conflict
        """
        async with self._database.write() as session:
            project = await self._projects.find(session, owner, project_id)
            row = self._row(owner.user_id, title, document_of(project))
            await _check_number(session, owner.user_id)
            session.add(row)
        return row

    async def page(self, owner: Principal, *, limit: int, cursor: str | None) -> Page[TemplateRow]:
        """One page of an owner's templates, newest first."""
        statement = select(TemplateRow).where(TemplateRow.owner_id == owner.user_id)
        async with self._database.read() as session:
            return await page_by_id(session, statement, TemplateRow.id, "tpl", limit, cursor)

    async def get(self, principal: Principal, template_id: str) -> TemplateRow:
        """One template.

        Raises:
            TemplateNotFound: none, or a stranger's.
        """
        async with self._database.read() as session:
            return await _find(session, principal, template_id)

    async def change(
        self, principal: Principal, template_id: str, title: str | None, document: Document | None, if_match: int | None
    ) -> TemplateRow:
        """Change title or document.

        Raises:
            TemplateNotFound, TemplateInvalid
            PreconditionFailed: *if_match* is not the present version.
        """
        async with self._database.write() as session:
            row = await _find(session, principal, template_id, lock=True)
            if if_match not in (None, row.version):
                raise PreconditionFailed(
                    f"Template {template_id} is at version {row.version}; this change was made on version {if_match}.",
                    hint="Load the template, then make the change again.",
                )
            if title is not None:
                row.title = clean_title(title)
            if document is not None:
                row.document = _checked(document)
            row.version += 1
            row.updated_at = self._clock()
        return row

    async def remove(self, principal: Principal, template_id: str) -> None:
        """Remove a template; what was made from it stays.

        Raises:
            TemplateNotFound
        """
        async with self._database.write(reserve=True) as session:
            await session.delete(await _find(session, principal, template_id, lock=True))

    def project_inputs(self, row: TemplateRow, wanted: ProjectsInput) -> list[ProjectInput]:
        """The projects that a template makes with one set of values, one for each aspect.

        Raises:
            FieldInvalid, InvalidInput
        """
        document = document_in(row)
        project = filled(document.content, all_fields(document), wanted.fields)
        if wanted.title is not None:
            project.title = clean_title(wanted.title)
        return self.in_aspects([project], wanted.aspects)

    async def fill(self, row: TemplateRow, rows: Rows, aspects: Sequence[Aspect]) -> Filled:
        """The projects of many sets of values, in the template's own aspect.

        Raises:
            RowsInvalid: no row can be read.
            InvalidInput: in all *aspects*, they would have too many clips together.
        """
        return await asyncio.to_thread(self._fill, row, rows, max(1, len(aspects)))

    def _fill(self, row: TemplateRow, rows: Rows, aspects: int) -> Filled:
        document = document_in(row)
        fields = all_fields(document)
        found = rows_of(rows.rows, rows.csv, fields)
        clips = len(found) * aspects * len(document.clips)
        if clips > MOST_CLIPS:
            raise InvalidInput(
                f"These projects have {clips:,} clips together; at most {MOST_CLIPS:,} are made at once.",
                hint="Split the rows.",
            )
        return fill_rows(document.content, fields, found)

    def in_aspects(self, projects: Sequence[ProjectInput], aspects: Sequence[Aspect]) -> list[ProjectInput]:
        """Each project in each aspect; as it is without any."""
        if not aspects:
            return list(projects)
        wanted = list(dict.fromkeys(aspects))
        today = self._clock().date()
        return [
            in_aspect(project, aspect, self._catalogue, provider=self._provider, today=today, named=len(wanted) > 1)
            for project in projects
            for aspect in wanted
        ]

    def _row(self, owner_id: str, title: str, document: Document) -> TemplateRow:
        now = self._clock()
        return TemplateRow(
            id=new_id("tpl"),
            owner_id=owner_id,
            title=clean_title(title),
            document=_checked(document),
            version=1,
            created_at=now,
            updated_at=now,
        )


def document_in(row: TemplateRow) -> Document:
    """The document of a template."""
    return Document.model_validate(row.document)


def all_fields(document: Document) -> list[Field]:
    """Its fields, declared or not."""
    return fields_of(document.content, document.fields)


def document_of(project: ProjectRow) -> Document:
    """A project as a document; what its prompts and title hold as ``{{name}}`` are its fields."""
    return Document(
        title=project.title,
        settings=settings_of(project).model_dump(mode="json", exclude_defaults=True),
        clips=[_clip_of(clip) for clip in project.clips],
        **(project.edit or {}),
        fields=[],
    )


def _clip_of(clip: ClipRow) -> dict[str, Any]:
    effects = effects_of(clip)
    if clip.prompt is not None:
        prompt = {name: value for name, value in clip.prompt.items() if value not in (None, [], {})}
        of_take = () if track_of(clip) is None else ("captions",)
        return {"prompt": prompt, **{name: value for name, value in effects.items() if name not in of_take}}
    span = {"start_s": clip.start_s, "end_s": clip.end_s}
    shown = {"video_id": clip.video_id, "image_id": clip.image_id, "card": clip.card}
    return {**{name: value for name, value in (shown | span).items() if value}, **effects}


def _checked(document: Document) -> dict[str, Any]:
    """A document as it is kept.

    Raises:
        TemplateInvalid
    """
    stored = document.model_dump(mode="json")
    if (size := len(document.model_dump_json())) > MAX_DOCUMENT:
        raise TemplateInvalid(f"The document has {size:,} bytes; at most {MAX_DOCUMENT:,} are kept.")
    check_template(document.content, all_fields(document))
    return stored


async def _find(session: AsyncSession, principal: Principal, template_id: str, *, lock: bool = False) -> TemplateRow:
    row = await session.get(TemplateRow, template_id, with_for_update=lock) if is_id("tpl", template_id) else None
    if row is None or not (row.owner_id == principal.user_id or principal.is_admin):
        raise TemplateNotFound(template_id)
    return row


async def _check_number(session: AsyncSession, owner_id: str) -> None:
    statement = select(func.count()).select_from(TemplateRow).where(TemplateRow.owner_id == owner_id)
    if int(await session.scalar(statement) or 0) >= MOST:
        raise Conflict(
            f"You have {MOST:,} templates.",
            hint="Remove one first.",
            code="too_many_templates",
            title="Too many templates",
        )
