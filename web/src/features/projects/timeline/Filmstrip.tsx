import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Poster } from "@/components/Poster";
import type { DraftClip } from "../editor/draft";
import { isRepeated, storyboardQuery, tileAt, tileStyle } from "./storyboard";
import styles from "./Timeline.module.css";
import type { Shown } from "./use-window";

export const FILM_HEIGHT = 54;
const MOST_EXACT = 36; // thumbnails of one clip, each of which the server may have to make

type Props = { clip: DraftClip; width: number; scale: number; shown: Shown };

/** The pictures of a clip along its span; only those in view are drawn. */
export function Filmstrip({ clip, width, scale, shown }: Props) {
  const { video, image, card } = clip;
  if (card)
    return (
      <span className={styles.card} style={{ background: card.background, color: card.colour }}>
        {card.text}
      </span>
    );
  if (image)
    return <span className={styles.image} style={{ backgroundImage: `url("${image.url}")` }} data-testid="film" />;
  if (!video) return <Poster url={null} state="errored" />;
  return <VideoStrip clip={clip} video={video} width={width} scale={scale} shown={shown} />;
}

function VideoStrip({ clip, video, width, scale, shown }: Props & { video: NonNullable<DraftClip["video"]> }) {
  const { data: board } = useQuery(storyboardQuery(video));
  const [rested] = useDebouncedValue(scale, 400);
  if (!board) return <Poster url={video.poster_url} state={video.state} />;
  const [{ width: w, height: h }] = board.tiles as [(typeof board.tiles)[number]];
  const tileWidth = Math.max(24, Math.round((w / h) * FILM_HEIGHT));
  const first = Math.max(0, Math.floor(shown.from / tileWidth));
  const last = Math.min(Math.ceil(width / tileWidth), Math.ceil(shown.to / tileWidth));
  const { thumbnail_url: exactUrl } = video;
  const exact = exactUrl && rested === scale && isRepeated(board, (tileWidth / scale) * clip.speed);
  return (
    <span className={styles.film} data-testid="film">
      {Array.from({ length: Math.max(0, last - first) }, (_, n) => {
        const left = (first + n) * tileWidth;
        const middle = Math.min(left + tileWidth / 2, width);
        const at = clip.start_s + (middle / scale) * clip.speed;
        const tile = tileAt(board, at);
        return (
          <span
            key={first + n}
            className={styles.tile}
            style={{ left, width: tileWidth, ...tileStyle(board, tile, FILM_HEIGHT) }}
          >
            {exact && n < MOST_EXACT && (
              <img
                src={`${exactUrl}&t=${at.toFixed(1)}&w=160`}
                alt=""
                loading="lazy"
                width={tileWidth}
                height={FILM_HEIGHT}
              />
            )}
          </span>
        );
      })}
    </span>
  );
}
