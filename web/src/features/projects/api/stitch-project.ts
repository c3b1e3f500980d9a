import { useMutation, useQueryClient } from "@tanstack/react-query";
import { showProblem } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { keepJob } from "@/features/jobs/api/keep-job";
import { type Project, stitchProject as request } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

/** Stitch exactly this version; idempotent per version. */
const stitchProject = (id: string, version: number) => unwrap(request({ path: { project_id: id }, body: { version } }));

/** Stitch the open project, with its unsaved edits. */
export function useStitch({ projectId, flush }: { projectId: string; flush: () => Promise<number> }) {
  const client = useQueryClient();
  const key = projectKeys.one(projectId);
  return useMutation({
    mutationFn: async () => stitchProject(projectId, await flush()),
    onSuccess: (started) => {
      keepJob(client, started);
      if (isActive(started))
        client.setQueryData<Project>(key, (now) => now && { ...now, status: "stitching", active_job: started });
      void client.invalidateQueries({ queryKey: key });
    },
    onError: showProblem("Couldn't start the stitch"),
  });
}
