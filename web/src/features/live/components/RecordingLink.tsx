import { Link } from "@tanstack/react-router";
import type { Recording } from "@/gen";
import styles from "./live.module.css";

/** The title of a recording, linked to its video once there is one, else to the page that shows it live. */
export function RecordingLink({ recording }: { recording: Recording }) {
  const facts = { className: styles.name, title: recording.title, children: recording.title };
  return recording.video_id && recording.state === "ready" ? (
    <Link to="/videos/$videoId" params={{ videoId: recording.video_id }} {...facts} />
  ) : (
    <Link to="/live/recordings/$recordingId" params={{ recordingId: recording.id }} {...facts} />
  );
}
