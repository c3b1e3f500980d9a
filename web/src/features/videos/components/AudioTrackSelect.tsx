import { Select } from "@mantine/core";
import { showProblem } from "@/components/toast";
import type { Video } from "@/gen";
import { useUpdateVideo } from "../api/update-video";
import { trackName } from "../audio";

/** The audio track that is played, streamed and stitched, where there are several. */
export function AudioTrackSelect({ video }: { video: Video }) {
  const update = useUpdateVideo(video.id);
  const data = video.audio_tracks.map((track, place) => ({
    value: String(track.track),
    label: trackName(track, place + 1),
  }));
  const choose = (value: string | null) => {
    if (value !== null)
      update.mutate(
        { audio_track: Number(value), version: video.version },
        { onError: showProblem("Couldn't change the audio track") },
      );
  };
  return (
    <Select
      aria-label="Audio track"
      size="xs"
      w={320}
      maw="100%"
      data={data}
      value={String(video.audio_track)}
      allowDeselect={false}
      disabled={update.isPending}
      onChange={choose}
    />
  );
}
