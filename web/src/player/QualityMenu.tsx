import { ChoiceMenu } from "./ChoiceMenu";

type Props = {
  streamed: boolean;
  /** By name, the largest first. */
  qualities: readonly string[];
  /** The quality that the stream is held to; null: as the connection allows. */
  quality: string | null;
  /** The file that is played when it is no stream. */
  file?: string;
  /** Set to why the original cannot be chosen. */
  without?: string;
  onFile: () => void;
  onStream: (quality: string | null) => void;
};

const ORIGINAL = "Original";

/** Which picture is played: the ladder, by itself or one rung of it, or the file as it was uploaded. */
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
