import { Button, Group, NumberInput, Popover, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { DownIcon } from "@/components/icons";
import type { Project, ProjectSettings } from "@/gen";
import { frameRate, resolution } from "@/lib/format";
import styles from "./SettingsMenu.module.css";

const SIZES = [
  { value: "auto", label: "As the clips" },
  { value: "1920x1080", label: "1080p, wide" },
  { value: "1280x720", label: "720p, wide" },
  { value: "1080x1920", label: "Vertical, 1080×1920" },
  { value: "1080x1080", label: "Square, 1080×1080" },
  { value: "custom", label: "Custom" },
];
const RATES = [{ value: "auto", label: "As the clips" }, ...["24", "25", "30", "50", "60"].map((value) => ({ value, label: `${value} fps` }))];

type Props = { settings: Required<ProjectSettings>; format: Project["format"]; onChange: (settings: Required<ProjectSettings>) => void };

/** Size, frame rate and background of the reel; "as the clips" leaves the choice to the server. */
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
        <Button variant="default" className={styles.button} rightSection={<DownIcon size={14} />} aria-label={`Settings of the reel: ${label}`}>
          {known ? <>{resolution(width, height)}{fps && <span className={styles.rate}>{frameRate(fps)}</span>}</> : label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={12}>
          <Select label="Size" data={SIZES} value={shown} onChange={pick} comboboxProps={{ withinPortal: false }} data-autofocus />
          {shown === "custom" && (
            <Group gap={8} wrap="nowrap">
              <NumberInput label="Width" min={16} max={7680} step={2} value={width} onChange={(value) => setEven(value, (even) => onChange({ ...settings, width: even, height }))} />
              <NumberInput label="Height" min={16} max={7680} step={2} value={height} onChange={(value) => setEven(value, (even) => onChange({ ...settings, width, height: even }))} />
            </Group>
          )}
          <Select label="Frame rate" data={RATES} value={settings.fps ? String(settings.fps) : "auto"} onChange={(value) => onChange({ ...settings, fps: value === "auto" ? null : Number(value) })} comboboxProps={{ withinPortal: false }} />
          <Background value={settings.background} onChange={(background) => onChange({ ...settings, background })} />
          {settings.width === null && format && <Text className="dim small">Now {format.width}×{format.height}, {frameRate(format.fps)}, from the clips.</Text>}
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
      description="Where a clip does not fill the picture"
      value={text ?? value}
      maxLength={7}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => event.key === "Enter" && finish()}
      rightSection={<input type="color" className={styles.color} aria-label="Choose the background" value={value} onChange={(event) => onChange(event.currentTarget.value)} />}
    />
  );
}
