import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "@/lib/http";
import { urls } from "@/lib/urls";
import { projectKeys } from "./keys";

export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>("DELETE", urls.project(id)),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: projectKeys.one(id) });
      void client.invalidateQueries({ queryKey: projectKeys.all });
    },
  });
}
