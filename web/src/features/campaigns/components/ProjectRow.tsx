import { ActionIcon, Menu, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CloseIcon, MoreIcon } from "@/components/icons";
import { StateBadge } from "@/components/StateBadge";
import { showProblem } from "@/components/toast";
import type { ProjectSummary } from "@/gen";
import { duration, percent } from "@/lib/format";
import { useRemoveCampaignProject } from "../api/act-on-campaign";
import styles from "./campaigns.module.css";

/** A project of a campaign. */
export function ProjectRow({ campaignId, project }: { campaignId: string; project: ProjectSummary }) {
  const remove = useRemoveCampaignProject(campaignId);
  const { active_job: job, reel } = project;
  return (
    <Table.Tr data-project={project.id}>
      <Table.Td className={styles.name}>
        <Link to="/projects/$projectId" params={{ projectId: project.id }} className={styles.link}>
          {project.title}
        </Link>
      </Table.Td>
      <Table.Td className={styles.state}>
        <StateBadge state={project.status} note={job?.state === "running" ? percent(job.progress) : undefined} />
      </Table.Td>
      <Table.Td className={styles.figure}>
        {project.ready_count} of {project.clip_count}
      </Table.Td>
      <Table.Td className={`${styles.figure} ${styles.wide}`}>{duration(project.duration_s)}</Table.Td>
      <Table.Td className={`${styles.figure} ${styles.wide}`}>
        {reel && (
          <Link
            to="/videos/$videoId"
            params={{ videoId: reel.video_id }}
            aria-label={`Watch the reel of ${project.title}`}
          >
            Watch
          </Link>
        )}
      </Table.Td>
      <Table.Td className={styles.actions}>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={32} aria-label={`More actions for ${project.title}`}>
              <MoreIcon size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<CloseIcon size={16} />}
              onClick={() => remove.mutate(project.id, { onError: showProblem("Couldn't take it out") })}
            >
              Take out of campaign
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
