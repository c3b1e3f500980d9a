import { Button, Textarea } from "@mantine/core";
import { PlusIcon, TrashIcon } from "@/components/icons";
import type { Cue } from "@/gen";
import { SecondsField } from "./fields";
import styles from "./inspector.module.css";

type Props = {
  cues: readonly Cue[];
  /** The time of a new caption. */
  now: () => number;
  /** Captions may end here. */
  end: number;
  onChange: (cues: Cue[], field: string) => void;
  onSeek?: (seconds: number) => void;
};

const NEW_S = 2;

/** Captions with their times, in order; a change of the words drops the times of single words. */
export function CueList({ cues, now, end, onChange, onSeek }: Props) {
  const put = (at: number, patch: Partial<Cue>, field: string) =>
    onChange(
      cues.map((cue, n) => (n === at ? { ...cue, ...patch } : cue)),
      `cue ${at} ${field}`,
    );
  const add = () => {
    const start_s = Math.round(now() * 1000) / 1000;
    const fresh = { start_s, end_s: Math.min(start_s + NEW_S, Math.max(end, start_s + 0.5)), text: "Caption" };
    onChange(
      [...cues, fresh].sort((a, b) => a.start_s - b.start_s),
      "cue added",
    );
  };
  return (
    <>
      {cues.map((cue, at) => (
        <fieldset key={at} className={styles.item} aria-label={`Caption ${at + 1}`}>
          <Textarea
            size="xs"
            autosize
            minRows={1}
            maxRows={4}
            maxLength={500}
            aria-label={`Words of caption ${at + 1}`}
            value={cue.text}
            onFocus={() => onSeek?.(cue.start_s)}
            onChange={(event) => put(at, { text: event.currentTarget.value, words: [] }, "text")}
          />
          <div className={styles.row}>
            <div className={styles.pair}>
              <SecondsField
                label="From"
                max={Math.max(0, cue.end_s - 0.1)}
                value={cue.start_s}
                onChange={(next) => put(at, { start_s: next, words: [] }, "start")}
              />
              <SecondsField
                label="To"
                min={cue.start_s + 0.1}
                max={Math.max(end, cue.end_s)}
                value={cue.end_s}
                onChange={(next) => put(at, { end_s: next, words: [] }, "end")}
              />
            </div>
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove caption ${at + 1}`}
              onClick={() =>
                onChange(
                  cues.filter((_, n) => n !== at),
                  "cue removed",
                )
              }
            >
              <TrashIcon size={16} />
            </Button>
          </div>
        </fieldset>
      ))}
      <Button size="xs" variant="default" leftSection={<PlusIcon size={14} />} onClick={add}>
        Add caption at the playhead
      </Button>
    </>
  );
}
