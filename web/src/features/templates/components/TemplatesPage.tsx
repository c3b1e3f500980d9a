import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ProjectsDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { ProjectTabs } from "@/features/projects/components/ProjectTabs";
import { count } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { templatesQuery } from "../api/list-templates";
import styles from "./templates.module.css";

/** The list of templates. */
export function TemplatesPage() {
  useTitle("Templates");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(templatesQuery);
  const templates = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title="Templates" />
      <ProjectTabs current="/templates" />
      <div className={styles.page}>
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={160} />}
        {data && templates.length === 0 && (
          <EmptyState
            drawing={<ProjectsDrawing />}
            action={
              <Button component={Link} to="/projects">
                Go to projects
              </Button>
            }
          >
            {"Write {{name}} into the prompts of a project where values go, then choose Save as template in its menu."}
          </EmptyState>
        )}
        <ul className={styles.list} aria-label="Templates">
          {templates.map((template) => (
            <li key={template.id}>
              <Link to="/templates/$templateId" params={{ templateId: template.id }} className={styles.item}>
                <span>{template.title}</span>
                <span className="dim small">
                  {count(template.clip_count, "clip")}, {count(template.fields.length, "field")}
                </span>
                <span className="dim small">
                  <RelativeTime time={template.updated_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </>
  );
}
