import { ChoiceMenu } from "./ChoiceMenu";

type Props = {
  streamed: boolean;
  /** Names, largest first. */
  qualities: readonly string[];
  /** The fixed quality; null adapts to the connection. */
  quality: string | null;
  /** The name of the file that plays, where it is not a stream. */
  file?: string;
  /** The reason why the original cannot be selected. */
  without?: string;
  onFile: () => void;
  onStream: (quality: string | null) => void;
};

const ORIGINAL = "Original";

/** The quality menu: the adaptive stream, one of its renditions, or the original. */
export function QualityMenu({ streamed, qualities, quality, file = ORIGINAL, without, onFile, onStream }: Props) {
  const chosen = !streamed ? file : quality !== null && qualities.includes(quality) ? quality : "Auto";
  return (
    <ChoiceMenu
      label="Quality"
      chosen={chosen}
      choices={[
        { key: "auto", name: "Auto", onChoose: () => onStream(null) },
        ...qualities.map((name) => ({ key: name, name, onChoose: () => onStream(name) })),
        { key: "file", name: ORIGINAL, without, onChoose: onFile },
      ]}
    />
  );
}
