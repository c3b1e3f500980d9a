import { useMutation, useQueryClient } from "@tanstack/react-query";
import { campaignKeys } from "@/features/campaigns/api/keys";
import { projectKeys } from "@/features/projects/api/keys";
import {
  type CampaignFromTemplate,
  checkRows,
  makeCampaign,
  makeProjects,
  type ProjectsInput,
  type RowsCheck,
} from "@/gen";
import { unwrap } from "@/lib/api";

export function useMakeProjects(templateId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProjectsInput) => unwrap(makeProjects({ path: { template_id: templateId }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKeys.all }),
  });
}

export const useCheckRows = (templateId: string) =>
  useMutation({
    mutationFn: (body: RowsCheck) => unwrap(checkRows({ path: { template_id: templateId }, body })),
  });

export function useMakeCampaign(templateId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CampaignFromTemplate) => unwrap(makeCampaign({ path: { template_id: templateId }, body })),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: campaignKeys.all }),
        client.invalidateQueries({ queryKey: projectKeys.all }),
      ]),
  });
}
