"""Protocols that domains above reels implement and register as services."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.reels.prompt_shapes import Take, TakeState, TotalCost


class Takes(Protocol):
    """Takes of clips. Implemented by generate."""

    async def states(self, session: AsyncSession, project_ids: Collection[str]) -> Mapping[str, TakeState]:
        """State of each clip that has takes, by its id, in one query: of one that is active, else of the newest."""
        ...

    async def of_project(self, session: AsyncSession, project_id: str, most: int) -> Mapping[str, Sequence[Take]]:
        """Takes of a project's clips, newest first, at most *most* of each clip."""
        ...

    async def cost_of(self, session: AsyncSession, project_id: str) -> TotalCost | None:
        """What all takes of a project cost together; None for one that never had any."""
        ...

    async def clips_with_takes(self, session: AsyncSession, project_id: str, clip_ids: Collection[str]) -> set[str]:
        """Which of some clips takes of this project were made for, whether or not the project still has the clip."""
        ...

    async def abandon(self, session: AsyncSession, project_id: str) -> list[str]:
        """Jobs of takes that nothing was submitted for yet, to be canceled with their project."""
        ...


class NoTakes:
    """The `Takes` of an installation without generation."""

    async def states(self, session: AsyncSession, project_ids: Collection[str]) -> Mapping[str, TakeState]:  # noqa: ARG002
        """None."""
        return {}

    async def of_project(
        self,
        session: AsyncSession,  # noqa: ARG002
        project_id: str,  # noqa: ARG002
        most: int,  # noqa: ARG002
    ) -> Mapping[str, Sequence[Take]]:
        """None."""
        return {}

    async def cost_of(self, session: AsyncSession, project_id: str) -> TotalCost | None:  # noqa: ARG002
        """None."""
        return None

    async def clips_with_takes(
        self,
        session: AsyncSession,  # noqa: ARG002
        project_id: str,  # noqa: ARG002
        clip_ids: Collection[str],  # noqa: ARG002
    ) -> set[str]:
        """None."""
        return set()

    async def abandon(self, session: AsyncSession, project_id: str) -> list[str]:  # noqa: ARG002
        """None."""
        return []
