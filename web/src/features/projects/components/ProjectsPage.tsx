import { ActionIcon, Button, Menu, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ProjectsDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { MoreIcon, PlusIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { Poster } from "@/components/Poster";
import { RelativeTime } from "@/components/RelativeTime";
import { SearchField } from "@/components/SearchField";
import { Skeleton } from "@/components/Skeleton";
import { StateBadge } from "@/components/StateBadge";
import { say } from "@/components/toast";
import type { ProjectSummary } from "@/gen";
import { count, duration, percent } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { createProject } from "../api/create-project";
import { useDeleteProject } from "../api/delete-project";
import { projectKeys } from "../api/keys";
import { type ProjectFilters, projectsQuery } from "../api/list-projects";
import styles from "./ProjectsPage.module.css";
import { ProjectTabs } from "./ProjectTabs";

const SORTS = [
  { value: "-updated_at", label: "Last changed" },
  { value: "-created_at", label: "Newest first" },
  { value: "title", label: "Title A to Z" },
];

export function ProjectsPage() {
  useTitle("Projects");
  const filters = useSearch({ from: "/inside/projects" });
  const navigate = useNavigate({ from: "/projects" });
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    projectsQuery({ sort: "-updated_at", ...filters }),
  );
  const [naming, setNaming] = useState(false);
  const [deleting, setDeleting] = useState<ProjectSummary | null>(null);
  const projects = data?.pages.flatMap((page) => page.items) ?? [];
  const set = (change: Partial<typeof filters>) => void navigate({ search: { ...filters, ...change }, replace: true });
  const newButton = (
    <Button leftSection={<PlusIcon size={16} />} onClick={() => setNaming(true)}>
      New project
    </Button>
  );
  return (
    <>
      <PageHeader title="Projects">
        <SearchField
          value={filters.search ?? ""}
          label="Search projects"
          onSearch={(search) => set({ search: search || undefined })}
        />
        {newButton}
      </PageHeader>
      <ProjectTabs current="/projects" />
      <div className={styles.page}>
        {(projects.length > 0 || filters.search) && (
          <div className={styles.toolbar}>
            <Select
              w={136}
              size="xs"
              aria-label="Order"
              data={SORTS}
              value={filters.sort ?? "-updated_at"}
              onChange={(sort) => set({ sort: sort === "-updated_at" ? undefined : (sort as ProjectFilters["sort"]) })}
            />
            <span className="dim small">
              {count(projects.length, "project")}
              {hasNextPage ? " so far" : ""}
            </span>
          </div>
        )}
        {isPending && !error && (
          <div className={styles.grid}>
            {Array.from({ length: 6 }, (_, n) => (
              <Skeleton key={n} h={92} />
            ))}
          </div>
        )}
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {data && projects.length === 0 && (
          <EmptyState
            drawing={<ProjectsDrawing />}
            action={
              filters.search ? (
                <Button variant="default" onClick={() => set({ search: undefined })}>
                  Show all projects
                </Button>
              ) : (
                newButton
              )
            }
          >
            {filters.search
              ? `No projects match “${filters.search}”.`
              : "A project puts clips in order and stitches them into one reel."}
          </EmptyState>
        )}
        <ul className={styles.grid} aria-label="Projects">
          {projects.map((project) => (
            <ProjectCard key={project.id} project={project} onDelete={() => setDeleting(project)} />
          ))}
        </ul>
        {hasNextPage && (
          <Button mt={16} variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
      <NewProjectDialog opened={naming} onClose={() => setNaming(false)} />
      <DeleteProjectDialog project={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

/** "42 %" of a stitch, "3 of 8" of the clips that are generated. */
function noteOf({ active_job: job, status, ready_count, clip_count }: ProjectSummary): string | undefined {
  if (job?.state === "running") return percent(job.progress);
  return status === "generating" ? `${ready_count} of ${clip_count}` : undefined;
}

function ProjectCard({ project, onDelete }: { project: ProjectSummary; onDelete: () => void }) {
  return (
    <li className={styles.card}>
      <Link to="/projects/$projectId" params={{ projectId: project.id }} className={styles.link}>
        <span className={styles.poster}>
          <Poster url={project.poster_url} />
        </span>
        <span className={styles.text}>
          <span className={styles.title} title={project.title}>
            {project.title}
          </span>
          <span className="dim small">
            {count(project.clip_count, "clip")}
            {project.clip_count > 0 && ` · ${duration(project.duration_s)}`}
          </span>
          <span className={styles.state}>
            <StateBadge state={project.status} note={noteOf(project)} />
            <span className="dim tiny">
              <RelativeTime time={project.updated_at} />
            </span>
          </span>
        </span>
      </Link>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon className={styles.more} aria-label={`More actions for ${project.title}`}>
            <MoreIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={onDelete}>
            Delete project
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function NewProjectDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [title, setTitle] = useState("");
  const navigate = useNavigate();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => createProject(title.trim() || "Untitled"),
    onSuccess: (project) => {
      client.setQueryData(projectKeys.one(project.id), project);
      void client.invalidateQueries({ queryKey: projectKeys.all });
      void navigate({ to: "/projects/$projectId", params: { projectId: project.id } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New project" size={420}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <TextInput
            label="Title"
            placeholder="Untitled"
            maxLength={300}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {create.error && <ErrorNote error={create.error} compact />}
          <Button type="submit" loading={create.isPending} style={{ alignSelf: "flex-end" }}>
            Create project
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

type DeleteProps = { project: { id: string; title: string } | null; onClose: () => void; onDeleted?: () => void };

export function DeleteProjectDialog({ project, onClose, onDeleted }: DeleteProps) {
  const remove = useDeleteProject();
  const confirm = () =>
    project &&
    remove.mutate(project.id, {
      onSuccess: () => {
        say(`Deleted “${project.title}”`);
        onClose();
        onDeleted?.();
      },
    });
  return (
    <ConfirmDialog
      opened={project !== null}
      title="Delete this project?"
      action="Delete"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{project?.title}</Text>
      <Text className="dim" mt={12}>
        Its clips and trims are deleted. Its videos and reels stay in the library.
      </Text>
    </ConfirmDialog>
  );
}
