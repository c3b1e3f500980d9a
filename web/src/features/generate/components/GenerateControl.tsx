import { Button, Progress, Text } from "@mantine/core";
import { SparkIcon } from "@/components/icons";
import { type Choice, isDue, progressOf } from "../choice";
import styles from "./GenerateControl.module.css";

type Props = { choices: readonly Choice[]; clips: number; onGenerate: () => void };

/** The Generate button with the number of clips without a video; while takes are under way, their progress. */
export function GenerateControl({ choices, clips, onGenerate }: Props) {
  const active = choices.filter((choice) => choice.active).length;
  const missing = choices.filter(isDue).length;
  if (active > 0) {
    const { ready, share } = progressOf(choices, clips);
    const words = ready === clips ? `${active} generating` : `${ready} of ${clips} ready`;
    return (
      <div className={styles.progress} role="group" aria-label="Generating">
        <Text className="clip-text tiny" aria-live="polite">
          {words}
        </Text>
        <Progress value={Math.max(2, share * 100)} size={5} animated aria-label="Progress of generating" />
      </div>
    );
  }
  if (missing === 0) return null;
  return (
    <Button className={styles.touch} leftSection={<SparkIcon size={16} />} onClick={onGenerate}>
      Generate {missing}
    </Button>
  );
}
