import { Button, Table } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ProjectsDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { totalCostWords } from "@/features/generate/words";
import { ProjectTabs } from "@/features/projects/components/ProjectTabs";
import { useTitle } from "@/lib/hooks";
import { campaignsQuery } from "../api/list-campaigns";
import styles from "./campaigns.module.css";

/** The list of campaigns. */
export function CampaignsPage() {
  useTitle("Campaigns");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(campaignsQuery);
  const campaigns = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Campaigns" />
      <ProjectTabs current="/campaigns" />
      <div className={styles.page}>
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={160} />}
        {data && campaigns.length === 0 && (
          <EmptyState
            drawing={<ProjectsDrawing />}
            action={
              <Button component={Link} to="/templates">
                Go to templates
              </Button>
            }
          >
            A campaign makes one project for each row of a CSV file. Start from a template.
          </EmptyState>
        )}
        {campaigns.length > 0 && (
          <Table className={styles.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Title</Table.Th>
                <Table.Th className={styles.figure}>Projects</Table.Th>
                <Table.Th className={styles.wide}>Cost</Table.Th>
                <Table.Th className={styles.wide}>Created</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {campaigns.map((campaign) => (
                <Table.Tr key={campaign.id}>
                  <Table.Td className={styles.name}>
                    <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} className={styles.link}>
                      {campaign.title}
                    </Link>
                  </Table.Td>
                  <Table.Td className={styles.figure}>{campaign.project_count.toLocaleString("en")}</Table.Td>
                  <Table.Td className={styles.wide}>{totalCostWords(campaign.cost)}</Table.Td>
                  <Table.Td className={styles.wide}>
                    <RelativeTime time={campaign.created_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {hasNextPage && (
          <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </>
  );
}
