import { queryOptions } from "@tanstack/react-query";
import { listCaptionPresets } from "@/gen";
import { unwrap } from "@/lib/api";

/** The looks of captions; they change with the server's version alone. */
export const captionPresetsQuery = queryOptions({
  queryKey: ["caption-presets"],
  queryFn: ({ signal }) => unwrap(listCaptionPresets({ signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
