import type { Problem } from "@/lib/problem";
import type { Saving } from "../editor/project-editor";

const WORDS: Record<Saving, string> = {
  saved: "Saved",
  dirty: "Saving",
  saving: "Saving",
  failed: "Not saved",
  conflict: "Changed elsewhere",
};

/** The save state of the project. */
export function SavingWord({
  saving,
  problem,
  onRetry,
}: {
  saving: Saving;
  problem: Problem | null;
  onRetry: () => void;
}) {
  return (
    <span role="status" data-saving={saving}>
      {saving === "failed" ? (
        <button
          type="button"
          onClick={onRetry}
          title={problem?.detail}
          style={{ all: "unset", cursor: "pointer", color: "var(--state-red)", textDecoration: "underline" }}
        >
          {WORDS.failed}, try again
        </button>
      ) : (
        WORDS[saving]
      )}
    </span>
  );
}
