import { queryOptions } from "@tanstack/react-query";
import { listCaptionPresets } from "@/gen";
import { unwrap } from "@/lib/api";

/** Looks of captions that are burned in, as the renderer has them. */
export const presetsQuery = queryOptions({
  queryKey: ["caption-presets"],
  queryFn: ({ signal }) => unwrap(listCaptionPresets({ signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
