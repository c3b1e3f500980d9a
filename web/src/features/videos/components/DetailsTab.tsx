import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { CopyButton } from "@/components/CopyButton";
import type { Video } from "@/gen";
import { exactTime } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import { videoProjectsQuery } from "../api/list-video-projects";
import { ORIGINS } from "../words";
import { AudioTrackSelect } from "./AudioTrackSelect";
import styles from "./VideoPage.module.css";

const TagsField = lazy(() => loadPart(() => import("@/features/library/components/TagsField")));

export function DetailsTab({ video }: { video: Video }) {
  const { data: used } = useQuery(videoProjectsQuery(video.id));
  return (
    <dl className={styles.table}>
      <dt>Origin</dt>
      <dd>
        {ORIGINS[video.origin].word}
        {video.project_id && (
          <>
            , stitched from{" "}
            <Link className="link" to="/projects/$projectId" params={{ projectId: video.project_id }}>
              its project
            </Link>
          </>
        )}
      </dd>
      {video.filename && (
        <>
          <dt>File</dt>
          <dd>{video.filename}</dd>
        </>
      )}
      <dt>Added</dt>
      <dd>{exactTime(video.created_at)}</dd>
      <dt>Tags</dt>
      <dd>
        <Suspense fallback={video.tags.join(", ")}>
          <TagsField video={video} />
        </Suspense>
      </dd>
      <dt>Used in</dt>
      <dd>
        {used === undefined ? (
          "…"
        ) : used.items.length === 0 ? (
          "No projects"
        ) : (
          <span>
            {used.items.map((project, n) => (
              <span key={project.id}>
                {n > 0 && ", "}
                <Link className="link" to="/projects/$projectId" params={{ projectId: project.id }}>
                  {project.title}
                </Link>
              </span>
            ))}
          </span>
        )}
      </dd>
      {video.audio_tracks.length > 1 && (
        <>
          <dt>Audio track</dt>
          <dd>
            <AudioTrackSelect video={video} />
          </dd>
        </>
      )}
      {video.remarks.length > 0 && (
        <>
          <dt>Notes</dt>
          <dd className={styles.notes}>
            {video.remarks.map((remark) => (
              <span key={remark}>{remark}</span>
            ))}
          </dd>
        </>
      )}
      <dt>ID</dt>
      <dd>
        <span className="mono">{video.id}</span>
        <CopyButton value={video.id} label="Copy ID" />
      </dd>
    </dl>
  );
}
