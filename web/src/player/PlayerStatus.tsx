import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { RetryIcon } from "@/components/icons";
import { clock, codec as codecName } from "@/lib/format";
import { Problem } from "@/lib/problem";
import { CannotShow } from "./CannotShow";
import { Notice } from "./Notice";
import type { PlayerState } from "./player";
import type { Resume } from "./use-resume";
import styles from "./VideoPlayer.module.css";

/** What a viewer should know while the video plays: where it was resumed, and that something else plays. */
export function PlayerNotices({ state, codec, resume, onStartOver }: NoticesProps) {
  const { phase, problem, standIn } = state;
  if (problem || phase === "searching" || phase === "unplayable") return <div className={styles.notices} />;
  return (
    <div className={styles.notices}>
      {standIn && <Notice key={standIn.media.key}>{standInNotice(state, codec)}</Notice>}
      {resume.resumed !== null && (
        <div className={styles.notice} role="status">
          Resumed at {clock(resume.resumed)}{" "}
          <button type="button" onClick={onStartOver}>
            Start over
          </button>
        </div>
      )}
    </div>
  );
}

type NoticesProps = { state: PlayerState; codec: string | null; resume: Resume; onStartOver: () => void };

function standInNotice({ standIn, kind }: PlayerState, codec: string | null): string {
  const { rendition } = standIn ?? {};
  const failed = kind === "file" && !rendition ? "play the stream" : `play ${codec ?? "the original"}`;
  const playing = kind === "stream" ? "a rendition" : "the original";
  return `This browser can't ${failed}, so ${rendition ? `the ${codecName(rendition.codec)} rendition` : playing} plays.`;
}

type ProblemProps = {
  state: PlayerState;
  codec: string | null;
  owned: boolean;
  /** What can be done about a video that this browser can't play. */
  help?: ReactNode;
  onRetry: () => void;
};

/** Why nothing plays, over the player, and what to do about it. */
export function PlayerProblem({ state, codec, owned, help, onRetry }: ProblemProps) {
  const { phase, problem, broken, making } = state;
  if (!problem && phase !== "unplayable") return null;
  return (
    <div className={styles.problem}>
      {!problem && !broken ? (
        <CannotShow codec={codec} owned={owned} making={making} help={help} />
      ) : (
        <ErrorNote error={problem ?? UNPLAYABLE}>
          <Button size="xs" variant="default" leftSection={<RetryIcon size={14} />} onClick={onRetry}>
            Try again
          </Button>
        </ErrorNote>
      )}
    </div>
  );
}

const UNPLAYABLE = new Problem(0, {
  code: "unplayable",
  detail: "This browser couldn't play the video.",
  hint: "The browser may not support its codec. Stitched reels play everywhere, and the file can be downloaded.",
});
