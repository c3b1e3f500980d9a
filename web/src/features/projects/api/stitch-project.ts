import { useMutation, useQueryClient } from "@tanstack/react-query";
import { showProblem } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { keepJob } from "@/features/jobs/api/keep-job";
import { type Project, stitchProject as request, type Variant } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

/** Stitch exactly this version, in its own shape or another; idempotent per version and shape. */
const stitchProject = (id: string, version: number, aspect: Variant["aspect"] | null) =>
  unwrap(request({ path: { project_id: id }, body: { version, aspect } }));

/** Stitch the open project, with its unsaved edits. */
export function useStitch({ projectId, flush }: { projectId: string; flush: () => Promise<number> }) {
  const client = useQueryClient();
  const key = projectKeys.one(projectId);
  return useMutation({
    mutationFn: async (aspect: Variant["aspect"] | null) => stitchProject(projectId, await flush(), aspect),
    onSuccess: (started, aspect) => {
      keepJob(client, started);
      if (!aspect && isActive(started))
        client.setQueryData<Project>(key, (now) => now && { ...now, status: "stitching", active_job: started });
      void client.invalidateQueries({ queryKey: key });
    },
    onError: showProblem("Couldn't start the stitch"),
  });
}
