import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteFromTrash, emptyTrash } from "@/gen";
import { unwrap } from "@/lib/api";
import { trashKey } from "./list-trash";

/** Delete one video of the trash for good, or with null all of them. */
export function useEmptyTrash() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string | null) => {
      if (id === null) await unwrap(emptyTrash());
      else await unwrap(deleteFromTrash({ path: { video_id: id } }));
    },
    onSettled: () => {
      for (const queryKey of [trashKey, ["retention"]]) void client.invalidateQueries({ queryKey });
    },
  });
}
