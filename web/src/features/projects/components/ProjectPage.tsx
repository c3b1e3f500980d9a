import { ActionIcon, Button, Group, Menu, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { LostDrawing, ProjectsDrawing } from "@/components/drawings";
import { EditableTitle } from "@/components/EditableTitle";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import {
  BackIcon,
  DuplicateIcon,
  MoreIcon,
  PlayIcon,
  PlusIcon,
  RedoIcon,
  SparkIcon,
  TrashIcon,
  UndoIcon,
} from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { say, showProblem } from "@/components/toast";
import { GenerateControl } from "@/features/generate/components/GenerateControl";
import { isActive } from "@/features/jobs/active";
import { keepJob } from "@/features/jobs/api/keep-job";
import { useJob } from "@/features/jobs/use-job";
import type { Project, ProjectPlan } from "@/gen";
import { isStatus } from "@/lib/api";
import { useCell } from "@/lib/cell";
import { frameRate, resolution } from "@/lib/format";
import { useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { projectQuery } from "../api/get-project";
import { projectKeys } from "../api/keys";
import { stitchProject } from "../api/stitch-project";
import { useClipActions } from "../editor/clip-actions";
import { type Draft, lacksVideo, sameDraft } from "../editor/draft";
import { useEditorKeys } from "../editor/editor-keys";
import { generateChoices } from "../editor/generatable";
import { blockedBy } from "../editor/stitchable";
import { usePlan } from "../editor/use-plan";
import { useProjectEditor } from "../editor/use-project-editor";
import { useStage } from "../editor/use-stage";
import { useTakeNews } from "../editor/use-take-news";
import { useTakes } from "../editor/use-takes";
import { type Adding, PromptItems } from "./AddButtons";
import { ClipStrip } from "./ClipStrip";
import { ConflictDialog } from "./ConflictDialog";
import { LibraryPicker } from "./LibraryPicker";
import styles from "./ProjectPage.module.css";
import { DeleteProjectDialog } from "./ProjectsPage";
import { ReelLine } from "./ReelLine";
import { SavingWord } from "./SavingWord";
import { SettingsMenu } from "./SettingsMenu";
import { StageView } from "./StageView";
import { StitchControl } from "./StitchControl";

const PromptsDialog = lazy(() => loadPart(() => import("@/features/generate/components/PromptsDialog")));
const SaveTemplateDialog = lazy(() => loadPart(() => import("@/features/templates/components/SaveTemplateDialog")));
const GenerateDialog = lazy(() => loadPart(() => import("@/features/generate/components/GenerateDialog")));

export function ProjectPage() {
  const { projectId } = useParams({ from: "/inside/projects/$projectId" });
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  useTitle(project?.title ?? (error ? "Not found" : "Project"));
  if (project && !isStatus(error, 404)) return <Loaded key={project.id} project={project} />;
  return (
    <>
      <PageHeader title={error ? "Project" : <Skeleton w={220} h={26} />} lead={<BackToProjects />} />
      {isStatus(error, 404) ? (
        <EmptyState
          drawing={<LostDrawing />}
          action={
            <Button component={Link} to="/projects">
              Go to projects
            </Button>
          }
        >
          This project doesn't exist. It may have been deleted.
        </EmptyState>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <div className={styles.page}>
          <Skeleton h="min(56vh, 520px)" />
          <Skeleton h={84} />
        </div>
      )}
    </>
  );
}

const BackToProjects = () => (
  <ActionIcon component={Link} to="/projects" className={styles.touch} size={32} aria-label="Back to projects">
    <BackIcon />
  </ActionIcon>
);

function Loaded({ project }: { project: Project }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = useMediaQuery("(max-width: 700px)", window.innerWidth <= 700, { getInitialValueInEffect: false });
  const narrow = useMediaQuery("(max-width: 1199px)", window.innerWidth < 1200, { getInitialValueInEffect: false });
  const editor = useProjectEditor(project);
  const { draft, version, saving, problem, base, canUndo, canRedo } = useCell(editor.state);
  const { selected, replacing, stopReplacing, announcement, actions } = useClipActions(editor);
  const [adding, setAdding] = useState<Adding | null>(null);
  const [generating, setGenerating] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [templating, setTemplating] = useState(false);

  const takesOf = useTakes(project, editor);
  const choices = generateChoices(draft.clips, takesOf);
  const takeNews = useTakeNews(project);
  const waiting = choices.some(({ hasVideo, active }) => !hasVideo || active); // to stitch is not the next step
  const job = useJob(project.active_job?.id, project.active_job);
  const stitching = isActive(job);
  const { reel } = project;
  const unsaved = !sameDraft(draft, base);
  const stale = Boolean(reel) && (reel!.stale || unsaved);
  const failed = !stitching && project.status === "failed";
  const blocked = blockedBy(draft, project, unsaved);
  const stage = useStage({
    projectId: project.id,
    version,
    flush: editor.flush,
    clips: draft.clips,
    selected,
    reel,
    stale,
    actions,
  });
  const planned = usePlan(
    project,
    version,
    editor,
    draft.clips.length > 0 && draft.clips.every(({ problem: wrong }) => !wrong),
  );
  const format = planned && !planned.old ? planned.plan.format : null; // the format of the project ignores the plan
  const size = sizeOf(draft.settings, format ?? project.format);
  const { select } = stage;
  const stripActions = useMemo(() => ({ ...actions, select }), [actions, select]);
  useEditorKeys({ editor, onMark: stage.mark });
  useFormatNews(project, format);

  const stitch = useMutation({
    mutationFn: async () => stitchProject(project.id, await editor.flush()),
    onSuccess: (started) => {
      keepJob(client, started);
      if (isActive(started))
        client.setQueryData<Project>(
          projectKeys.one(project.id),
          (now) => now && { ...now, status: "stitching", active_job: started },
        );
      void client.invalidateQueries({ queryKey: projectKeys.one(project.id) });
    },
    onError: showProblem("Couldn't start the stitch"),
  });

  return (
    <>
      <PageHeader
        title={
          <div className={styles.head}>
            <EditableTitle
              value={draft.title}
              label="Project title"
              onSave={(title) => editor.edit((before) => ({ ...before, title }))}
            />
            <span className={styles.version}>
              v{version} <SavingWord saving={saving} problem={problem} onRetry={editor.retrySave} />
            </span>
          </div>
        }
        lead={<BackToProjects />}
      >
        <ActionIcon.Group className={stitching ? styles.roomy : undefined}>
          <Tooltip label="Undo (Ctrl + Z)">
            <ActionIcon
              className={styles.touch}
              variant="default"
              size={36}
              aria-label="Undo"
              disabled={!canUndo}
              onClick={editor.undo}
            >
              <UndoIcon size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Redo (Shift + Ctrl + Z)">
            <ActionIcon
              className={styles.touch}
              variant="default"
              size={36}
              aria-label="Redo"
              disabled={!canRedo}
              onClick={editor.redo}
            >
              <RedoIcon size={16} />
            </ActionIcon>
          </Tooltip>
        </ActionIcon.Group>
        <div className={stitching ? styles.roomy : undefined}>
          <SettingsMenu
            settings={draft.settings}
            format={format ?? project.format}
            onChange={(settings) => editor.edit((before) => ({ ...before, settings }), "settings")}
          />
        </div>
        <div className={waiting ? styles.roomy : styles.plain}>
          <PreviewButton
            narrow={narrow || stitching || waiting}
            disabled={draft.clips.every(lacksVideo)}
            onClick={stage.preview}
          />
        </div>
        {!stitching && (
          <GenerateControl choices={choices} clips={draft.clips.length} onGenerate={() => setGenerating(true)} />
        )}
        <div className={waiting && !stitching ? styles.later : styles.plain}>
          <StitchControl
            job={job}
            blocked={blocked}
            quiet={waiting}
            starting={stitch.isPending}
            onStitch={() => stitch.mutate()}
          />
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon className={styles.touch} size={36} aria-label="More">
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<PlusIcon size={16} />} onClick={() => setAdding("videos")}>
              Add clips
            </Menu.Item>
            <PromptItems onAdd={setAdding} />
            {choices.length > 0 && (
              <Menu.Item leftSection={<SparkIcon size={16} />} onClick={() => setGenerating(true)}>
                Generate clips
              </Menu.Item>
            )}
            <Menu.Item leftSection={<DuplicateIcon size={16} />} onClick={() => setTemplating(true)}>
              Save as template
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="var(--state-red)" leftSection={<TrashIcon size={16} />} onClick={() => setDeleting(true)}>
              Delete project
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        {draft.clips.length === 0 && !reel ? (
          <EmptyState
            drawing={<ProjectsDrawing />}
            action={
              <Group gap={8} justify="center">
                <Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding("videos")}>
                  Add clips
                </Button>
                <Button variant="default" leftSection={<SparkIcon size={16} />} onClick={() => setAdding("prompts")}>
                  Paste prompts
                </Button>
              </Group>
            }
          >
            This project has no clips yet. Add some from the library, or generate them from prompts.
          </EmptyState>
        ) : (
          <>
            <StageView
              stage={stage}
              project={project}
              title={draft.title}
              count={draft.clips.length}
              actions={stripActions}
              planned={planned}
              takesOf={takesOf}
              editor={editor}
              version={version}
              size={size}
            />
            <ClipStrip
              clips={draft.clips}
              selected={stage.shown?.key ?? null}
              rows={phone}
              actions={stripActions}
              planned={planned}
              takesOf={takesOf}
              playhead={stage.playhead}
              onAdd={setAdding}
            />
            <ReelLine
              project={project}
              clips={draft.clips}
              stale={stale}
              failed={failed}
              blocked={stitching ? null : blocked}
              stitching={stitching ? job : null}
              changedSince={unsaved || (job?.project_version ?? version) !== version}
              news={stage.news}
              onWatch={() => stage.show("reel", true)}
              onRetry={() => stitch.mutate()}
              retrying={stitch.isPending}
              planned={stitching || (reel && !stale) ? null : planned}
            />
          </>
        )}
      </div>
      <div className="only-read" role="status" aria-live="polite">
        {announcement}
      </div>
      <div className="only-read" role="status" aria-live="polite">
        {takeNews}
      </div>
      <LibraryPicker
        opened={adding === "videos"}
        onClose={() => setAdding(null)}
        onPick={(videos) => {
          setAdding(null);
          stage.show("clip");
          actions.add(videos);
        }}
      />
      <LibraryPicker
        one
        opened={replacing !== null}
        onClose={stopReplacing}
        onPick={([video]) => {
          if (video && replacing) actions.replace(replacing, video);
          stopReplacing();
        }}
      />
      <Suspense>
        {(adding === "prompt" || adding === "prompts") && (
          <PromptsDialog
            opened
            many={adding === "prompts"}
            onClose={() => setAdding(null)}
            onAdd={(prompts) => {
              setAdding(null);
              stage.show("clip");
              actions.addPrompts(prompts);
            }}
          />
        )}
        {generating && (
          <GenerateDialog choices={choices} source={editor} version={version} onClose={() => setGenerating(false)} />
        )}
      </Suspense>
      <ConflictDialog editor={editor} />
      {templating && (
        <Suspense>
          <SaveTemplateDialog
            opened
            project={{ id: project.id, title: draft.title }}
            onClose={() => setTemplating(false)}
          />
        </Suspense>
      )}
      <DeleteProjectDialog
        project={deleting ? { id: project.id, title: draft.title } : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: "/projects" })}
      />
    </>
  );
}

/** The aspect ratio of the stage: that of the reel, so that it is constant from clip to clip. */
function sizeOf(
  settings: Draft["settings"],
  format: Project["format"],
): { width: number; height: number; fps?: number | null } {
  const { width = 16, height = 9, fps = null } = format ?? {};
  return { width: settings.width ?? width, height: settings.height ?? height, fps: settings.fps ?? fps };
}

function PreviewButton({ narrow, disabled, onClick }: { narrow: boolean; disabled: boolean; onClick: () => void }) {
  if (!narrow)
    return (
      <Button variant="default" leftSection={<PlayIcon size={15} />} disabled={disabled} onClick={onClick}>
        Preview
      </Button>
    );
  return (
    <Tooltip label="Preview">
      <ActionIcon
        className={styles.touch}
        variant="default"
        size={36}
        aria-label="Preview"
        disabled={disabled}
        onClick={onClick}
      >
        <PlayIcon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** A notice when other clips change the reel's size or frame rate, but not when the settings do. */
function useFormatNews(project: Project, format: ProjectPlan["format"] | null): void {
  const seen = useRef<{ project: Project; format: ProjectPlan["format"] } | null>(null);
  useEffect(() => {
    if (!format) return;
    const before = seen.current;
    seen.current = { project, format };
    if (!before) return;
    const { settings: chosen, clips } = before.project;
    const { settings } = project;
    const sameChoice =
      chosen.width === settings.width && chosen.height === settings.height && chosen.fps === settings.fps;
    const otherClips =
      clips.map(({ video_id }) => video_id).join() !== project.clips.map(({ video_id }) => video_id).join();
    if (!sameChoice || !otherClips) return;
    const size =
      before.format.width !== format.width || before.format.height !== format.height
        ? resolution(format.width, format.height)
        : "";
    const rate = before.format.fps !== format.fps ? frameRate(format.fps) : "";
    if (size || rate) say(`The reel is now ${[size, rate].filter(Boolean).join(", ")}`);
  }, [project, format]);
}
