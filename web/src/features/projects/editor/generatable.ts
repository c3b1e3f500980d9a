import type { Choice } from "@/features/generate/choice";
import { isActiveTake } from "@/features/generate/takes";
import { type DraftClip, lacksVideo, titleOf } from "./draft";
import type { TakesOf } from "./use-takes";

/** The clips that can be generated: those with a prompt. */
export const generateChoices = (clips: readonly DraftClip[], takesOf: TakesOf): Choice[] =>
  clips.flatMap((clip, n) =>
    clip.prompt
      ? [
          {
            key: clip.key,
            number: n + 1,
            title: titleOf(clip),
            hasVideo: !lacksVideo(clip),
            active: takesOf(clip).find(isActiveTake) ?? null,
            last: takesOf(clip)[0] ?? null,
          },
        ]
      : [],
  );
