import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteProject } from "@/gen";
import { unwrap } from "@/lib/api";
import { projectKeys } from "./keys";

export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(deleteProject({ path: { project_id: id } })),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: projectKeys.one(id) });
      void client.invalidateQueries({ queryKey: projectKeys.all });
    },
  });
}
