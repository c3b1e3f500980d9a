from typing import Any

import pytest

from playhead.cli.deleting import VideosInUse, refuse_in_use, what_goes

HARBOUR = {"id": "prj_1", "title": "Harbour trip", "video_ids": ["vid_1", "vid_2", "vid_3"]}


def preview(videos: int, **other: Any) -> dict[str, Any]:
    return {"videos": videos, "size_bytes": 3_400_000_000, "named": [{"id": "vid_1", "title": "Beach"}], **other}


def test_one_video_is_named_and_many_are_counted() -> None:
    assert what_goes(preview(1, projects=[])) == "Beach (vid_1), 3.4 GB,"
    assert what_goes(preview(72, projects=[HARBOUR])) == "72 videos, 3.4 GB (3 are clips of “Harbour trip”),"


def test_videos_in_use_are_refused_before_anything_is_deleted() -> None:
    with pytest.raises(VideosInUse, match="Nothing was deleted: 3 are clips of “Harbour trip”"):
        refuse_in_use(preview(72, projects=[HARBOUR]))
    refuse_in_use(preview(72, projects=[]))
