import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { LibraryDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { PlusIcon, VideoIcon } from "@/components/icons";
import { activeJobsQuery } from "@/features/jobs/api/list-active-jobs";
import { UploadButton } from "@/features/uploads/components/UploadButton";
import { uploadQueue } from "@/features/uploads/queue";
import { useCell } from "@/lib/cell";
import { percent } from "@/lib/format";
import { useAddSamples } from "../api/add-samples";
import styles from "./LibraryEmpty.module.css";
import grid from "./VideoGrid.module.css";

const SAMPLES = 3;
const OVER = ["failed", "paused"];

/** The empty library: pending uploads and samples, or how to add the first video. */
export function LibraryEmpty() {
  const uploads = useCell(uploadQueue.items);
  const { data: jobs } = useQuery(activeJobsQuery);
  const samples = useAddSamples();
  const making = samples.isPending || !!jobs?.requested.some(({ kind }) => kind === "samples");
  const coming = uploads
    .filter(({ state }) => !OVER.includes(state))
    .map(({ id, name, size, sent }) => ({ id, name, note: sent && size ? percent(sent / size) : "Waiting" }));
  const made = making
    ? Array.from({ length: SAMPLES }, (_, n) => ({ id: -n, name: "Sample clip", note: "Creating" }))
    : [];
  const all = [...coming, ...made];
  if (all.length > 0) {
    return (
      <div className={grid.waiting} role="list" aria-label="In progress">
        {all.map(({ id, name, note }) => (
          <div key={id} role="listitem" className={styles.coming}>
            <div className="skeleton" style={{ aspectRatio: "16 / 9" }}>
              <VideoIcon size={24} />
            </div>
            <div className="clip-text" title={name}>
              {name}
            </div>
            <div className="dim tiny">{note}</div>
          </div>
        ))}
      </div>
    );
  }
  return (
    <EmptyState
      drawing={<LibraryDrawing />}
      action={
        <div className={styles.actions}>
          <UploadButton size="md" fz={14}>
            Upload videos
          </UploadButton>
          <Button
            size="md"
            fz={14}
            variant="default"
            leftSection={<PlusIcon size={16} />}
            onClick={() => samples.mutate()}
          >
            Add sample clips
          </Button>
        </div>
      }
    >
      The library is empty. Drop video files anywhere on this page, upload some, or start with samples.
    </EmptyState>
  );
}
