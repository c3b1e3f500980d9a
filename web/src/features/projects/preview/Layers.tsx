import { useQueries, useQuery } from "@tanstack/react-query";
import type { CSSProperties } from "react";
import { captionTrackQuery } from "@/features/captions/api/get-captions";
import { captionPresetsQuery } from "@/features/captions/api/list-presets";
import type { SafeArea, Watermark } from "@/gen";
import { type Cell, useCell } from "@/lib/cell";
import { shapeOf } from "@/player/shape";
import type { ReelEdit } from "../editor/effects";
import type { Layout } from "../editor/times";
import styles from "./Layers.module.css";
import { lookOf, safeArea } from "./looks";
import { type CuesOf, sceneAt } from "./scene";
import { CaptionText, TitleText } from "./Words";

type Props = {
  edit: ReelEdit;
  layout: Layout;
  time: Cell<number | null>;
  size: { width: number; height: number };
};

/** What the reel will show over the picture at the playhead: fades, titles, captions and the watermark. */
export default function Layers({ edit, layout, time, size }: Props) {
  const at = useCell(time);
  const { data: presets } = useQuery(captionPresetsQuery);
  const cuesOf = useTracks(layout);
  if (at === null) return null;
  const { veil, titles, cues } = sceneAt(edit, layout, at, cuesOf);
  const area = safeArea(presets?.safe_areas ?? [], size.width, size.height);
  const look = lookOf(presets?.items ?? [], edit.captions.style);
  return (
    <div className={styles.over} style={shapeOf(size.width, size.height)}>
      <div className={styles.frame} style={insets(area)} data-testid="preview-layers">
        {veil && <div className={styles.veil} style={{ background: veil.colour, opacity: veil.opacity }} />}
        {titles.map((each) => (
          <TitleText key={each.key} shown={each} />
        ))}
        {cues.map(({ cue, word }) => (
          <CaptionText key={`${cue.start_s} ${cue.text}`} cue={cue} word={word} look={look} />
        ))}
        {edit.watermark && <Mark mark={edit.watermark} />}
      </div>
    </div>
  );
}

const insets = ({ left, right, top, bottom }: SafeArea) =>
  ({
    "--safe-left": `${100 * left}%`,
    "--safe-right": `${100 * right}%`,
    "--safe-top": `${100 * top}cqh`,
    "--safe-bottom": `${100 * bottom}cqh`,
  }) as CSSProperties;

/** The cues of the caption tracks that the clips show. */
function useTracks({ placed }: Layout): CuesOf {
  const used = new Map<string, string>();
  for (const { clip } of placed)
    if (clip.captions?.track_id && clip.video_id) used.set(clip.captions.track_id, clip.video_id);
  const found = useQueries({ queries: [...used].map(([track, video]) => captionTrackQuery(video, track)) });
  return (track) => found.find(({ data }) => data?.id === track)?.data?.cues ?? [];
}

function Mark({ mark }: { mark: Watermark }) {
  const { image_id, corner = "bottom_right", width = 0.12, opacity = 0.8, margin = 0.03 } = mark;
  const [vertical, horizontal] = corner.split("_") as ["top" | "bottom", "left" | "right"];
  const gap = `min(${100 * margin}cqw, ${100 * margin}cqh)`;
  const place = { width: `${100 * width}%`, opacity, [vertical]: gap, [horizontal]: gap };
  return <img className={styles.mark} style={place} src={`/api/v1/images/${image_id}/file`} alt="Watermark" />;
}
