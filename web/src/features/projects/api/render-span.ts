import { queryOptions } from "@tanstack/react-query";
import { isActive } from "@/features/jobs/active";
import { readPreviewRender, renderPreview } from "@/gen";
import { unwrap } from "@/lib/api";

/** Start a render of a span of the reel in low resolution. */
export const renderSpan = (id: string, start_s: number, end_s: number) =>
  unwrap(renderPreview({ path: { project_id: id }, body: { start_s, end_s } }));

export const readSpan = (id: string, jobId: string) =>
  unwrap(readPreviewRender({ path: { project_id: id, job_id: jobId } }));

/** A render, watched until it has ended. */
export const spanQuery = (id: string, jobId: string) =>
  queryOptions({
    queryKey: ["project-span", id, jobId],
    queryFn: () => readSpan(id, jobId),
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data && !isActive(state.data) ? false : 700),
  });
