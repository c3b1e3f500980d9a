import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { SparkIcon } from "@/components/icons";
import type { ClipEstimate } from "@/gen";
import { count } from "@/lib/format";
import { useLaterOpened } from "@/lib/hooks";
import { asProblem } from "@/lib/problem";
import { estimateQuery } from "../api/estimate-project";
import { type ProjectSource, useGenerateClips } from "../api/generate-clips";
import { type Choice, isDue, MOST_AT_ONCE, noteOf } from "../choice";
import { priceWords, totalWords } from "../words";
import styles from "./generate.module.css";

type Props = {
  opened: boolean;
  choices: readonly Choice[];
  source: ProjectSource;
  version: number;
  onClose: () => void;
};

/** What will be generated and what it costs; the clips without a video are chosen, others can be. */
export default function GenerateDialog({ opened, choices, source, version, onClose }: Props) {
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title="Generate" size={520}>
      <Chosen choices={choices} source={source} version={version} onClose={onClose} />
    </Modal>
  );
}

function Chosen({ choices, source, version, onClose }: Omit<Props, "opened">) {
  const [keys, setKeys] = useState(() => choices.filter(isDue).slice(0, MOST_AT_ONCE).map(keyOf));
  const generate = useGenerateClips(source);
  useEffect(() => void source.flush().catch(() => {}), [source]); // prices are of what is saved; the header says if not
  const ids = choices
    .map(keyOf)
    .map(source.idOf)
    .filter((id) => id !== undefined)
    .slice(0, MOST_AT_ONCE);
  const { data, error } = useQuery(estimateQuery(source.projectId, version, ids));
  const byId = new Map(data?.items.map((item) => [item.clip_id, item]));
  const estimateOf = (key: string) => byId.get(source.idOf(key) ?? "");
  const priceOf = (key: string) => estimateOf(key)?.amount;
  const prices = keys.map(priceOf);
  const unknown = prices.filter((price) => price === null || price === undefined).length;
  const total = prices.reduce<number>((sum, price) => sum + (price ?? 0), 0);
  const known = data !== undefined && keys.every((key) => source.idOf(key) !== undefined);
  const start = (acceptUnknownCost = false) => generate.mutate({ keys, acceptUnknownCost }, { onSuccess: onClose });
  const problem = generate.error && asProblem(generate.error);
  return (
    <Stack gap={14}>
      <ul className={styles.choices} aria-label="Clips to generate">
        {choices.map((choice) => (
          <ChoiceLine
            key={choice.key}
            choice={choice}
            chosen={keys.includes(choice.key)}
            estimate={estimateOf(choice.key)}
            onChoose={(wanted) =>
              setKeys((all) => (wanted ? [...all, choice.key] : all.filter((each) => each !== choice.key)))
            }
          />
        ))}
      </ul>
      {error && <ErrorNote error={error} compact />}
      {problem && (
        <ErrorNote error={problem} compact>
          {problem.code === "price_unknown" && (
            <Button size="xs" variant="default" onClick={() => start(true)}>
              Generate at an unknown price
            </Button>
          )}
        </ErrorNote>
      )}
      <Group justify="space-between" gap={8}>
        <Text fw={500} role="status">
          {keys.length === 0
            ? "Choose a clip"
            : known
              ? `${count(keys.length, "clip")}, ${totalWords(total, unknown)}`
              : ""}
        </Text>
        <Button
          leftSection={<SparkIcon size={16} />}
          disabled={keys.length === 0}
          loading={generate.isPending}
          onClick={() => start()}
          data-autofocus
        >
          Generate {keys.length > 0 ? count(keys.length, "clip") : ""}
        </Button>
      </Group>
    </Stack>
  );
}

const keyOf = ({ key }: Choice): string => key;

type LineProps = {
  choice: Choice;
  chosen: boolean;
  estimate: ClipEstimate | undefined;
  onChoose: (wanted: boolean) => void;
};

function ChoiceLine({ choice, chosen, estimate, onChoose }: LineProps) {
  return (
    <li>
      <Checkbox
        label={`${choice.number}. ${choice.title}`}
        description={noteOf(choice)}
        disabled={choice.active !== null}
        checked={chosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <Price estimate={estimate} />
    </li>
  );
}

/** The price of a take, or why the clip cannot be generated as it stands. */
function Price({ estimate }: { estimate: ClipEstimate | undefined }) {
  if (!estimate) return null;
  const { problem, amount } = estimate;
  return problem ? (
    <span className={styles.problem}>{[problem.message, problem.hint].filter(Boolean).join(" ")}</span>
  ) : (
    <span className="dim small">{priceWords(amount)}</span>
  );
}
