import { ActionIcon, Group, Progress, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useState } from "react";
import {
  CheckCircleIcon,
  ClockIcon,
  CloseIcon,
  ErrorIcon,
  PauseIcon,
  PlayIcon,
  RetryIcon,
  RunIcon,
  UploadIcon,
} from "@/components/icons";
import { showProblem } from "@/components/toast";
import type { Upload } from "@/gen";
import { bytes, count, percent } from "@/lib/format";
import { loadPart } from "@/lib/load-part";
import { discardUpload } from "../api/discard-upload";
import { forgetNotBegun } from "../not-begun";
import { type UploadItem, uploadQueue } from "../queue";
import { facts, type Phase, type Row } from "../rows";
import styles from "./UploadTray.module.css";

const ConfirmDialog = lazy(() =>
  loadPart(() => import("@/components/ConfirmDialog").then(({ ConfirmDialog }) => ({ default: ConfirmDialog }))),
);

const ICONS = {
  waiting: ClockIcon,
  sending: UploadIcon,
  held: ClockIcon,
  paused: PauseIcon,
  preparing: RunIcon,
  done: CheckCircleIcon,
  failed: ErrorIcon,
  errored: ErrorIcon,
};
const TONES = {
  waiting: "grey",
  sending: "blue",
  held: "amber",
  paused: "grey",
  preparing: "blue",
  done: "green",
  failed: "red",
  errored: "red",
};
const BAR: readonly Phase[] = ["sending", "paused", "held"];

/** An upload of this page. */
export function UploadLine({ item, phase, video }: Row) {
  const Icon = ICONS[phase];
  const bad = phase === "failed" || phase === "errored";
  return (
    <div className={styles.row} data-phase={phase}>
      <Icon size={16} style={{ color: `var(--state-${TONES[phase]})`, flex: "none" }} />
      <div className="grow">
        <div className={item.videoId ? undefined : "clip-text"} title={item.name}>
          {item.videoId ? (
            <Link className={`clip-text ${styles.name}`} to="/videos/$videoId" params={{ videoId: item.videoId }}>
              {item.name}
            </Link>
          ) : (
            item.name
          )}
        </div>
        {BAR.includes(phase) && item.size > 0 && (
          <Progress
            value={(item.sent / item.size) * 100}
            size={3}
            my={4}
            color={phase === "sending" ? undefined : "gray"}
            aria-label={`Upload of ${item.name}`}
          />
        )}
        <div className={styles.facts} role={bad ? "alert" : undefined}>
          {phase === "errored" ? (video?.error?.message ?? "It could not be read.") : facts(item, phase)}
        </div>
      </div>
      <LineActions item={item} phase={phase} />
    </div>
  );
}

function LineActions({ item, phase }: { item: UploadItem; phase: Phase }) {
  const cancel = () => uploadQueue.cancel(item.id);
  const begun = item.sent > 0 || phase === "sending";
  return (
    <Group gap={2} wrap="nowrap">
      {phase === "sending" && (
        <Act label={`Pause ${item.name}`} onClick={() => uploadQueue.pause(item.id)} icon={<PauseIcon size={15} />} />
      )}
      {phase === "paused" && (
        <Act label={`Resume ${item.name}`} onClick={() => uploadQueue.resume(item.id)} icon={<PlayIcon size={15} />} />
      )}
      {phase === "failed" && (
        <Act
          label={`Try ${item.name} again`}
          onClick={() => uploadQueue.resume(item.id)}
          icon={<RetryIcon size={15} />}
        />
      )}
      {item.state === "done" || phase === "failed" ? (
        <Act
          label={`Dismiss ${item.name}`}
          onClick={() => uploadQueue.dismiss(item.id)}
          icon={<CloseIcon size={15} />}
        />
      ) : begun ? (
        <AskingAct
          label={`Cancel ${item.name}`}
          name={item.name}
          sent={`${bytes(item.sent)} of ${bytes(item.size)}`}
          onConfirm={cancel}
        />
      ) : (
        <Act label={`Cancel ${item.name}`} onClick={cancel} icon={<CloseIcon size={15} />} />
      )}
    </Group>
  );
}

/** An unfinished upload on the server whose file this page does not have. */
export function LeftLine({ row, onGone }: { row: Upload; onGone: () => void }) {
  const name = row.filename ?? "a file";
  const discard = () => discardUpload(row.id).then(onGone, showProblem("Couldn't discard"));
  const share = row.size_bytes ? percent(row.offset_bytes / row.size_bytes) : bytes(row.offset_bytes);
  return (
    <div className={styles.row}>
      <PauseIcon size={16} style={{ color: "var(--state-grey)", flex: "none" }} />
      <div className="grow">
        <div className="clip-text" title={name}>
          {name}
        </div>
        <div className={styles.facts}>Stopped at {share}. Drop the same file again to continue.</div>
      </div>
      <AskingAct label={`Discard ${name}`} name={name} sent={share} onConfirm={() => void discard()} />
    </div>
  );
}

/** Files that were still queued when the page was closed. */
export function NotBegunLine({ names }: { names: readonly string[] }) {
  return (
    <div className={styles.row}>
      <ClockIcon size={16} style={{ color: "var(--state-grey)", flex: "none" }} />
      <div className="grow">
        <div>{count(names.length, "file")} had not begun</div>
        <div className={styles.names} title={names.join("\n")}>
          {names.join(", ")}
        </div>
        <div className={styles.facts}>Choose or drop {names.length === 1 ? "it" : "them"} again to upload.</div>
      </div>
      <Act label="Dismiss names" onClick={() => forgetNotBegun()} icon={<CloseIcon size={15} />} />
    </div>
  );
}

function Act({ label, onClick, icon }: { label: string; onClick: () => void; icon: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

/** A cancel button with a confirmation, as the sent bytes are deleted. */
function AskingAct({
  label,
  name,
  sent,
  onConfirm,
}: {
  label: string;
  name: string;
  sent: string;
  onConfirm: () => void;
}) {
  // null until first opened: the dialog stays mounted to restore the focus
  const [confirming, setConfirming] = useState<boolean | null>(null);
  return (
    <>
      <Act label={label} onClick={() => setConfirming(true)} icon={<CloseIcon size={15} />} />
      <Suspense>
        {confirming !== null && (
          <ConfirmDialog
            opened={confirming}
            title="Cancel this upload?"
            action="Cancel upload"
            onClose={() => setConfirming(false)}
            onConfirm={onConfirm}
          >
            <span style={{ overflowWrap: "anywhere" }}>
              {name}: what was sent ({sent}) is thrown away.
            </span>
          </ConfirmDialog>
        )}
      </Suspense>
    </>
  );
}
