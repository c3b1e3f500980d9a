import { queryOptions } from "@tanstack/react-query";
import { getRecording, type Recording } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

const EVERY_MS = 2_000;

/** A recording, read again until it is a video. */
export const recordingQuery = (id: string) =>
  queryOptions({
    queryKey: liveKeys.recording(id),
    queryFn: ({ signal }) => unwrap(getRecording({ path: { recording_id: id }, signal })),
    refetchInterval: ({ state }) => (isUnderway(state.data) ? EVERY_MS : false),
  });

export const isUnderway = (recording: Recording | undefined): boolean =>
  recording?.state === "recording" || recording?.state === "finalising";
