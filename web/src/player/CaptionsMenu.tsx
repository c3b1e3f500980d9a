import { ChoiceMenu } from "./ChoiceMenu";
import type { ShownTrack } from "./use-captions";

type Props = {
  tracks: readonly ShownTrack[];
  /** The id of the track that is shown. */
  shown: string | null;
  onChoose: (id: string | null) => void;
};

/** The captions menu: one of the video's caption tracks, or none. */
export function CaptionsMenu({ tracks, shown, onChoose }: Props) {
  const names = namesOf(tracks);
  const chosen = tracks.findIndex(({ id }) => id === shown);
  return (
    <ChoiceMenu
      label="Captions"
      chosen={names[chosen] ?? OFF}
      short="CC"
      choices={[
        { key: "off", name: OFF, onChoose: () => onChoose(null) },
        ...tracks.map(({ id }, at) => ({ key: id, name: names[at] ?? "", onChoose: () => onChoose(id) })),
      ]}
    />
  );
}

const OFF = "Off";

/** Labels, with a number where several tracks have the same. */
export function namesOf(tracks: readonly Pick<ShownTrack, "label">[]): string[] {
  return tracks.map(({ label }, at) => {
    const same = tracks.filter((other) => other.label === label);
    if (same.length === 1) return label;
    const number = tracks.slice(0, at + 1).filter((other) => other.label === label).length;
    return `${label} ${number}`;
  });
}
