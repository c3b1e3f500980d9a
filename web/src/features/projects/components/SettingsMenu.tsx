import { Button, Group, NumberInput, Popover, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { DownIcon } from "@/components/icons";
import type { Project, ProjectSettings } from "@/gen";
import { frameRate, resolution } from "@/lib/format";
import styles from "./SettingsMenu.module.css";

const SIZES = [
  { value: "auto", label: "Same as clips" },
  { value: "1920x1080", label: "1080p, wide" },
  { value: "1280x720", label: "720p, wide" },
  { value: "1080x1920", label: "Vertical, 1080×1920" },
  { value: "1080x1080", label: "Square, 1080×1080" },
  { value: "custom", label: "Custom" },
];
const RATES = [
  { value: "auto", label: "Same as clips" },
  ...["24", "25", "30", "50", "60"].map((value) => ({ value, label: `${value} fps` })),
];

type Codec = Required<ProjectSettings>["codec"];
const CODECS = [
  { value: "h264", label: "H.264" },
  { value: "hevc", label: "HEVC" },
  { value: "av1", label: "AV1" },
];
const CODEC_WORDS: Record<Codec, string> = {
  h264: "Plays everywhere",
  hevc: "Smaller; not supported by all browsers",
  av1: "Smallest; slow to encode, not supported by older devices",
};
const TIMINGS = [
  { value: "constant", label: "Constant" },
  { value: "variable", label: "Variable" },
];

/** The range of the slider; the API and the CLI accept more. */
const LOUDNESS_LUFS = -16;
type AudioChoice = "copy" | "encode" | "loudness";
const AUDIO_CHOICES = [
  { value: "copy", label: "Copy where possible" },
  { value: "encode", label: "Re-encode" },
  { value: "loudness", label: "Normalize loudness" },
];
const AUDIO_HINTS: Record<AudioChoice, string> = {
  copy: "Fastest; up to 12 ms at a cut may be audible",
  encode: "Seamless cuts; about 2 s of work per minute",
  loudness: "Every clip is re-encoded to the same loudness",
};
const AUDIO_SETTINGS: Record<AudioChoice, Pick<Required<ProjectSettings>, "sound" | "loudness_lufs">> = {
  copy: { sound: "copy", loudness_lufs: null },
  encode: { sound: "encode", loudness_lufs: null },
  loudness: { sound: "encode", loudness_lufs: LOUDNESS_LUFS },
};
const audioOf = (settings: Required<ProjectSettings>): AudioChoice =>
  settings.loudness_lufs !== null ? "loudness" : settings.sound;

type Props = {
  settings: Required<ProjectSettings>;
  format: Project["format"];
  onChange: (settings: Required<ProjectSettings>) => void;
};

/** Size, frame rate and background of the reel; "Same as clips" leaves the choice to the server. */
export function SettingsMenu({ settings, format, onChange }: Props) {
  const [custom, setCustom] = useState(false);
  const size = settings.width && settings.height ? `${settings.width}x${settings.height}` : "auto";
  const listed = SIZES.some(({ value }) => value === size);
  const shown = custom || !listed ? "custom" : size;
  const width = settings.width ?? format?.width ?? 1920;
  const height = settings.height ?? format?.height ?? 1080;
  const fps = settings.fps ?? format?.fps;
  const pick = (value: string | null) => {
    setCustom(value === "custom");
    if (value === "custom") return onChange({ ...settings, width, height });
    const [w, h] = (value ?? "").split("x").map(Number);
    onChange({ ...settings, width: value === "auto" ? null : w!, height: value === "auto" ? null : h! });
  };
  const known = settings.width !== null || format !== null;
  const label = known ? `${resolution(width, height)}${fps ? ` ${frameRate(fps)}` : ""}` : "Auto size";
  return (
    <Popover position="bottom-end" width={280} trapFocus returnFocus shadow="md" transitionProps={{ duration: 120 }}>
      <Popover.Target>
        <Button
          variant="default"
          className={styles.button}
          rightSection={<DownIcon size={14} />}
          aria-label={`Reel settings: ${label}`}
        >
          {known ? (
            <>
              {resolution(width, height)}
              {fps && (
                <>
                  {" "}
                  <span className={styles.rate}>{frameRate(fps)}</span>
                </>
              )}
            </>
          ) : (
            label
          )}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={12}>
          <Select
            label="Size"
            data={SIZES}
            value={shown}
            onChange={pick}
            comboboxProps={{ withinPortal: false }}
            data-autofocus
          />
          {shown === "custom" && (
            <Group gap={8} wrap="nowrap">
              <NumberInput
                label="Width"
                min={16}
                max={7680}
                step={2}
                value={width}
                onChange={(value) => setEven(value, (even) => onChange({ ...settings, width: even, height }))}
              />
              <NumberInput
                label="Height"
                min={16}
                max={7680}
                step={2}
                value={height}
                onChange={(value) => setEven(value, (even) => onChange({ ...settings, width, height: even }))}
              />
            </Group>
          )}
          <Select
            label="Frame rate"
            data={RATES}
            value={settings.fps ? String(settings.fps) : "auto"}
            onChange={(value) => onChange({ ...settings, fps: value === "auto" ? null : Number(value) })}
            comboboxProps={{ withinPortal: false }}
          />
          <Background value={settings.background} onChange={(background) => onChange({ ...settings, background })} />
          <Select
            label="Codec"
            description={CODEC_WORDS[settings.codec]}
            data={CODECS}
            value={settings.codec}
            allowDeselect={false}
            onChange={(codec) => onChange({ ...settings, codec: (codec ?? "h264") as Codec })}
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label="Frame timing"
            description={
              settings.timing === "constant" ? "All frames have the same duration" : "Clips keep their own frame times"
            }
            data={TIMINGS}
            value={settings.timing}
            allowDeselect={false}
            onChange={(timing) => onChange({ ...settings, timing: timing === "variable" ? "variable" : "constant" })}
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label="Audio"
            description={AUDIO_HINTS[audioOf(settings)]}
            data={AUDIO_CHOICES}
            value={audioOf(settings)}
            allowDeselect={false}
            onChange={(value) => onChange({ ...settings, ...AUDIO_SETTINGS[(value ?? "copy") as AudioChoice] })}
            comboboxProps={{ withinPortal: false }}
          />
          {settings.width === null && format && (
            <Text className="dim small">
              Now {format.width}×{format.height}, {frameRate(format.fps)}, from the clips.
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function setEven(value: number | string, set: (even: number) => void): void {
  const number = Math.round(Number(value) / 2) * 2;
  if (number >= 16 && number <= 7680) set(number);
}

function Background({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState<string | null>(null);
  const finish = () => {
    if (text && /^#?[0-9a-f]{6}$/i.test(text.trim())) onChange(`#${text.trim().replace("#", "").toLowerCase()}`);
    setText(null);
  };
  return (
    <TextInput
      label="Background"
      description="Fills the frame where a clip does not"
      value={text ?? value}
      maxLength={7}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => event.key === "Enter" && finish()}
      rightSection={
        <input
          type="color"
          className={styles.color}
          aria-label="Choose background color"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      }
    />
  );
}
