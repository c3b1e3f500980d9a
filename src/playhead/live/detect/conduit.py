"""A conduit of EventSub with one WebSocket shard: events without a public URL, with the app's own token.

Subscriptions belong to the conduit and survive a lost connection; a new session only has to be assigned to its shard.
"""

from typing import Any, Final

import structlog

from playhead.live.detect.errors import TwitchRefused
from playhead.live.detect.helix import Helix
from playhead.live.detect.notes import Notes

log = structlog.get_logger(__name__)

PATH: Final = "/eventsub/conduits"
SHARD: Final = "0"
NOTE: Final = "conduit"


class Conduit:
    """The conduit of this installation; its id is noted in the database."""

    def __init__(self, helix: Helix, notes: Notes) -> None:
        self._helix, self._notes = helix, notes

    async def ensure(self) -> str:
        """The id of our conduit: the noted one, an abandoned one, or a new one.

        Raises:
            TwitchRefused: no more conduits may be created.
        """
        noted = (await self._notes.read()).get(NOTE, {}).get("id")
        existing = [str(item["id"]) for item in (await self._helix.request("GET", PATH))["data"]]
        if noted in existing:
            return str(noted)
        found = await self._abandoned(existing) or await self._create()
        await self._notes.write(NOTE, {"id": found})
        return found

    async def assign(self, conduit_id: str, session_id: str) -> None:
        """Give the shard to a WebSocket session.

        Raises:
            TwitchRefused: the session has ended, or the conduit is gone.
        """
        transport = {"method": "websocket", "session_id": session_id}
        document = {"conduit_id": conduit_id, "shards": [{"id": SHARD, "transport": transport}]}
        answer = await self._helix.request("PATCH", f"{PATH}/shards", json=document)
        for error in answer.get("errors") or ():
            raise TwitchRefused(f"The shard was not assigned: {error.get('message', error)}.", answer=400)
        log.info("conduit_shard_assigned", conduit_id=conduit_id)

    async def shard_status(self, conduit_id: str) -> str:
        """Status of the shard; only ``enabled`` is alive."""
        shards: list[dict[str, Any]] = (
            await self._helix.request("GET", f"{PATH}/shards", params=[("conduit_id", conduit_id)])
        )["data"]
        return str(shards[0].get("status")) if shards else "missing"

    async def _abandoned(self, existing: list[str]) -> str | None:
        """One whose shard is dead, left by an installation whose database is gone: there can be five at most."""
        for conduit_id in existing:
            if await self.shard_status(conduit_id) != "enabled":
                return conduit_id
        return None

    async def _create(self) -> str:
        try:
            answer = await self._helix.request("POST", PATH, json={"shard_count": 1})
        except TwitchRefused as error:
            raise TwitchRefused(
                f"Twitch created no conduit: {error.detail}",
                answer=error.answer,
                hint="An application has at most five; delete one that nothing uses, or set "
                "PLAYHEAD_TWITCH_DETECTION=poll.",
            ) from error
        return str(answer["data"][0]["id"])
