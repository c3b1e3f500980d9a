import { useMutation, useQueryClient } from "@tanstack/react-query";
import { warn } from "@/components/toast";
import { generateProject, type SkippedClip } from "@/gen";
import { unwrap } from "@/lib/api";
import { count } from "@/lib/format";

/** The open project, as far as takes need it: unsaved edits are saved before a take is requested. */
export type ProjectSource = {
  projectId: string;
  flush: () => Promise<number>;
  idOf: (key: string) => string | undefined;
};

const skippedWords = (skipped: SkippedClip[]): string => {
  const [first] = skipped;
  const others = skipped.length > 1 ? ` ${count(skipped.length - 1, "more clip")} left out, too.` : "";
  return `Clip ${first!.position} was left out: ${first!.message}${others}`;
};

export type Wanted = { keys: string[]; acceptUnknownCost?: boolean };

/** Generate a take of each clip, by the keys of the editor; of one that is under way, no second one. */
export function useGenerateClips(source: ProjectSource) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ keys, acceptUnknownCost = false }: Wanted) => {
      await source.flush();
      const clip_ids = keys.map(source.idOf).filter((id) => id !== undefined);
      return unwrap(
        generateProject({
          path: { project_id: source.projectId },
          body: { clip_ids, accept_unknown_cost: acceptUnknownCost },
        }),
      );
    },
    onSuccess: ({ skipped }) => {
      if (skipped.length > 0) warn(skippedWords(skipped));
      return client.invalidateQueries({ queryKey: ["project", source.projectId] });
    },
  });
}
