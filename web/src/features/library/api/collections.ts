import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { createCollection, deleteCollection, listCollections, renameCollection } from "@/gen";
import { unwrap } from "@/lib/api";

export const collectionsQuery = queryOptions({
  queryKey: ["collections"],
  queryFn: ({ signal }) => unwrap(listCollections({ signal })),
});

type Change = { create: string } | { rename: string; id: string } | { remove: string };

/** Create, rename or delete a collection; the videos of a deleted one stay. */
export function useChangeCollections() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change) => {
      if ("create" in change) return unwrap(createCollection({ body: { name: change.create } }));
      if ("rename" in change)
        return unwrap(renameCollection({ path: { collection_id: change.id }, body: { name: change.rename } }));
      await unwrap(deleteCollection({ path: { collection_id: change.remove } }));
      return null;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: collectionsQuery.queryKey }),
  });
}
