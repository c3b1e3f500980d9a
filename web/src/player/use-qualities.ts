import { useQuery } from "@tanstack/react-query";
import { qualityName } from "@/lib/format";
import { renditionsQuery } from "./list-renditions";
import { showsRendition } from "./showable";

/**
 * The qualities of a video, largest first: those that the stream lists, and renditions that
 * became ready after it was loaded, or while no stream is loaded.
 */
export function useQualities(
  videoId: string,
  { owned, ladder, listed }: { owned: boolean; ladder: boolean; listed: readonly string[] },
): readonly string[] {
  const { data } = useQuery({ ...renditionsQuery(videoId), enabled: owned && ladder });
  const ready = (data?.items ?? []).filter(
    ({ kind, state, codec_string }) => kind === "rendition" && state === "ready" && showsRendition(codec_string),
  );
  const made = ready.flatMap(({ width, height, codec }) =>
    width && height ? [qualityName(width, height, codec)] : [],
  );
  return [...new Set([...listed, ...made])].sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
}
