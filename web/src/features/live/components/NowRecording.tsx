import { StateBadge } from "@/components/StateBadge";
import type { Recording } from "@/gen";
import { bytes, duration } from "@/lib/format";
import { gapsLine, rateWords } from "../recording-words";
import { recordingState } from "../words";
import styles from "./live.module.css";
import { RecordingLink } from "./RecordingLink";

/** A running recording in one line: state, title, length, size, rate, gaps. */
export function NowRecording({ recording }: { recording: Recording }) {
  const gaps = gapsLine(recording.gaps);
  const facts = [duration(recording.duration_s), bytes(recording.size_bytes)];
  if (recording.state === "recording") facts.push(rateWords(recording.bytes_per_s));
  return (
    <div className={styles.recording}>
      <StateBadge state={recordingState(recording)} />
      <span className={styles.text}>
        <RecordingLink recording={recording} />
        <span className="dim tiny">
          {facts.join(" · ")}
          {gaps && <span className={styles.gaps}> · {gaps}</span>}
        </span>
      </span>
    </div>
  );
}
