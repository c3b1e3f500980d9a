import { Button, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { PlayIcon, RetryIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { RelativeTime } from "@/components/RelativeTime";
import { StateBadge } from "@/components/StateBadge";
import { showProblem } from "@/components/toast";
import { videoQuery } from "@/features/videos/api/get-video";
import type { Take, Video } from "@/gen";
import { duration, percent } from "@/lib/format";
import { useOnceOpened } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { useTakeAction } from "../api/act-on-take";
import { isActiveTake } from "../takes";
import { adviceOf, costWords, parentWords, priceWords, sentences, stateKey } from "../words";
import styles from "./generate.module.css";

const UnknownDialog = lazy(() => loadPart(() => import("./UnknownDialog")));

type Props = {
  take: Take;
  takes: readonly Take[];
  number: number;
  used: boolean;
  projectId: string;
  watched: string | null;
  onChangePrompt: () => void;
  onUse: (video: Video) => void;
  onWatch: (videoId: string, label: string) => void;
};

/** One take: its video or its progress, its state, its cost, and what to do about an error. */
export function TakeLine({ take, takes, number, used, watched, projectId, onChangePrompt, onUse, onWatch }: Props) {
  const [deciding, setDeciding] = useState(false);
  const decided = useOnceOpened(deciding);
  const parent = parentWords(take, takes);
  const shown = take.video_id !== null && watched === take.video_id;
  return (
    <li className={styles.take} data-take={take.id} data-state={take.state} data-used={used || undefined}>
      <TakePicture take={take} number={number} shown={shown} onWatch={onWatch} />
      <div className={styles.takeWords}>
        <span className={styles.takeHead}>
          <strong>Take {number}</strong>
          <StateBadge state={stateKey(take.state)} note={noteOf(take)} plain />
        </span>
        <span className="dim tiny">
          {costWords(take)} · {take.model}
          {take.duration_s ? ` · ${duration(take.duration_s)}` : ""} · <RelativeTime time={take.created_at} />
          {parent && ` · ${parent}`}
        </span>
        {take.state === "submitting" && take.provider_words && <span className="dim tiny">{take.provider_words}</span>}
        {isActiveTake(take) && (
          <Progress value={(take.progress ?? 0) * 100} size={3} aria-label={`Progress of take ${number}`} />
        )}
        {take.error && <span className={styles.takeError}>{sentences(take.error.message, take.error.hint)}</span>}
        <TakeActions
          take={take}
          number={number}
          used={used}
          projectId={projectId}
          onChangePrompt={onChangePrompt}
          onDecide={() => setDeciding(true)}
          onUse={onUse}
        />
      </div>
      {decided && (
        <Suspense>
          <UnknownDialog take={take} projectId={projectId} opened={deciding} onClose={() => setDeciding(false)} />
        </Suspense>
      )}
    </li>
  );
}

const noteOf = ({ state, progress }: Take): string | undefined =>
  state === "running" && progress !== null ? percent(progress) : undefined;

type PictureProps = Pick<Props, "take" | "number" | "onWatch"> & { shown: boolean };

function TakePicture({ take, number, shown, onWatch }: PictureProps) {
  const { video_id } = take;
  const poster = <Poster url={take.poster_url} />;
  if (!video_id) return <span className={styles.takePoster}>{poster}</span>;
  return (
    <button
      type="button"
      className={styles.takePoster}
      aria-label={`Watch take ${number}`}
      aria-pressed={shown}
      onClick={() => onWatch(video_id, `Take ${number}`)}
    >
      {poster}
      <PlayIcon size={18} className={styles.takePlay} />
    </button>
  );
}

type ActionProps = Pick<Props, "take" | "number" | "used" | "projectId" | "onChangePrompt" | "onUse"> & {
  onDecide: () => void;
};

function TakeActions({ take, number, used, projectId, onChangePrompt, onDecide, onUse }: ActionProps) {
  const client = useQueryClient();
  const action = useTakeAction(projectId);
  const button = { size: "compact-xs", variant: "default", loading: action.isPending } as const;
  const advice = adviceOf(take);
  const again = () =>
    action.mutate(
      { act: "retry", id: take.id, acceptUnknownCost: take.cost.estimated === null }, // the button says so
      { onError: showProblem("Couldn't generate it again") },
    );
  const price = priceWords(take.cost.estimated);
  const { video_id } = take;
  if (used) return <span className={styles.inUse}>In use</span>;
  if (video_id)
    return (
      <div className={styles.takeActions}>
        <Button
          {...button}
          aria-label={`Use take ${number}`}
          onClick={() =>
            void client.fetchQuery(videoQuery(video_id)).then(onUse, showProblem("Couldn't use this take"))
          }
        >
          Use this take
        </Button>
      </div>
    );
  if (isActiveTake(take))
    return (
      <div className={styles.takeActions}>
        <Button
          {...button}
          aria-label={`Cancel take ${number}`}
          onClick={() =>
            action.mutate({ act: "cancel", id: take.id }, { onError: showProblem("Couldn't cancel the take") })
          }
        >
          Cancel
        </Button>
      </div>
    );
  if (advice === null || advice === "wait") return null;
  return (
    <div className={styles.takeActions}>
      {advice === "decide" && (
        <Button {...button} onClick={onDecide}>
          Decide
        </Button>
      )}
      {advice === "change" && (
        <Button {...button} onClick={onChangePrompt}>
          Change the prompt
        </Button>
      )}
      {advice === "fetch" && (
        <Button
          {...button}
          aria-label={`Fetch the result of take ${number} again`}
          onClick={() =>
            action.mutate({ act: "fetch", id: take.id }, { onError: showProblem("Couldn't fetch the result") })
          }
        >
          Fetch again
        </Button>
      )}
      {(advice === "again" || advice === "fetch") && (
        <Button
          {...button}
          leftSection={<RetryIcon size={12} />}
          aria-label={`Again, ${price}: take ${number}`}
          onClick={again}
        >
          Again, {price}
        </Button>
      )}
    </div>
  );
}
