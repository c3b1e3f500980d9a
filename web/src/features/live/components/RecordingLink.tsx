import { Link } from "@tanstack/react-router";
import type { Recording } from "@/gen";
import styles from "./live.module.css";

/** The title of a recording, linked to its video once there is one, else to the page that shows it live. */
export function RecordingLink({ recording }: { recording: Recording }) {
  const to =
    recording.video_id && recording.state === "ready"
      ? `/videos/${recording.video_id}`
      : `/live/recordings/${recording.id}`;
  return (
    <Link to={to} className={styles.name} title={recording.title}>
      {recording.title}
    </Link>
  );
}
