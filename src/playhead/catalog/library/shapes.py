"""What the API says of collections, tags, saved searches and changes of many videos."""

from typing import Annotated

from pydantic import Field, JsonValue

from playhead.api.shapes import Payload, Shape, Timestamp
from playhead.catalog.library.bulk import MOST

VideoIdList = Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=MOST)]
Name = Annotated[str, Field(max_length=1000, description="At most 100 characters; folded to one line.")]


class VideoCollection(Shape):
    """A named set of videos."""

    id: str
    name: str
    videos: Annotated[int, Field(description="How many are in it, without those in the trash.")]
    created_at: Timestamp


class CollectionList(Shape):
    """All of your collections, by name."""

    items: list[VideoCollection]


class CollectionInput(Payload):
    """A collection to make, or another name for one."""

    name: Name


class CollectionVideos(Payload):
    """Videos to put into a collection, or to take out of it."""

    ids: VideoIdList


class CollectionChange(Shape):
    """What became of it."""

    changed: Annotated[list[str], Field(description="Videos that went in or out; those that were so are left out.")]
    collection: VideoCollection


class Tag(Shape):
    """A tag of your videos."""

    tag: str
    videos: int


class TagList(Shape):
    """Tags, the most used first."""

    items: list[Tag]


class SavedSearch(Shape):
    """A search of the library under a name."""

    id: str
    name: str
    query: Annotated[dict[str, JsonValue], Field(description="Filters and order, as in the library's URL.")]
    created_at: Timestamp


class SavedSearchList(Shape):
    """All of your saved searches, by name."""

    items: list[SavedSearch]


class SavedSearchInput(Payload):
    """A search to keep."""

    name: Name
    query: Annotated[
        dict[Annotated[str, Field(max_length=40)], JsonValue],
        Field(max_length=40, description="`search`, `origin`, `state`, `tag`, `collection_id`, `watched`, `sort`."),
    ]


class SavedSearchName(Payload):
    """Another name for a saved search."""

    name: Name


class WatchInput(Payload):
    """Where you are in a video, or whether you have watched it. One of them."""

    position_s: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    watched: bool | None = None


class ManyVideosInput(Payload):
    """A change of many videos. `trash` and `restore` go with nothing else."""

    ids: VideoIdList
    add_tags: list[str] = Field(default_factory=list, max_length=200)
    remove_tags: list[str] = Field(default_factory=list, max_length=200)
    add_to_collection: Annotated[str | None, Field(max_length=40)] = None
    remove_from_collection: Annotated[str | None, Field(max_length=40)] = None
    watched: bool | None = None
    trash: bool = False
    force: Annotated[bool, Field(description="To the trash although projects hold clips of it.")] = False
    restore: Annotated[bool, Field(description="Out of the trash.")] = False


class BulkFailure(Shape):
    """A video that stayed as it was."""

    id: str
    code: str
    detail: str
    hint: str | None


class BulkOutcome(Shape):
    """What became of each: the opposite request for `changed` undoes it."""

    changed: Annotated[list[str], Field(description="Those that are other than before.")]
    failed: list[BulkFailure]


class PosterInput(Payload):
    """The frame at a time, or an image of yours. One of them."""

    at_s: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    image_id: Annotated[str | None, Field(max_length=40)] = None
