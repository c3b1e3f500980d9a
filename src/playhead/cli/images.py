"""``playhead images``: still images, the clips and watermarks of reels, and inputs of generations."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal, safe
from playhead.errors import PlayheadError
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="List, add and remove still images for reels and generations.")


@app.command("list")
def list_images(
    context: typer.Context,
    origin: Annotated[str | None, typer.Option(help="upload or frame.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List images, newest first.

    \b
    Examples:
      playhead images list
      playhead images list --origin frame --json | jq -r '.[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        images = api.items("/images", limit=limit, origin=origin)
    terminal.items(
        images, ["id", "title", "origin", "format", "size", "created"], _row, as_json=as_json, empty="No images."
    )


@app.command("add")
def add_images(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="PNG, JPEG, WebP or GIF.")],
    title: Annotated[str | None, typer.Option(help="Title of the image. [default: the name of the file]")] = None,
    as_json: AsJson = False,
) -> None:
    """Upload image files. Prints the id of each new image.

    \b
    Examples:
      playhead images add portrait.jpg
      playhead images add *.png --json

    Of an animation, and of a GIF, the first frame is kept, as PNG.
    """
    terminal: Terminal = context.obj
    if title is not None and len(files) > 1:
        raise typer.BadParameter("a title needs a single file", param_hint="--title")
    images: list[dict[str, Any]] = []
    with connect(terminal) as api:
        for file in files:
            try:
                image = _upload(terminal, api, file, title)
            except PlayheadError as error:
                terminal.fail(error)
                continue
            images.append({"file": str(file), **image})
            if not as_json:
                terminal.data(image["id"])
    if as_json:
        terminal.json(images)
    if len(images) < len(files):
        raise typer.Exit(1)


@app.command("remove")
def remove_images(
    context: typer.Context,
    image_ids: Annotated[list[str], typer.Argument(metavar="IMAGE", help="Image ids, img_...")],
    yes: Yes = False,
) -> None:
    """Delete images and their files, after a confirmation.

    \b
    Examples:
      playhead images remove img_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    wanted = list(dict.fromkeys(image_ids))
    with connect(terminal) as api:
        named = api.get(f"/images/{wanted[0]}")["title"] if len(wanted) == 1 else f"{len(wanted)} images"
        if not terminal.confirm(f"Permanently delete {named}?", yes=yes):
            raise typer.Exit(1)
        removed = [_remove(terminal, api, image_id) for image_id in wanted]
    if not all(removed):
        raise typer.Exit(1)


def _upload(terminal: Terminal, api: "Api", file: Path, title: str | None) -> dict[str, Any]:
    from playhead.cli.upload import source_of

    terminal.say(f"Uploading {safe(file.name)} ({format_bytes(source_of(file).size_bytes)})")
    with file.open("rb") as stream:
        params = {"title": title, "filename": file.name}
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(file.stat().st_size)}
        image: dict[str, Any] = api.send("POST", "/images", params=params, content=stream, headers=headers)
    return image


def _remove(terminal: Terminal, api: "Api", image_id: str) -> bool:
    """Delete one image; as in ``rm``, a missing one is reported and the others are deleted."""
    from playhead.cli.client import Refused

    try:
        api.send("DELETE", f"/images/{image_id}")
    except Refused as error:
        if error.response_status != 404:
            raise
        terminal.fail(error)
        return False
    terminal.say(f"Deleted {image_id}")
    return True


def _row(image: dict[str, Any]) -> list[object]:
    kind = image["content_type"].removeprefix("image/").upper()
    shown = f"{image['width']} x {image['height']} {kind}"
    facts = [image["id"], image["title"], image["origin"], shown]
    return [*facts, format_bytes(image["size_bytes"]), image["created_at"]]
