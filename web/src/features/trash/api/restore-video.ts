import { useMutation, useQueryClient } from "@tanstack/react-query";
import { restoreVideo } from "@/gen";
import { unwrap } from "@/lib/api";
import { trashKey } from "./list-trash";

/** Take a video out of the trash; what shows videos or their clips is read again. */
export function useRestoreVideo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(restoreVideo({ path: { video_id: id } })),
    onSettled: () => {
      for (const queryKey of [trashKey, ["videos"], ["video"], ["projects"], ["project"], ["retention"]])
        void client.invalidateQueries({ queryKey });
    },
  });
}
