"""Transfers of all server processes of one ``playhead serve``."""

from collections.abc import Mapping, Sequence
from typing import Any

from playhead.api.peers import Peers
from playhead.delivery.links.target import IMAGES
from playhead.delivery.transfers.registry import Transfers
from playhead.delivery.transfers.shapes import TransferShape

ANY_VIEWER = ("",)
LINK_VIEWERS = ("link", "shr_")
"""Prefixes of viewers (`Viewer.who`) whose transfers end together."""


class AllTransfers:
    """Lists and ends transfers in this process and its peers."""

    def __init__(self, transfers: Transfers, peers: Peers) -> None:
        self._transfers, self._peers = transfers, peers
        peers.answer("transfers", self._list_own)
        peers.answer("end_transfer", self._end_own)
        peers.answer("abort_transfers", self._abort_own)
        peers.answer("ended_transfers", lambda _: dict(transfers.ended_by_kind))

    async def find(self, state: str | None = None, video_id: str | None = None) -> list[dict[str, Any]]:
        """Transfers as JSON of `TransferShape`.

        Args:
            state: ``active`` or ``ended``; None for both.
            video_id: None for all videos.
        """
        found = await self._peers.ask("transfers", {"state": state, "video_id": video_id})
        return [one for each in found for one in each]

    async def end(self, transfer_id: str) -> bool:
        """End a transfer; False when no process has it."""
        return any(await self._peers.ask("end_transfer", transfer_id))

    async def abort(self, video_id: str, viewers: Sequence[str] = ANY_VIEWER) -> None:
        """End the active transfers of a video that was deleted, or by links that were revoked.

        Args:
            viewers: `ANY_VIEWER`, `LINK_VIEWERS`, or the id of one share.
        """
        await self._peers.ask("abort_transfers", {"video_id": video_id, "viewers": list(viewers)})

    async def count_ended(self, *, images: bool) -> int:
        """Number of transfers that have ended since the server started."""
        counts = await self._peers.ask("ended_transfers")
        return sum(number for one in counts for kind, number in one.items() if images or kind not in IMAGES)

    def _list_own(self, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        state, video_id = wanted["state"], wanted["video_id"]
        active = self._transfers.active if state != "ended" else []
        ended = self._transfers.recent if state != "active" else []
        found = [one for one in active + ended if video_id is None or one.video_id == video_id]
        return [TransferShape.of(one).model_dump(mode="json") for one in found]

    def _end_own(self, transfer_id: str) -> bool:
        transfer = self._transfers.get(transfer_id)
        if transfer is not None:
            transfer.abort()
        return transfer is not None

    def _abort_own(self, wanted: Mapping[str, Any]) -> None:
        viewers = tuple(wanted["viewers"])
        for one in self._transfers.active:
            if one.video_id == wanted["video_id"] and one.viewer.who.startswith(viewers):
                one.abort()
