import { ActionIcon, Button, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ProjectsDrawing } from "@/components/drawings";
import { EditableTitle } from "@/components/EditableTitle";
import { EmptyState } from "@/components/EmptyState";
import { BackIcon, PlusIcon, SparkIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { PendingPage } from "@/components/PendingPage";
import { Skeleton } from "@/components/Skeleton";
import { GenerateControl } from "@/features/generate/components/GenerateControl";
import { isActive } from "@/features/jobs/active";
import { useJob } from "@/features/jobs/use-job";
import type { Project } from "@/gen";
import { isStatus } from "@/lib/api";
import { useCell } from "@/lib/cell";
import { useTitle } from "@/lib/hooks";
import { projectQuery } from "../api/get-project";
import { useStitch } from "../api/stitch-project";
import { useClipActions } from "../editor/clip-actions";
import { clipFromCard, type Draft, lacksVideo, sameDraft } from "../editor/draft";
import { useEditorKeys } from "../editor/editor-keys";
import { generateChoices } from "../editor/generatable";
import { blockedBy } from "../editor/stitchable";
import { useFormatNews } from "../editor/use-format-news";
import { usePlan } from "../editor/use-plan";
import { useProjectEditor } from "../editor/use-project-editor";
import { useStage } from "../editor/use-stage";
import { useTakeNews } from "../editor/use-take-news";
import { useTakes } from "../editor/use-takes";
import { ClipRows } from "../timeline/ClipRows";
import { Timeline } from "../timeline/Timeline";
import { ConflictDialog } from "./ConflictDialog";
import { LibraryPicker } from "./LibraryPicker";
import { PreviewButton } from "./PreviewButton";
import { type Opened, ProjectDialogs } from "./ProjectDialogs";
import { ProjectMenu } from "./ProjectMenu";
import styles from "./ProjectPage.module.css";
import { ReelLine } from "./ReelLine";
import { SavingWord } from "./SavingWord";
import { SettingsMenu } from "./SettingsMenu";
import { StageView } from "./StageView";
import { StitchControl } from "./StitchControl";
import { UndoButtons } from "./UndoButtons";

export function ProjectPage() {
  const { projectId } = useParams({ from: "/inside/projects/$projectId" });
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  useTitle(project?.title ?? (error ? "Not found" : "Project"));
  if (project && !isStatus(error, 404)) return <Loaded key={project.id} project={project} />;
  return (
    <PendingPage
      title="Project"
      error={error}
      onRetry={() => void refetch()}
      lead={<BackToProjects />}
      missing="This project doesn't exist. It may have been deleted."
      home={{ to: "/projects", label: "Go to projects" }}
    >
      <div className={styles.page}>
        <Skeleton h="min(56vh, 520px)" />
        <Skeleton h={84} />
      </div>
    </PendingPage>
  );
}

const BackToProjects = () => (
  <ActionIcon component={Link} to="/projects" className={styles.touch} size={32} aria-label="Back to projects">
    <BackIcon />
  </ActionIcon>
);

function Loaded({ project }: { project: Project }) {
  const phone = useMediaQuery("(max-width: 700px)", window.innerWidth <= 700, { getInitialValueInEffect: false });
  const narrow = useMediaQuery("(max-width: 1199px)", window.innerWidth < 1200, { getInitialValueInEffect: false });
  const editor = useProjectEditor(project);
  const { draft, version, saving, problem, base } = useCell(editor.state);
  const { selected, selection, replacing, stopReplacing, announcement, actions } = useClipActions(editor);
  const [opened, setOpened] = useState<Opened | null>(null);

  const takesOf = useTakes(project, editor);
  const choices = generateChoices(draft.clips, takesOf);
  const takeNews = useTakeNews(project);
  const waiting = choices.some(({ hasVideo, active }) => !hasVideo || active); // to stitch is not the next step
  const job = useJob(project.active_job?.id, project.active_job);
  const stitching = isActive(job);
  const { reel } = project;
  const unsaved = !sameDraft(draft, base);
  const stale = Boolean(reel) && (reel!.stale || unsaved);
  const failed = !stitching && project.status === "failed" && !draft.clips.some(lacksVideo);
  const blocked = blockedBy(draft, project, unsaved, takesOf);
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
  useEditorKeys({
    i: () => stage.mark("in"),
    o: () => stage.mark("out"),
    "Ctrl+z": editor.undo,
    "Ctrl+y": editor.redo,
    "Ctrl+Shift+z": editor.redo,
  });
  useFormatNews(project, format);
  const stitch = useStitch(editor);
  const add = (what: Opened) => {
    if (what !== "card") return setOpened(what);
    stage.show("clip");
    actions.insert([clipFromCard({ text: "Title" })]);
  };

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
        <UndoButtons editor={editor} className={stitching ? styles.roomy : undefined} />
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
          <GenerateControl choices={choices} clips={draft.clips.length} onGenerate={() => setOpened("generate")} />
        )}
        <div className={waiting && !stitching ? styles.later : styles.plain}>
          <StitchControl
            job={job}
            blocked={blocked}
            quiet={waiting}
            starting={stitch.isPending}
            onStitch={() => stitch.mutate(null)}
          />
        </div>
        <ProjectMenu generates={choices.length > 0} onOpen={setOpened} />
      </PageHeader>
      <div className={styles.page}>
        {draft.clips.length === 0 && !reel ? (
          <EmptyState
            drawing={<ProjectsDrawing />}
            action={
              <Group gap={8} justify="center">
                <Button leftSection={<PlusIcon size={16} />} onClick={() => setOpened("videos")}>
                  Add clips
                </Button>
                <Button variant="default" leftSection={<SparkIcon size={16} />} onClick={() => setOpened("prompts")}>
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
            {phone ? (
              <ClipRows
                clips={draft.clips}
                stage={stage}
                actions={stripActions}
                planned={planned}
                takesOf={takesOf}
                onAdd={add}
              />
            ) : (
              <Timeline
                editor={editor}
                stage={stage}
                selection={selection}
                actions={stripActions}
                planned={planned}
                takesOf={takesOf}
                fps={size.fps || 25}
                onAdd={add}
              />
            )}
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
              onRetry={() => stitch.mutate(null)}
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
        one
        opened={replacing !== null}
        onClose={stopReplacing}
        onPick={([video]) => {
          if (video && replacing) actions.replace(replacing, video);
          stopReplacing();
        }}
      />
      <ProjectDialogs
        opened={opened}
        onClose={() => setOpened(null)}
        editor={editor}
        choices={choices}
        onAdded={(add) => {
          setOpened(null);
          stage.show("clip");
          add(actions);
        }}
      />
      <ConflictDialog editor={editor} />
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
