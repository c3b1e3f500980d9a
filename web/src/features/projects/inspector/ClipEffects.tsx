import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { videoQuery } from "@/features/videos/api/get-video";
import type { AudioTrack, Transition } from "@/gen";
import { codec } from "@/lib/format";
import type { ClipActions } from "../editor/clip-actions";
import type { DraftClip } from "../editor/draft";
import { lengthOf } from "../editor/draft";
import { reelLength } from "../editor/times";
import { CardFields } from "./CardFields";
import { ClipCaptionsSection } from "./ClipCaptionsSection";
import { ColourField, NumberField, PercentField, SecondsField } from "./fields";
import styles from "./inspector.module.css";
import { PictureSection } from "./PictureSection";
import { Section } from "./Section";
import { TitlesSection } from "./TitlesSection";

type Props = {
  clip: DraftClip;
  before: DraftClip | null;
  actions: ClipActions;
  /** The section that was asked for. */
  panel: "captions" | null;
  /** The time of the player in the clip's video. */
  now: () => number;
  onSeek: (seconds: number) => void;
};

/** What is done to a clip, in sections that are folded while nothing is set. */
export default function ClipEffects({ clip, before, actions, panel, now, onSeek }: Props) {
  const change = (patch: Partial<DraftClip>, field: string) => actions.change(clip.key, patch, field);
  const still = clip.image_id !== null || clip.card !== null;
  return (
    <div>
      {clip.card && <CardFields card={clip.card} onChange={(card, field) => change({ card }, field)} />}
      {still && (
        <Section title="Duration" value={`${lengthOf(clip).toFixed(1)} s`} open>
          <SecondsField
            label="Shown for"
            min={0.1}
            max={3600}
            value={lengthOf(clip)}
            onChange={(end_s) => change({ end_s, open_end: false }, "length")}
          />
        </Section>
      )}
      {before && <TransitionSection clip={clip} before={before} change={change} />}
      {!still && <SpeedSection clip={clip} change={change} />}
      {!still && <SoundSection clip={clip} change={change} />}
      <PictureSection clip={clip} change={change} />
      <FadesSection clip={clip} change={change} sound={!still} />
      <TitlesSection clip={clip} change={change} />
      {clip.video_id && (
        <ClipCaptionsSection clip={clip} change={change} open={panel === "captions"} now={now} onSeek={onSeek} />
      )}
    </div>
  );
}

export type Change = (patch: Partial<DraftClip>, field: string) => void;

type Part = { clip: DraftClip; change: Change };

const KINDS = [
  { value: "cut", label: "Cut" },
  { value: "crossfade", label: "Crossfade" },
  { value: "dip", label: "Dip to a color" },
];
const USUAL_S = 1;

function TransitionSection({ clip, before, change }: Part & { before: DraftClip }) {
  const { kind = "cut", duration_s = 0, colour = "#000000" } = clip.transition_in ?? {};
  const longest = Math.min(10, reelLength(clip) / 2, reelLength(before) / 2);
  const set = (next: Transition) => change({ transition_in: next.kind === "cut" ? null : next }, "transition");
  const word = KINDS.find(({ value }) => value === kind)!.label;
  return (
    <Section title="Transition" value={kind === "cut" ? null : `${word}, ${duration_s.toFixed(1)} s`}>
      <Select
        size="xs"
        label="From the clip before"
        data={KINDS}
        value={kind}
        allowDeselect={false}
        onChange={(next) =>
          set({ kind: next as Transition["kind"], duration_s: duration_s || Math.min(USUAL_S, longest), colour })
        }
      />
      {kind !== "cut" && (
        <SecondsField
          label="Length"
          min={0.04}
          max={Math.max(longest, duration_s)}
          description={`At most ${longest.toFixed(1)} s: half of the shorter clip`}
          value={duration_s}
          onChange={(next) => set({ kind, duration_s: next, colour })}
        />
      )}
      {kind === "dip" && (
        <ColourField label="Color" value={colour} onChange={(next) => set({ kind, duration_s, colour: next })} />
      )}
    </Section>
  );
}

function SpeedSection({ clip, change }: Part) {
  return (
    <Section title="Speed" value={clip.speed === 1 ? null : `${clip.speed}x`}>
      <NumberField
        label="Speed"
        description={`${reelLength(clip).toFixed(2)} s in the reel; the pitch is kept`}
        suffix="x"
        min={0.25}
        max={4}
        step={0.25}
        value={clip.speed}
        onChange={(speed) => change({ speed }, "speed")}
      />
    </Section>
  );
}

function SoundSection({ clip, change }: Part) {
  const { data: video } = useQuery({ ...videoQuery(clip.video_id ?? ""), enabled: clip.video_id !== null });
  const tracks = video?.audio_tracks ?? [];
  const volume = clip.volume === 0 ? "Muted" : `${Math.round(clip.volume * 100)} %`;
  const set = clip.volume !== 1 || clip.audio_track !== null;
  if (video && tracks.length === 0) return null;
  return (
    <Section title="Sound" value={set ? volume : null}>
      <PercentField
        label="Volume"
        description={clip.volume === 0 ? "Muted" : "0 % mutes the clip"}
        max={2}
        value={clip.volume}
        onChange={(next) => change({ volume: next }, "volume")}
      />
      {tracks.length > 1 && (
        <Select
          size="xs"
          label="Audio track"
          data={[
            { value: "", label: "The one that is played" },
            ...tracks.map((track, n) => ({ value: String(track.track), label: trackName(track, n) })),
          ]}
          value={clip.audio_track === null ? "" : String(clip.audio_track)}
          allowDeselect={false}
          onChange={(next) => change({ audio_track: next ? Number(next) : null }, "track")}
        />
      )}
    </Section>
  );
}

const trackName = ({ title, language, codec: name, silent }: AudioTrack, n: number): string =>
  [`${n + 1}. ${title || codec(name)}`, language && language !== "und" ? language : "", silent ? "silent" : ""]
    .filter(Boolean)
    .join(", ");

function FadesSection({ clip, change, sound }: Part & { sound: boolean }) {
  const { fade_in_s, fade_out_s } = clip;
  const longest = Math.min(60, reelLength(clip));
  const words = [fade_in_s ? `in ${fade_in_s} s` : "", fade_out_s ? `out ${fade_out_s} s` : ""];
  return (
    <Section title="Fades" value={words.filter(Boolean).join(", ") || null}>
      <div className={styles.pair}>
        <SecondsField
          label="Fade in"
          max={longest}
          value={fade_in_s}
          onChange={(next) => change({ fade_in_s: next }, "fade in")}
        />
        <SecondsField
          label="Fade out"
          max={longest}
          value={fade_out_s}
          onChange={(next) => change({ fade_out_s: next }, "fade out")}
        />
      </div>
      <span className="dim tiny">From and to black{sound ? ", with the sound" : ""}</span>
    </Section>
  );
}
