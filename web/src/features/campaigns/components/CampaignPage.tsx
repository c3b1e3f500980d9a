import { ActionIcon, Button, Menu, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EditableTitle } from "@/components/EditableTitle";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { StitchIcon } from "@/components/edit-icons";
import { BackIcon, MoreIcon, SparkIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { PendingPage } from "@/components/PendingPage";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say, showProblem } from "@/components/toast";
import { totalCostWords } from "@/features/generate/words";
import { projectKeys } from "@/features/projects/api/keys";
import type { Campaign, Outcome } from "@/gen";
import { isStatus } from "@/lib/api";
import { percent } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { useRemoveCampaign, useRenameCampaign, useStitchCampaign } from "../api/act-on-campaign";
import { campaignQuery, isMoving } from "../api/get-campaign";
import { campaignProjectsQuery } from "../api/list-campaign-projects";
import { canBeStitched, outcomeWords, standing } from "../words";
import styles from "./campaigns.module.css";
import { GenerateCampaignDialog } from "./GenerateCampaignDialog";
import { ProjectRow } from "./ProjectRow";

/** One campaign: its projects, what they cost, and what is done to all of them. */
export function CampaignPage() {
  const { campaignId } = useParams({ from: "/inside/campaigns/$campaignId" });
  const { data: campaign, error, refetch } = useQuery(campaignQuery(campaignId));
  useTitle(campaign?.title ?? (error ? "Not found" : "Campaign"));
  if (campaign && !isStatus(error, 404)) return <Loaded key={campaign.id} campaign={campaign} />;
  return (
    <PendingPage
      title="Campaign"
      error={error}
      onRetry={() => void refetch()}
      lead={<BackToCampaigns />}
      missing="This campaign doesn't exist. It may have been removed."
      home={{ to: "/campaigns", label: "Go to campaigns" }}
    >
      <div className={styles.page}>
        <Skeleton h={220} />
      </div>
    </PendingPage>
  );
}

const BackToCampaigns = () => (
  <ActionIcon component={Link} to="/campaigns" size={32} aria-label="Back to campaigns">
    <BackIcon />
  </ActionIcon>
);

function Loaded({ campaign }: { campaign: Campaign }) {
  const [generating, setGenerating] = useState(false);
  const [removing, setRemoving] = useState(false);
  const rename = useRenameCampaign(campaign.id);
  const stitch = useStitchCampaign(campaign.id);
  const job = campaign.active_job;
  const done = campaign.ready_count === campaign.clip_count;
  return (
    <>
      <PageHeader
        title={
          <EditableTitle
            value={campaign.title}
            label="Campaign title"
            onSave={(title) => rename.mutate(title, { onError: showProblem("Couldn't rename it") })}
          />
        }
        lead={<BackToCampaigns />}
      >
        <Button
          variant={done ? "default" : "filled"}
          leftSection={<SparkIcon size={16} />}
          disabled={job !== null || done}
          onClick={() => setGenerating(true)}
        >
          Generate
        </Button>
        <Button
          variant={done ? "filled" : "default"}
          leftSection={<StitchIcon size={16} />}
          disabled={job !== null || !canBeStitched(campaign)}
          loading={stitch.isPending}
          onClick={() => stitch.mutate(null, { onError: showProblem("Couldn't stitch the campaign") })}
        >
          Stitch all
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={36} aria-label="More">
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => setRemoving(true)}>
              Remove campaign
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        <Facts campaign={campaign} />
        {job && (
          <StateBadge state={job.state} note={`${job.step ?? "Waiting for a worker"} ${percent(job.progress)}`} />
        )}
        {!job && campaign.outcome && <LatestOutcome outcome={campaign.outcome} />}
        <Projects campaign={campaign} />
      </div>
      <GenerateCampaignDialog campaign={campaign} opened={generating} onClose={() => setGenerating(false)} />
      <RemoveDialog campaign={campaign} opened={removing} onClose={() => setRemoving(false)} />
    </>
  );
}

function Facts({ campaign }: { campaign: Campaign }) {
  return (
    <div className={styles.facts}>
      <span>{standing(campaign)}</span>
      <span className="dim">{totalCostWords(campaign.cost)}</span>
      <span className={styles.badges}>
        {Object.entries(campaign.statuses).map(([status, number]) => (
          <StateBadge key={status} state={status} note={String(number)} />
        ))}
      </span>
    </div>
  );
}

function LatestOutcome({ outcome }: { outcome: Outcome }) {
  if (outcome.skipped.length === 0) return <p className="dim">{outcomeWords(outcome)}</p>;
  return (
    <details className={styles.outcome}>
      <summary>{outcomeWords(outcome)}</summary>
      <ul>
        {outcome.skipped.map((skipped) => (
          <li key={skipped.project_id}>
            <Link to="/projects/$projectId" params={{ projectId: skipped.project_id }}>
              {skipped.title}
            </Link>
            : {skipped.message}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Projects({ campaign }: { campaign: Campaign }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    campaignProjectsQuery(campaign.id, isMoving(campaign)),
  );
  useFollowing(campaign);
  const projects = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={220} />;
  if (projects.length === 0) return <EmptyState>This campaign has no projects.</EmptyState>;
  return (
    <>
      <Table className={styles.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Project</Table.Th>
            <Table.Th className={styles.state}>Status</Table.Th>
            <Table.Th className={styles.figure}>Clips</Table.Th>
            <Table.Th className={`${styles.figure} ${styles.wide}`}>Duration</Table.Th>
            <Table.Th className={`${styles.figure} ${styles.wide}`}>Reel</Table.Th>
            <Table.Th className={styles.actions}>
              <span className="only-read">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {projects.map((project) => (
            <ProjectRow key={project.id} campaignId={campaign.id} project={project} />
          ))}
        </Table.Tbody>
      </Table>
      {hasNextPage && (
        <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

/** The list is read again whenever the campaign's counts say that it is old: what ends at last stops the polling, too. */
function useFollowing({ id, statuses, ready_count, reel_count }: Campaign): void {
  const client = useQueryClient();
  const seen = JSON.stringify([statuses, ready_count, reel_count]);
  const before = useRef(seen);
  useEffect(() => {
    if (before.current === seen) return;
    before.current = seen;
    void client.invalidateQueries({ queryKey: projectKeys.list({ campaign_id: id }) });
  }, [client, id, seen]);
}

function RemoveDialog({ campaign, opened, onClose }: { campaign: Campaign; opened: boolean; onClose: () => void }) {
  const remove = useRemoveCampaign();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(campaign.id, {
      onSuccess: () => {
        say(`Removed “${campaign.title}”`);
        void navigate({ to: "/campaigns" });
      },
    });
  return (
    <ConfirmDialog
      opened={opened}
      title="Remove this campaign?"
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{campaign.title}</Text>
      <Text className="dim" mt={12}>
        Its projects, their videos and reels stay.
      </Text>
    </ConfirmDialog>
  );
}
