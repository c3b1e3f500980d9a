import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { showProblem, warn } from "@/components/toast";
import { isActive } from "@/features/jobs/active";
import { renderSpan, spanQuery } from "../api/render-span";
import type { ReelEdit } from "../editor/effects";
import type { ProjectEditor } from "../editor/project-editor";
import { clipAt, placeOf } from "../editor/times";
import type { Stage } from "../editor/use-stage";
import styles from "./ReelOnly.module.css";
import { spanAround, unseen } from "./unseen";

type Props = { stage: Stage; editor: ProjectEditor; edit: ReelEdit };

/** Names what the stage cannot show, and renders the part around the playhead, which shows everything. */
export default function ReelOnly({ stage, editor, edit }: Props) {
  const { layout, shown } = stage;
  const place = placeOf(layout, shown?.key);
  const missing = place ? unseen(edit, place, layout.placed[place.index + 1] ?? null) : [];
  const [jobId, setJobId] = useState<string | null>(null);
  const { data: render } = useQuery({ ...spanQuery(editor.projectId, jobId ?? ""), enabled: jobId !== null });
  const play = useRef(stage.playSpan);
  play.current = stage.playSpan;
  useEffect(() => {
    if (!render || render.job_id !== jobId || isActive(render)) return;
    setJobId(null);
    if (render.url) play.current({ jobId, start: render.start_s });
    else if (render.state === "failed") warn("This part couldn't be rendered. Its job says why.");
  }, [render, jobId]);
  const start = async () => {
    try {
      await editor.flush();
      const { start, end } = spanAround(stage.time.get() ?? place?.start ?? 0, layout.total);
      setJobId((await renderSpan(editor.projectId, start, end)).id);
    } catch (error) {
      showProblem("Couldn't render this part")(error);
    }
  };
  if (stage.span)
    return (
      <p className={styles.note}>
        Rendered part, as in the reel.
        <button type="button" onClick={() => stage.show("clip")}>
          Back to the clip
        </button>
      </p>
    );
  if (!place || !clipAt(layout, place.start) || missing.length === 0) return null;
  return (
    <p className={styles.note}>
      In the reel only: {missing.join(", ")}
      <button type="button" disabled={jobId !== null} onClick={() => void start()}>
        {jobId ? `Rendering ${Math.round(100 * (render?.progress ?? 0))} %` : "Render this part"}
      </button>
    </p>
  );
}
