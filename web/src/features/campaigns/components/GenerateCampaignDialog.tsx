import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import type { Campaign, CampaignEstimate } from "@/gen";
import { count } from "@/lib/format";
import { useGenerateCampaign } from "../api/act-on-campaign";
import { estimateQuery } from "../api/estimate-campaign";
import { estimateWords } from "../words";

type Props = { campaign: Campaign; opened: boolean; onClose: () => void };

/** The price of generating a campaign, before it is paid. */
export function GenerateCampaignDialog({ campaign, opened, onClose }: Props) {
  const { data: estimate, error, refetch } = useQuery({ ...estimateQuery(campaign.id), enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title="Generate this campaign?" size={460}>
      {error && !estimate && <ErrorNote error={error} onRetry={() => void refetch()} compact />}
      {!estimate && !error && <Skeleton h={96} />}
      {estimate && <Offer campaign={campaign} estimate={estimate} onClose={onClose} />}
    </Modal>
  );
}

function Offer({
  campaign,
  estimate,
  onClose,
}: {
  campaign: Campaign;
  estimate: CampaignEstimate;
  onClose: () => void;
}) {
  const [accepted, setAccepted] = useState(false);
  const generate = useGenerateCampaign(campaign.id);
  const { clips, projects, problems, unknown } = estimate;
  if (clips === 0) return <Text>Each clip has a video, a take under way, or no prompt.</Text>;
  const submit = () =>
    generate.mutate(
      { accept_unknown_cost: accepted, max_cost: unknown === 0 ? estimate.amount : null },
      { onSuccess: onClose },
    );
  return (
    <Stack gap={14}>
      <Text>
        {count(clips, "clip")} of {count(projects, "project")}, {estimateWords(estimate)}.
      </Text>
      {problems > 0 && (
        <Text className="dim">
          {count(problems, "clip")} can't be generated as they stand; their projects are named.
        </Text>
      )}
      {unknown > 0 && (
        <Checkbox
          label="Generate them even though the price is not known"
          checked={accepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
      )}
      {generate.error && <ErrorNote error={generate.error} compact />}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={generate.isPending} disabled={unknown > 0 && !accepted} onClick={submit} data-autofocus>
          Generate
        </Button>
      </Group>
    </Stack>
  );
}
