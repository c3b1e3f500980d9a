import { queryOptions } from "@tanstack/react-query";
import { listSpeechEngines } from "@/gen";
import { unwrap } from "@/lib/api";
import { captionKeys } from "./keys";

export const enginesQuery = (videoId: string) =>
  queryOptions({
    queryKey: captionKeys.engines(videoId),
    queryFn: ({ signal }) => unwrap(listSpeechEngines({ path: { video_id: videoId }, signal })),
  });
