import { Checkbox, Select } from "@mantine/core";
import type { Crop, Framing } from "@/gen";
import type { DraftClip } from "../editor/draft";
import type { Change } from "./ClipEffects";
import { ColourField, NumberField } from "./fields";
import styles from "./inspector.module.css";
import { Section } from "./Section";

const FITS = [
  { value: "fit", label: "Show all of it" },
  { value: "fill", label: "Fill the reel" },
  { value: "blur", label: "Show all, on a blurred copy" },
];
const ZOOMS = [
  { value: "none", label: "None" },
  { value: "in", label: "Slowly in" },
  { value: "out", label: "Slowly out" },
];
const WHOLE: Required<Crop> = { x: 0, y: 0, width: 1, height: 1 };

/** How the picture is put into the reel: fit, background, crop, zoom of an image. */
export function PictureSection({ clip, change }: { clip: DraftClip; change: Change }) {
  const { fit = "fit", background = null, crop = null } = clip.framing;
  const set = (patch: Partial<Framing>, field: string) =>
    change({ framing: { fit, background, crop, ...patch } }, field);
  const words = [
    fit === "fit" ? "" : FITS.find(({ value }) => value === fit)!.label,
    crop ? "Cropped" : "",
    clip.zoom === "none" ? "" : `Zoom ${clip.zoom}`,
  ];
  if (clip.card) return null;
  return (
    <Section title="Picture" value={words.filter(Boolean).join(", ") || null}>
      <Select
        size="xs"
        label="Shape"
        data={FITS}
        value={fit}
        allowDeselect={false}
        onChange={(next) => set({ fit: next as Framing["fit"] }, "fit")}
      />
      {fit === "fit" && (
        <>
          <Checkbox
            size="xs"
            label="Its own background"
            checked={background !== null}
            onChange={(event) => set({ background: event.currentTarget.checked ? "#000000" : null }, "background on")}
          />
          {background !== null && (
            <ColourField
              label="Background"
              value={background}
              onChange={(next) => set({ background: next }, "background")}
            />
          )}
        </>
      )}
      <Checkbox
        size="xs"
        label="Crop"
        checked={crop !== null}
        onChange={(event) => set({ crop: event.currentTarget.checked ? WHOLE : null }, "crop on")}
      />
      {crop && <CropFields crop={{ ...WHOLE, ...crop }} onChange={(next) => set({ crop: next }, "crop")} />}
      {clip.image_id && (
        <Select
          size="xs"
          label="Zoom"
          data={ZOOMS}
          value={clip.zoom}
          allowDeselect={false}
          onChange={(next) => change({ zoom: next as DraftClip["zoom"] }, "zoom")}
        />
      )}
    </Section>
  );
}

function CropFields({ crop, onChange }: { crop: Required<Crop>; onChange: (crop: Required<Crop>) => void }) {
  const field = (label: string, name: keyof Crop, min: number, max: number) => (
    <NumberField
      label={label}
      suffix=" %"
      decimals={0}
      step={1}
      min={min * 100}
      max={Math.max(min, max) * 100}
      value={crop[name] * 100}
      onChange={(next) => onChange({ ...crop, [name]: next / 100 })}
    />
  );
  return (
    <div className={styles.pair}>
      {field("From the left", "x", 0, 1 - crop.width)}
      {field("From the top", "y", 0, 1 - crop.height)}
      {field("Width", "width", 0.01, 1 - crop.x)}
      {field("Height", "height", 0.01, 1 - crop.y)}
    </div>
  );
}
