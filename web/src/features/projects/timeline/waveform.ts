import { queryOptions } from "@tanstack/react-query";
import { getWaveform } from "@/gen";
import { isStatus } from "@/lib/api";

export const PEAKS_PER_S = 50;

const NONE = new Uint8Array();

/** The peaks of a video's audio, 50 a second; empty without audio, null while they are being made. */
export const waveformQuery = (videoId: string, track: number | null) =>
  queryOptions({
    queryKey: ["waveform", videoId, track],
    queryFn: async ({ signal }) => {
      const query = track === null ? undefined : { track };
      const { data, error, response } = await getWaveform({
        path: { video_id: videoId },
        query,
        signal,
        parseAs: "arrayBuffer",
      });
      if (isStatus(error, 404)) return NONE;
      if (error !== undefined) throw error;
      return response?.status === 202 ? null : new Uint8Array(data as unknown as ArrayBuffer);
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data === null && dataUpdateCount < 120 ? 1_000 + 50 * dataUpdateCount : false,
  });

/** The loudest peak of each column: columns share the span of the video in equal parts. */
export function columnsOf(peaks: Uint8Array, start: number, end: number, columns: number): number[] {
  const step = ((end - start) * PEAKS_PER_S) / columns;
  return Array.from({ length: columns }, (_, n) => {
    const from = Math.floor(start * PEAKS_PER_S + n * step);
    const to = Math.max(from + 1, Math.floor(start * PEAKS_PER_S + (n + 1) * step));
    let most = 0;
    for (let at = Math.max(0, from); at < Math.min(to, peaks.length); at++) most = Math.max(most, peaks[at]!);
    return most / 255;
  });
}
