import { playRecording } from "@/gen";
import { unwrap } from "@/lib/api";

/** A signed URL of a recording: of what grows, or of the video that it became. */
export const createLivePlayback = (recordingId: string) =>
  unwrap(playRecording({ path: { recording_id: recordingId } }));
