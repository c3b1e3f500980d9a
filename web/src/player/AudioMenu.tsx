import { icon } from "@/components/icons";
import { ChoiceMenu } from "./ChoiceMenu";

type Props = { tracks: readonly string[]; chosen: string | null; onChoose: (track: string) => void };

const AudioIcon = icon("AudioIcon", <path d="M3 8v4M6.5 5.5v9M10 3v14M13.5 6.5v7M17 8.5v3" />);

/** The audio tracks of a stream, under an icon, as names are long. */
export function AudioMenu({ tracks, chosen, onChoose }: Props) {
  return (
    <ChoiceMenu
      label="Audio"
      chosen={chosen ?? tracks[0] ?? ""}
      short={<AudioIcon size={18} />}
      choices={tracks.map((track) => ({ key: track, name: track, onChoose: () => onChoose(track) }))}
    />
  );
}
