"""Choice of a quality among the variants of a stream, and of its audio."""

import re

from playhead.media.hls.read import AudioRendition, MultivariantPlaylist, PlaylistUnreadable, Variant

_SIZE = re.compile(r"(\d{3,4})p(\d{2,3})?")


def choose_variant(playlist: MultivariantPlaylist, quality: str) -> Variant:
    """Choose a variant.

    Args:
        quality: ``best``, ``worst``, ``audio``, a height as ``720p`` or ``720p60``, or the site's own name. Where the
            height is not offered, the largest below it is taken, and else the smallest.

    Raises:
        PlaylistUnreadable: there is none.
    """
    variants = playlist.variants
    if not variants:
        raise PlaylistUnreadable("The playlist offers no quality.")
    for variant in variants:
        if variant.name is not None and variant.name.lower() == quality.lower():
            return variant
    if quality in ("audio", "audio_only"):
        return min(variants, key=lambda each: (_has_video(each), -each.bandwidth))
    with_video = [each for each in variants if _has_video(each)] or list(variants)
    if quality == "worst":
        return min(with_video, key=_rank)
    wanted = _SIZE.fullmatch(quality)
    fitting = [each for each in with_video if _fits(each, wanted)] if wanted else with_video
    return max(fitting, key=_rank) if fitting else min(with_video, key=_rank)


def choose_audio(playlist: MultivariantPlaylist, variant: Variant) -> AudioRendition | None:
    """The separate audio of a variant; None where its audio is in it."""
    group = [each for each in playlist.audio if each.group == variant.audio]
    chosen = next((each for each in group if each.default), group[0] if group else None)
    if chosen is None or chosen.url is None or chosen.url == variant.url:
        return None
    return chosen


def _fits(variant: Variant, wanted: re.Match[str]) -> bool:
    height, fps = variant.height or 0, variant.fps or 0.0
    return height <= int(wanted[1]) and (wanted[2] is None or fps <= int(wanted[2]) + 1)


def _rank(variant: Variant) -> tuple[int, int]:
    return variant.height or 0, variant.bandwidth


def _has_video(variant: Variant) -> bool:
    if variant.height or not variant.codecs:
        return True
    return not all(codec.strip().startswith(("mp4a", "ac-3", "ec-3", "opus")) for codec in variant.codecs.split(","))
