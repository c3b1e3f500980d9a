import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { LostDrawing, ProjectsDrawing } from "@/components/drawings";
import { EditableTitle } from "@/components/EditableTitle";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { BackIcon, MoreIcon, PlayIcon, PlusIcon, RedoIcon, TrashIcon, UndoIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { say, showProblem } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { keepJob } from "@/features/jobs/api/keep-job";
import { useJob } from "@/features/jobs/use-job";
import type { Project } from "@/gen";
import { useCell } from "@/lib/cell";
import { useTitle } from "@/lib/hooks";
import { isStatus } from "@/lib/api";
import { LazyPlayer } from "@/player/LazyPlayer";
import type { PlayerHandle } from "@/player/VideoPlayer";
import { projectQuery } from "../api/get-project";
import { projectKeys } from "../api/keys";
import { stitchProject } from "../api/stitch-project";
import { useClipActions } from "../editor/clip-actions";
import { endOf, sameDraft, totalOf } from "../editor/draft";
import { useEditorKeys } from "../editor/editor-keys";
import { movePlayhead } from "../editor/playhead";
import { blockedBy } from "../editor/stitchable";
import { useProjectEditor } from "../editor/use-project-editor";
import { ClipInspector } from "./ClipInspector";
import { ClipStrip } from "./ClipStrip";
import { ConflictDialog } from "./ConflictDialog";
import { LibraryPicker } from "./LibraryPicker";
import styles from "./ProjectPage.module.css";
import { DeleteProjectDialog } from "./ProjectsPage";
import { ReelLine } from "./ReelLine";
import { SavingWord } from "./SavingWord";
import { SettingsMenu } from "./SettingsMenu";
import { StitchControl } from "./StitchControl";
import { TrimBar } from "./TrimBar";

export function ProjectPage() {
  const { projectId } = useParams({ from: "/inside/projects/$projectId" });
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  useTitle(project?.title ?? (error ? "Not found" : "Project"));
  if (project && !isStatus(error, 404)) return <Loaded key={project.id} project={project} />;
  return (
    <>
      <PageHeader title={error ? "Project" : <Skeleton w={220} h={26} />} lead={<BackToProjects />} />
      {isStatus(error, 404) ? (
        <EmptyState drawing={<LostDrawing />} action={<Button component={Link} to="/projects">To the projects</Button>}>There is no such project. It may have been deleted.</EmptyState>
      ) : error ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <div className={styles.page}><Skeleton h="min(56vh, 520px)" /><Skeleton h={84} /></div>
      )}
    </>
  );
}

const BackToProjects = () => (
  <ActionIcon component={Link} to="/projects" size={32} aria-label="Back to the projects"><BackIcon /></ActionIcon>
);

function Loaded({ project }: { project: Project }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const phone = useMediaQuery("(max-width: 700px)", window.innerWidth <= 700, { getInitialValueInEffect: false });
  const editor = useProjectEditor(project);
  const { draft, version, saving, problem, base, canUndo, canRedo } = useCell(editor.state);
  const { selected, replacing, stopReplacing, announcement, actions } = useClipActions(editor);
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [wish, setWish] = useState<"reel" | "clip">("reel");
  const [previewing, setPreviewing] = useState(false);
  const player = useRef<PlayerHandle>(null);
  const playhead = useRef<HTMLDivElement>(null);

  const job = useJob(project.active_job?.id, project.active_job);
  const stitching = isActive(job);
  const { reel } = project;
  useReelNews(project, () => {
    setWish("reel");
    actions.select(null);
  });

  const index = draft.clips.findIndex((clip) => clip.key === selected);
  const shown = reel && wish === "reel" ? null : (draft.clips[Math.max(0, index)] ?? null);
  const shownIndex = shown ? draft.clips.indexOf(shown) : -1;
  const unsaved = !sameDraft(draft, base);
  const stale = Boolean(reel) && (reel!.stale || unsaved);
  const failed = !stitching && project.status === "failed";
  const blocked = blockedBy(draft, project, unsaved);

  const stitch = useMutation({
    mutationFn: async () => stitchProject(project.id, await editor.flush()),
    onSuccess: (started) => {
      keepJob(client, started);
      if (isActive(started)) client.setQueryData<Project>(projectKeys.one(project.id), (now) => now && { ...now, status: "stitching", active_job: started });
      void client.invalidateQueries({ queryKey: projectKeys.one(project.id) });
    },
    onError: showProblem("The reel was not started"),
  });

  const select = useCallback((key: string | null) => {
    setPreviewing(false);
    setWish("clip");
    actions.select(key);
  }, [actions]);
  const stripActions = { ...actions, select };

  // The player goes to the frame that a trim or a choice is about.
  const seekTo = useRef<{ key: string; start: number; end: number } | null>(null);
  useEffect(() => {
    const before = seekTo.current;
    seekTo.current = shown && { key: shown.key, start: shown.start_s, end: endOf(shown) };
    if (!shown || !before) return;
    if (before.key !== shown.key) player.current?.seek(shown.start_s);
    else if (before.start !== shown.start_s) player.current?.seek(shown.start_s);
    else if (before.end !== endOf(shown)) player.current?.seek(Math.max(shown.start_s, endOf(shown) - 0.02));
  }, [shown]);

  const mark = useCallback((end: "in" | "out") => {
    if (!shown || !player.current) return;
    const at = player.current.time();
    actions.trim(shown.key, end === "in" ? { start: at } : { end: at });
  }, [shown, actions]);
  useEditorKeys({ editor, onMark: mark });

  const onTime = (seconds: number) => movePlayhead(playhead.current, stale && !shown ? [] : draft.clips, shown, seconds);
  const onSpanEnd = () => {
    const next = draft.clips[shownIndex + 1];
    if (!previewing) return;
    if (next) actions.select(next.key);
    else setPreviewing(false);
  };
  const preview = () => {
    const first = draft.clips[0];
    if (!first) return;
    setPreviewing(true);
    setWish("clip");
    actions.select(first.key);
    player.current?.seek(first.start_s);
    player.current?.play();
  };
  useEffect(() => {
    if (previewing) player.current?.play();
  }, [previewing, shown?.key]);

  return (
    <>
      <PageHeader
        title={
          <div className={styles.head}>
            <EditableTitle value={draft.title} label="Title of the project" onSave={(title) => editor.edit((before) => ({ ...before, title }))} />
            <span className={styles.version}>v{version} <SavingWord saving={saving} problem={problem} onRetry={editor.retrySave} /></span>
          </div>
        }
        lead={<BackToProjects />}
      >
        <ActionIcon.Group className={stitching ? styles.roomy : undefined}>
          <Tooltip label="Undo (Ctrl + Z)"><ActionIcon variant="default" size={36} aria-label="Undo" disabled={!canUndo} onClick={editor.undo}><UndoIcon size={16} /></ActionIcon></Tooltip>
          <Tooltip label="Redo (Shift + Ctrl + Z)"><ActionIcon variant="default" size={36} aria-label="Redo" disabled={!canRedo} onClick={editor.redo}><RedoIcon size={16} /></ActionIcon></Tooltip>
        </ActionIcon.Group>
        <div className={stitching ? styles.roomy : undefined}>
          <SettingsMenu settings={draft.settings} format={project.format} onChange={(settings) => editor.edit((before) => ({ ...before, settings }), "settings")} />
        </div>
        {!stitching && <Button className={styles.preview} variant="default" leftSection={<PlayIcon size={15} />} disabled={draft.clips.length === 0} onClick={preview}>Preview</Button>}
        <StitchControl job={job} blocked={blocked} starting={stitch.isPending} onStitch={() => stitch.mutate()} />
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon size={36} aria-label="More"><MoreIcon /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>Add clips</Menu.Item>
            <Menu.Item className={styles.previewItem} leftSection={<PlayIcon size={16} />} disabled={draft.clips.length === 0} onClick={preview}>Preview the clips</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<TrashIcon size={16} />} onClick={() => setDeleting(true)}>Delete project</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        {draft.clips.length === 0 && !reel ? (
          <EmptyState drawing={<ProjectsDrawing />} action={<Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>Add clips</Button>}>This project has no clips yet. Add some from the library and put them in order.</EmptyState>
        ) : (
          <>
            <div className={styles.stage}>
              <div className={styles.screen}>
                {shown?.video?.state === "ready" ? (
                  <LazyPlayer ref={player} videoId={shown.video_id} label={`Clip: ${shown.video.title}`} poster={shown.video.poster_url} width={16} height={9} fps={shown.video.fps} span={{ start: shown.start_s, end: endOf(shown) }} pip={false} autoPlay={previewing} onTime={onTime} onSpanEnd={onSpanEnd} />
                ) : shown ? (
                  <div className={styles.nothing}>{shown.problem?.message ?? "This clip has nothing to show."}</div>
                ) : reel ? (
                  <LazyPlayer ref={player} videoId={reel.video_id} label={`Reel: ${draft.title}`} width={16} height={9} fps={project.format?.fps} pip={false} onTime={onTime} />
                ) : (
                  <div className={styles.nothing}>Choose a clip to see it.</div>
                )}
                {shown?.video?.state === "ready" && <TrimBar clip={shown} onTrim={(change) => actions.trim(shown.key, change)} />}
              </div>
              <aside className={styles.side}>
                {reel && draft.clips.length > 0 && (
                  <SegmentedControl fullWidth size="xs" aria-label="What the player shows" data={[{ value: "reel", label: "Reel" }, { value: "clip", label: "Clip" }]} value={shown ? "clip" : "reel"} onChange={(value) => { setPreviewing(false); setWish(value as "reel" | "clip"); }} />
                )}
                {shown ? (
                  <ClipInspector clip={shown} index={shownIndex} count={draft.clips.length} actions={stripActions} onMark={mark} />
                ) : (
                  <p className="dim small" style={{ margin: 0 }}>Choose a clip below to trim, replace or remove it.</p>
                )}
              </aside>
            </div>
            <ClipStrip clips={draft.clips} selected={shown?.key ?? null} rows={phone} actions={stripActions} playhead={playhead} onAdd={() => setAdding(true)} />
            <ReelLine project={project} clips={draft.clips.length} total={totalOf(draft.clips)} stale={stale} failed={failed} blocked={stitching ? null : blocked} onRetry={() => stitch.mutate()} retrying={stitch.isPending} />
          </>
        )}
      </div>
      <div className="only-read" role="status" aria-live="polite">{announcement}</div>
      <LibraryPicker opened={adding} onClose={() => setAdding(false)} onPick={(videos) => { setAdding(false); setWish("clip"); actions.add(videos); }} />
      <LibraryPicker one opened={replacing !== null} onClose={stopReplacing} onPick={([video]) => { if (video && replacing) actions.replace(replacing, video); stopReplacing(); }} />
      <ConflictDialog editor={editor} />
      <DeleteProjectDialog project={deleting ? { id: project.id, title: draft.title } : null} onClose={() => setDeleting(false)} onDeleted={() => void navigate({ to: "/projects" })} />
    </>
  );
}

/** Tell when this view saw its reel come; one that was there before is no news. */
function useReelNews(project: Project, onNew: () => void): void {
  const seen = useRef(project.reel?.job_id);
  useEffect(() => {
    const made = project.reel?.job_id;
    if (made && made !== seen.current) {
      say("The reel is ready");
      onNew();
    }
    seen.current = made;
  });
}
