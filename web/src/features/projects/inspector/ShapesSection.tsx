import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Project, Variant } from "@/gen";
import { useStitch } from "../api/stitch-project";
import type { ProjectEditor } from "../editor/project-editor";
import styles from "./inspector.module.css";
import { Section } from "./Section";

const SHAPES = [
  { aspect: "9:16", word: "Portrait" },
  { aspect: "4:5", word: "Tall" },
  { aspect: "1:1", word: "Square" },
  { aspect: "16:9", word: "Landscape" },
] as const;

export type Aspect = Variant["aspect"];

/** Reels of the same edit in other shapes, each with its own state. */
export function ShapesSection({ project, editor }: { project: Project; editor: ProjectEditor }) {
  const stitch = useStitch(editor);
  const made = project.variants.length;
  return (
    <Section
      title="Other shapes"
      value={
        made
          ? SHAPES.filter(({ aspect }) => of(project, aspect))
              .map(({ word }) => word)
              .join(", ")
          : null
      }
    >
      {SHAPES.map(({ aspect, word }) => {
        const variant = of(project, aspect);
        const running = variant?.job_state === "queued" || variant?.job_state === "running";
        return (
          <div key={aspect} className={styles.row}>
            <span>
              {word} {aspect} <span className="dim tiny">{stateOf(variant)}</span>
            </span>
            {variant?.video_id && (
              <Link to="/videos/$videoId" params={{ videoId: variant.video_id }}>
                Open
              </Link>
            )}
            {(!variant?.video_id || variant.stale) && (
              <Button
                size="xs"
                variant="default"
                disabled={running || project.clips.length === 0}
                loading={stitch.isPending && stitch.variables === aspect}
                aria-label={`Stitch ${word} ${aspect}`}
                onClick={() => stitch.mutate(aspect)}
              >
                Stitch
              </Button>
            )}
          </div>
        );
      })}
      <span className="dim tiny">Clips fill the other shape unless their own shape is set.</span>
    </Section>
  );
}

const of = (project: Project, aspect: Aspect): Variant | undefined =>
  project.variants.find((variant) => variant.aspect === aspect);

function stateOf(variant: Variant | undefined): string {
  if (!variant) return "";
  if (variant.job_state === "queued") return "Waiting";
  if (variant.job_state === "running") return `${Math.round((variant.progress ?? 0) * 100)} %`;
  if (variant.job_state === "failed") return "Failed";
  if (!variant.video_id) return "";
  return variant.stale ? "Out of date" : "Ready";
}
