import { useMutation, useQueryClient } from "@tanstack/react-query";
import { projectKeys } from "@/features/projects/api/keys";
import {
  type BulkGenerate,
  changeCampaign,
  createCampaign,
  generateCampaign,
  removeCampaign,
  removeCampaignProject,
  stitchCampaign,
} from "@/gen";
import { unwrap } from "@/lib/api";
import { campaignKeys } from "./keys";

/** A change of campaigns, after which what is shown of them is read again. */
function useCampaignChange<Wanted, Made>(act: (wanted: Wanted) => Promise<Made>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: campaignKeys.all }),
        client.invalidateQueries({ queryKey: ["campaign"] }),
        client.invalidateQueries({ queryKey: projectKeys.all }),
      ]),
  });
}

const path = (campaign_id: string) => ({ path: { campaign_id } });

export const useCreateCampaign = () =>
  useCampaignChange((title: string) => unwrap(createCampaign({ body: { title } })));

export const useRenameCampaign = (id: string) =>
  useCampaignChange((title: string) => unwrap(changeCampaign({ ...path(id), body: { title } })));

export const useGenerateCampaign = (id: string) =>
  useCampaignChange((body: BulkGenerate) => unwrap(generateCampaign({ ...path(id), body })));

export const useStitchCampaign = (id: string) =>
  useCampaignChange((_: null) => unwrap(stitchCampaign({ ...path(id), body: {} })));

export const useRemoveCampaign = () =>
  useCampaignChange(async (id: string) => void (await unwrap(removeCampaign(path(id)))));

export const useRemoveCampaignProject = (id: string) =>
  useCampaignChange(async (projectId: string) => {
    await unwrap(removeCampaignProject({ path: { campaign_id: id, project_id: projectId } }));
  });
