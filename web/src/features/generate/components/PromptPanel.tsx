import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { ChevronIcon, SparkIcon } from "@/components/icons";
import type { Prompt, Take, Video } from "@/gen";
import { asProblem } from "@/lib/problem";
import { estimateQuery } from "../api/estimate-project";
import { type ProjectSource, useGenerateClips } from "../api/generate-clips";
import { modelsQuery } from "../api/list-models";
import { modelOf, promptProblems, settingsWords } from "../parameters";
import { isActiveTake } from "../takes";
import { priceWords } from "../words";
import styles from "./generate.module.css";
import { ModelFields } from "./ModelFields";
import { PromptText } from "./PromptText";
import { TakeList } from "./TakeList";

type Props = {
  clipKey: string;
  prompt: Prompt;
  /** The video that the clip uses; null while it has none. */
  videoId: string | null;
  follows: boolean;
  takes: readonly Take[];
  source: ProjectSource;
  version: number;
  /** The take in the player. */
  watched: string | null;
  onChange: (prompt: Prompt, merge?: string) => void;
  onUse: (video: Video) => void;
  onWatch: (videoId: string, label: string) => void;
};

/** The prompt of a clip, what a take of it costs, and its takes. */
export default function PromptPanel(props: Props) {
  const { clipKey, prompt, takes, source, onChange } = props;
  const field = useId();
  const generate = useGenerateClips(source);
  const { data: models } = useQuery(modelsQuery);
  const problems = promptProblems(prompt, models && modelOf(prompt, models));
  const active = takes.some(isActiveTake);
  const [settings, setSettings] = useState(takes.length === 0); // folded where the takes matter more
  const again = takes.length > 0;
  const start = (acceptUnknownCost = false) => {
    if (!active && problems.length === 0 && !generate.isPending)
      generate.mutate({ keys: [clipKey], acceptUnknownCost });
  };
  return (
    <div className={styles.panel}>
      <PromptText
        id={field}
        value={prompt.text}
        onChange={(text) => onChange({ ...prompt, text }, "text")}
        onSubmit={start}
      />
      <button type="button" className={styles.fold} aria-expanded={settings} onClick={() => setSettings(!settings)}>
        <ChevronIcon size={14} />
        <span className="clip-text">{settings ? "Settings" : settingsWords(prompt, models)}</span>
      </button>
      {settings && <ModelFields prompt={prompt} follows={props.follows} onChange={onChange} />}
      <div className={styles.generate}>
        <Button
          leftSection={<SparkIcon size={16} />}
          variant={props.videoId || takes[0]?.state === "unknown" ? "default" : "filled"}
          disabled={active || problems.length > 0}
          loading={generate.isPending}
          onClick={() => start()}
        >
          {again ? "Generate again" : "Generate"}
        </Button>
        <Price {...props} />
      </div>
      {problems.map((problem) => (
        <Text key={problem} className="small" c="var(--state-red)">
          {problem}
        </Text>
      ))}
      {generate.error && (
        <ErrorNote error={generate.error} compact>
          {asProblem(generate.error).code === "price_unknown" && (
            <Button size="xs" variant="default" onClick={() => start(true)}>
              Generate at an unknown price
            </Button>
          )}
        </ErrorNote>
      )}
      <TakeList
        takes={takes}
        usedVideo={props.videoId}
        projectId={source.projectId}
        watched={props.watched}
        onChangePrompt={() => document.getElementById(field)?.focus()}
        onUse={props.onUse}
        onWatch={props.onWatch}
      />
    </div>
  );
}

/** The price of the next take, of the saved prompt. */
function Price({ clipKey, source, version }: Pick<Props, "clipKey" | "source" | "version">) {
  const id = source.idOf(clipKey);
  const { data, error, isPlaceholderData } = useQuery(estimateQuery(source.projectId, version, id ? [id] : []));
  const item = data?.items[0];
  const problem = item?.problem;
  if (problem)
    return <span className={styles.problem}>{[problem.message, problem.hint].filter(Boolean).join(" ")}</span>;
  if (error) return <span className="dim small">{asProblem(error).detail}</span>;
  if (!item) return null; // a clip whose take is under way has no next one
  return (
    <span className="dim small" style={{ opacity: isPlaceholderData ? 0.6 : 1 }} role="status">
      {priceWords(item.amount)}
    </span>
  );
}
