import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PlusIcon, TrashIcon } from "@/components/icons";
import { ImagePicker } from "@/features/images/components/ImagePicker";
import { videoQuery } from "@/features/videos/api/get-video";
import type { Captions, Music, Project, ProjectSettings, Watermark } from "@/gen";
import { useCell } from "@/lib/cell";
import { presetsQuery } from "../api/list-caption-presets";
import { LibraryPicker } from "../components/LibraryPicker";
import type { ReelEdit } from "../editor/effects";
import type { ProjectEditor } from "../editor/project-editor";
import { totalOf } from "../editor/times";
import { CueList } from "./CueList";
import { ColourField, NumberField, PercentField, SecondsField } from "./fields";
import styles from "./inspector.module.css";
import { Section } from "./Section";
import { ShapesSection } from "./ShapesSection";

type Props = {
  project: Project;
  editor: ProjectEditor;
  /** The section that was asked for. */
  panel: "captions" | "music" | null;
  /** The playhead, in seconds of the reel. */
  now: () => number;
};

type Set = (patch: Partial<ReelEdit>, field: string) => void;

/** What lies over and under all clips: music, captions, watermark; reels in other shapes. */
export default function ReelPanel({ project, editor, panel, now }: Props) {
  const { draft } = useCell(editor.state);
  const { music, watermark, captions } = draft.edit;
  const set: Set = (patch, field) =>
    editor.edit((before) => ({ ...before, edit: { ...before.edit, ...patch } }), `reel ${field}`);
  const level = (loudness_lufs: number | null) =>
    editor.edit(
      (before) => ({
        ...before,
        settings: {
          ...before.settings,
          loudness_lufs,
          sound: loudness_lufs === null ? before.settings.sound : "encode",
        },
      }),
      "reel loudness",
    );
  return (
    <div>
      <MusicSection
        music={music}
        set={set}
        open={panel === "music"}
        loudness={draft.settings.loudness_lufs}
        onLoudness={level}
      />
      <CaptionsSection captions={captions} set={set} open={panel === "captions"} end={totalOf(draft.clips)} now={now} />
      <WatermarkSection watermark={watermark} set={set} />
      <ShapesSection project={project} editor={editor} />
    </div>
  );
}

const LOUDNESSES = [
  { value: "", label: "As it is" },
  { value: "-14", label: "−14 LUFS (web)" },
  { value: "-16", label: "−16 LUFS (podcasts)" },
  { value: "-23", label: "−23 LUFS (broadcast)" },
];

type MusicProps = {
  music: Music | null;
  set: Set;
  open: boolean;
  loudness: ProjectSettings["loudness_lufs"];
  onLoudness: (lufs: number | null) => void;
};

function MusicSection({ music, set, open, loudness, onLoudness }: MusicProps) {
  const [picking, setPicking] = useState(false);
  const { data: video } = useQuery({ ...videoQuery(music?.video_id ?? ""), enabled: music !== null });
  const put = (patch: Partial<Music>, field: string) =>
    music && set({ music: { ...music, ...patch } }, `music ${field}`);
  const { volume = 0.5, start_s = 0, loop = true, fade_in_s = 1, fade_out_s = 2, ducking_db = 12 } = music ?? {};
  const level = loudness == null ? "" : String(loudness);
  return (
    <Section title="Music and loudness" value={music ? (video?.title ?? "Music") : null} open={open}>
      <div className={styles.row}>
        <Button size="xs" variant="default" onClick={() => setPicking(true)}>
          {music ? (video?.title ?? "Change music") : "Choose music"}
        </Button>
        {music && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label="Remove the music"
            onClick={() => set({ music: null }, "music gone")}
          >
            <TrashIcon size={16} />
          </Button>
        )}
      </div>
      {!music && <span className="dim tiny">A song or any video of the library that has sound.</span>}
      {music && (
        <>
          <div className={styles.pair}>
            <PercentField label="Volume" max={2} value={volume} onChange={(next) => put({ volume: next }, "volume")} />
            <SecondsField
              label="Begins at"
              max={Math.max(start_s, video?.duration_s ?? 3600)}
              value={start_s}
              onChange={(next) => put({ start_s: next }, "start")}
            />
            <SecondsField
              label="Fade in"
              max={60}
              value={fade_in_s}
              onChange={(next) => put({ fade_in_s: next }, "fade in")}
            />
            <SecondsField
              label="Fade out"
              max={60}
              value={fade_out_s}
              onChange={(next) => put({ fade_out_s: next }, "fade out")}
            />
          </div>
          <NumberField
            label="Lower under voices"
            description={ducking_db ? "While the clips speak" : "Never"}
            suffix=" dB"
            decimals={0}
            step={1}
            min={0}
            max={40}
            value={ducking_db}
            onChange={(next) => put({ ducking_db: next }, "ducking")}
          />
          <Checkbox
            size="xs"
            label="Repeat to the end of the reel"
            checked={loop}
            onChange={(event) => put({ loop: event.currentTarget.checked }, "loop")}
          />
        </>
      )}
      <Select
        size="xs"
        label="Loudness of the reel"
        data={LOUDNESSES.some(({ value }) => value === level) ? LOUDNESSES : [...LOUDNESSES, own(level)]}
        value={level}
        allowDeselect={false}
        onChange={(next) => onLoudness(next ? Number(next) : null)}
      />
      <LibraryPicker
        one
        title="Choose music"
        opened={picking}
        onClose={() => setPicking(false)}
        onPick={([video]) => {
          setPicking(false);
          if (video) set({ music: { ...(music ?? {}), video_id: video.id, start_s: 0, audio_track: null } }, "music");
        }}
      />
    </Section>
  );
}

const own = (level: string) => ({ value: level, label: `${level.replace("-", "−")} LUFS` });

const MODES = [
  { value: "off", label: "Off" },
  { value: "soft", label: "Can be turned on and off" },
  { value: "burned", label: "Part of the picture" },
  { value: "both", label: "Both" },
];
const PLACES = [
  { value: "", label: "As the preset" },
  { value: "bottom", label: "Bottom" },
  { value: "center", label: "Center" },
  { value: "top", label: "Top" },
];
const BACKGROUNDS = [
  { value: "", label: "As the preset" },
  { value: "box", label: "Box" },
  { value: "outline", label: "Outline" },
  { value: "none", label: "None" },
];

type CaptionsProps = { captions: Captions; set: Set; open: boolean; end: number; now: () => number };

function CaptionsSection({ captions, set, open, end, now }: CaptionsProps) {
  const { data: presets } = useQuery(presetsQuery);
  const { mode = "off", language = "und", style = {}, cues = [] } = captions;
  const put = (patch: Partial<Captions>, field: string) =>
    set({ captions: { ...captions, ...patch } }, `captions ${field}`);
  const look = (patch: NonNullable<Captions["style"]>, field: string) => put({ style: { ...style, ...patch } }, field);
  const preset = presets?.items.find(({ name }) => name === (style.preset ?? "standard"));
  const burned = mode === "burned" || mode === "both";
  const highlight = style.highlight ?? preset?.highlight ?? "";
  return (
    <Section
      title="Captions"
      value={mode === "off" ? null : MODES.find(({ value }) => value === mode)!.label}
      open={open}
    >
      <Select
        size="xs"
        label="Captions of the reel"
        data={MODES}
        value={mode}
        allowDeselect={false}
        onChange={(next) => put({ mode: next as Captions["mode"] }, "mode")}
      />
      {mode !== "off" && <LanguageField language={language} onChange={(next) => put({ language: next }, "language")} />}
      {burned && (
        <>
          <Select
            size="xs"
            label="Look"
            data={presets?.items.map(({ name, title }) => ({ value: name, label: title })) ?? []}
            value={style.preset ?? "standard"}
            allowDeselect={false}
            onChange={(next) => put({ style: { preset: next ?? "standard" } }, "preset")}
          />
          <div className={styles.pair}>
            <NumberField
              label="Size"
              suffix=" %"
              min={2}
              max={20}
              step={0.5}
              decimals={1}
              value={(style.size ?? preset?.size ?? 0.05) * 100}
              onChange={(next) => look({ size: next / 100 }, "size")}
            />
            <Select
              size="xs"
              label="Place"
              data={PLACES}
              value={style.place ?? ""}
              allowDeselect={false}
              onChange={(next) => look({ place: (next || null) as never }, "place")}
            />
            <Select
              size="xs"
              label="Background"
              data={BACKGROUNDS}
              value={style.background ?? ""}
              allowDeselect={false}
              onChange={(next) => look({ background: (next || null) as never }, "background")}
            />
            <ColourField
              label="Word color"
              value={style.colour ?? preset?.colour ?? "#ffffff"}
              onChange={(next) => look({ colour: next }, "colour")}
            />
          </div>
          <Checkbox
            size="xs"
            label="Highlight the word that is spoken"
            checked={highlight !== ""}
            onChange={(event) => look({ highlight: event.currentTarget.checked ? "#ffd400" : "" }, "highlight on")}
          />
          {highlight && (
            <ColourField
              label="Spoken word"
              value={highlight}
              onChange={(next) => look({ highlight: next }, "highlight")}
            />
          )}
        </>
      )}
      {mode !== "off" && (
        <>
          <span className="dim tiny">Clips bring their own captions. Those here are in the time of the reel.</span>
          <CueList cues={cues} now={now} end={end} onChange={(next, field) => put({ cues: next }, field)} />
        </>
      )}
    </Section>
  );
}

const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

function LanguageField({ language, onChange }: { language: string; onChange: (language: string) => void }) {
  const [text, setText] = useState<string | null>(null);
  const wrong = text !== null && text !== "" && !TAG.test(text);
  return (
    <TextInput
      size="xs"
      label="Language"
      placeholder="en"
      description="A tag such as en or pt-BR"
      value={text ?? (language === "und" ? "" : language)}
      error={wrong ? "Use a tag such as en or pt-BR" : undefined}
      onChange={(event) => {
        const next = event.currentTarget.value.trim();
        setText(next);
        if (next === "" || TAG.test(next)) onChange(next || "und");
      }}
      onBlur={() => setText(null)}
    />
  );
}

const CORNERS = [
  { value: "top_left", label: "Top left" },
  { value: "top_right", label: "Top right" },
  { value: "bottom_left", label: "Bottom left" },
  { value: "bottom_right", label: "Bottom right" },
];

function WatermarkSection({ watermark, set }: { watermark: Watermark | null; set: Set }) {
  const [picking, setPicking] = useState(false);
  const put = (patch: Partial<Watermark>, field: string) =>
    watermark && set({ watermark: { ...watermark, ...patch } }, `watermark ${field}`);
  const { corner = "bottom_right", width = 0.12, opacity = 0.8, margin = 0.03 } = watermark ?? {};
  return (
    <Section title="Watermark" value={watermark ? CORNERS.find(({ value }) => value === corner)!.label : null}>
      {watermark && (
        <img
          src={`/api/v1/images/${watermark.image_id}/thumbnail`}
          alt="The watermark"
          style={{ maxHeight: 64, maxWidth: "100%", objectFit: "contain", alignSelf: "start" }}
        />
      )}
      <div className={styles.row}>
        <Button
          size="xs"
          variant="default"
          leftSection={watermark ? undefined : <PlusIcon size={14} />}
          onClick={() => setPicking(true)}
        >
          {watermark ? "Change image" : "Choose image"}
        </Button>
        {watermark && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label="Remove the watermark"
            onClick={() => set({ watermark: null }, "watermark gone")}
          >
            <TrashIcon size={16} />
          </Button>
        )}
      </div>
      {watermark && (
        <>
          <div className={styles.pair}>
            <Select
              size="xs"
              label="Corner"
              data={CORNERS}
              value={corner}
              allowDeselect={false}
              onChange={(next) => put({ corner: next as Watermark["corner"] }, "corner")}
            />
            <PercentField label="Width" min={0.01} value={width} onChange={(next) => put({ width: next }, "width")} />
            <PercentField label="Opacity" value={opacity} onChange={(next) => put({ opacity: next }, "opacity")} />
            <PercentField
              label="Margin"
              max={0.5}
              value={margin}
              onChange={(next) => put({ margin: next }, "margin")}
            />
          </div>
          <span className="dim tiny">It lies over every frame, so the whole reel is encoded.</span>
        </>
      )}
      <ImagePicker
        opened={picking}
        onClose={() => setPicking(false)}
        onPick={(image) => {
          setPicking(false);
          set({ watermark: { ...(watermark ?? {}), image_id: image.id } }, "watermark");
        }}
      />
    </Section>
  );
}
