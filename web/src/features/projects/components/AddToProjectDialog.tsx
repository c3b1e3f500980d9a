import { Button, Divider, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { ProjectsIcon } from "@/components/icons";
import { SearchField } from "@/components/SearchField";
import { Skeleton } from "@/components/Skeleton";
import { say } from "@/components/toast";
import type { Project } from "@/gen";
import { count } from "@/lib/format";
import { useLaterOpened } from "@/lib/hooks";
import { appendClips } from "../api/append-clips";
import { createProject } from "../api/create-project";
import { projectKeys } from "../api/keys";
import { projectsQuery } from "../api/list-projects";
import styles from "./AddToProjectDialog.module.css";

type Props = { videoIds: string[] | null; onClose: () => void; onAdded: () => void };

/** Append the selected videos to a project, or create one with them. */
export function AddToProjectDialog({ videoIds, onClose, onAdded }: Props) {
  return (
    <Modal
      opened={useLaterOpened(videoIds !== null)}
      onClose={onClose}
      title={`Add ${count(videoIds?.length ?? 0, "video")} to a project`}
      size={460}
    >
      {videoIds && <Choices videoIds={videoIds} onAdded={onAdded} />}
    </Modal>
  );
}

function Choices({ videoIds, onAdded }: { videoIds: string[]; onAdded: () => void }) {
  const [search, setSearch] = useState("");
  const [title, setTitle] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const projects = useInfiniteQuery(projectsQuery({ search: search || undefined }));
  const done = (project: Project) => {
    client.setQueryData(projectKeys.one(project.id), project);
    void client.invalidateQueries({ queryKey: projectKeys.all });
    onAdded();
  };
  const append = useMutation({
    mutationFn: (id: string) => appendClips(id, videoIds),
    onSuccess: (project) => {
      say(`Added ${count(videoIds.length, "clip")} to “${project.title}”`);
      done(project);
    },
  });
  const create = useMutation({
    mutationFn: () =>
      createProject(
        title.trim() || "Untitled",
        videoIds.map((video_id) => ({ video_id })),
      ),
    onSuccess: (project) => {
      done(project);
      void navigate({ to: "/projects/$projectId", params: { projectId: project.id } });
    },
  });
  const items = projects.data?.pages.flatMap((page) => page.items) ?? [];
  const start = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Stack gap={14}>
      <form onSubmit={start}>
        <Group gap={8} wrap="nowrap" align="flex-end">
          <TextInput
            className="grow"
            label="New project"
            placeholder="Title"
            maxLength={300}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </form>
      <Divider label="Or an existing project" />
      <SearchField main={false} value={search} label="Search projects" onSearch={setSearch} />
      {(append.error ?? create.error ?? projects.error) && (
        <ErrorNote error={append.error ?? create.error ?? projects.error} compact />
      )}
      <div className={styles.list}>
        {projects.isPending && <Skeleton h={44} />}
        {projects.data && items.length === 0 && (
          <Text className="dim" p={8}>
            {search ? "No projects match this title." : "No projects yet."}
          </Text>
        )}
        {items.map((project) => (
          <button
            key={project.id}
            type="button"
            className={styles.project}
            disabled={append.isPending}
            onClick={() => append.mutate(project.id)}
          >
            <ProjectsIcon size={16} />
            <span className="grow clip-text">{project.title}</span>
            <span className="dim small">{count(project.clip_count, "clip")}</span>
          </button>
        ))}
      </div>
    </Stack>
  );
}
