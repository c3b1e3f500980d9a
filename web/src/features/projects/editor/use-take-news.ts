import { useEffect, useRef, useState } from "react";
import { promptTitle } from "@/features/generate/prompts";
import { isActiveTake } from "@/features/generate/takes";
import type { Project } from "@/gen";

const ENDINGS: Record<string, string> = {
  succeeded: "is ready",
  failed: "failed",
  refused: "was refused",
  unknown: "may not have been submitted",
  canceled: "was canceled",
};

/** A sentence for screen readers about the takes that ended since the last look. */
export function useTakeNews(project: Project): string {
  const active = useRef<ReadonlySet<string>>(new Set());
  const [news, setNews] = useState("");
  useEffect(() => {
    const all = project.clips.flatMap((clip) => clip.takes.map((take) => ({ take, prompt: clip.prompt })));
    const ended = all.filter(({ take }) => active.current.has(take.id) && !isActiveTake(take));
    active.current = new Set(all.filter(({ take }) => isActiveTake(take)).map(({ take }) => take.id));
    if (ended.length === 0) return;
    const sentences = ended.map(
      ({ take, prompt }) => `A take of “${promptTitle(prompt?.text ?? "")}” ${ENDINGS[take.state] ?? "ended"}.`,
    );
    setNews(sentences.join(" "));
  }, [project]);
  return news;
}
