import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { captionsQuery } from "@/features/captions/api/list-captions";
import type { CaptionTrack } from "@/gen";
import { type DraftClip, endOf } from "../editor/draft";
import type { Change } from "./ClipEffects";
import { CueList } from "./CueList";
import { Section } from "./Section";

type Props = {
  clip: DraftClip;
  change: Change;
  open: boolean;
  now: () => number;
  onSeek: (seconds: number) => void;
};

const OWN = "own";

/** Captions of a clip: none, a caption track of its video, or its own. */
export function ClipCaptionsSection({ clip, change, open, now, onSeek }: Props) {
  const { data } = useQuery({ ...captionsQuery(clip.video_id ?? ""), enabled: clip.video_id !== null });
  const tracks = data?.items ?? [];
  const { captions } = clip;
  const cues = captions?.cues ?? [];
  const source = captions?.track_id ?? (captions ? OWN : "");
  const pick = (next: string | null) =>
    change({ captions: !next ? null : next === OWN ? { cues } : { track_id: next, cues: [] } }, "captions");
  const known = source === "" || source === OWN || tracks.some(({ id }) => id === source);
  const word = captions?.track_id ? "From the video" : captions ? `${cues.length} of its own` : null;
  return (
    <Section title="Captions" value={word} open={open}>
      <Select
        size="xs"
        label="Captions"
        data={[
          { value: "", label: "None" },
          ...tracks.map((track) => ({ value: track.id, label: nameOf(track) })),
          ...(known ? [] : [{ value: source, label: "A deleted caption track" }]),
          { value: OWN, label: "Its own" },
        ]}
        value={source}
        allowDeselect={false}
        onChange={pick}
      />
      {source === OWN && (
        <CueList
          cues={cues}
          now={now}
          end={endOf(clip)}
          onSeek={onSeek}
          onChange={(next, field) => change({ captions: { cues: next } }, field)}
        />
      )}
      <span className="dim tiny">
        Captions show in the reel once the reel's captions are on.{" "}
        {clip.video_id && (
          <Link to="/videos/$videoId" params={{ videoId: clip.video_id }} search={{ tab: "captions" }}>
            Upload or transcribe captions of this video
          </Link>
        )}
      </span>
    </Section>
  );
}

const nameOf = ({ label, language }: CaptionTrack): string => (language === "und" ? label : `${label} (${language})`);
