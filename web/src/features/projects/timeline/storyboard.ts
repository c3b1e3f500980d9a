import { queryOptions } from "@tanstack/react-query";
import type { EditedVideo } from "../editor/draft";

/** A part of a sheet of pictures, which stands for the half-open span of the video that begins at `start`. */
export type Tile = { start: number; x: number; y: number; width: number; height: number };

export type Storyboard = { sheet: string; tiles: readonly Tile[] };

const CUE = /(?:(\d+):)?(\d\d):(\d\d\.\d+) --> .*\n(.+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The storyboard of a video; null while there is none. */
export const storyboardQuery = ({ id, storyboard_url: url }: Pick<EditedVideo, "id" | "storyboard_url">) =>
  queryOptions({
    queryKey: ["storyboard", id],
    queryFn: async ({ signal }) => {
      const response = await fetch(url!, { signal, credentials: "omit" });
      return response.ok ? parseStoryboard(await response.text(), response.url) : null;
    },
    enabled: Boolean(url),
    retry: false,
    staleTime: 20 * 60_000, // its links are signed for longer
    refetchInterval: ({ state: { data, dataUpdateCount } }) => (data === null && dataUpdateCount < 20 ? 4_000 : false),
  });

/** Read WebVTT whose cues are parts of one sheet, which is named relative to the *address* of the text. */
export function parseStoryboard(text: string, address: string): Storyboard | null {
  let sheet = "";
  const tiles = [...text.matchAll(CUE)].map(([, h = "0", m, s, url, ...place]) => {
    sheet = new URL(url!, address).href;
    const [x = 0, y = 0, width = 0, height = 0] = place.map(Number);
    return { start: Number(h) * 3600 + Number(m) * 60 + Number(s), x, y, width, height };
  });
  return tiles.length > 0 ? { sheet, tiles } : null;
}

/** The tile that stands for a time of the video. */
export function tileAt({ tiles }: Storyboard, seconds: number): Tile {
  const step = tiles.length > 1 ? tiles[1]!.start - tiles[0]!.start : 1;
  return tiles[Math.min(tiles.length - 1, Math.max(0, Math.floor(seconds / step)))]!;
}

/** Whether each tile would stand more than three times in a strip whose pictures are so many seconds apart. */
export const isRepeated = ({ tiles }: Storyboard, seconds: number): boolean =>
  tiles.length > 1 && tiles[1]!.start - tiles[0]!.start > 3 * seconds;

/** The style of an element that shows a tile in a given height. */
export function tileStyle({ sheet, tiles }: Storyboard, { x, y, height }: Tile, shownHeight: number) {
  const scale = shownHeight / height;
  const sheetWidth = Math.max(...tiles.map((tile) => tile.x + tile.width));
  return {
    backgroundImage: `url("${sheet}")`,
    backgroundSize: `${sheetWidth * scale}px auto`,
    backgroundPosition: `${-x * scale}px ${-y * scale}px`,
  };
}
