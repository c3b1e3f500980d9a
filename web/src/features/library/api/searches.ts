import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteSavedSearch, listSavedSearches, renameSavedSearch, saveSearch } from "@/gen";
import { unwrap } from "@/lib/api";

export const searchesQuery = queryOptions({
  queryKey: ["searches"],
  queryFn: ({ signal }) => unwrap(listSavedSearches({ signal })),
});

type Change = { name: string; query: Record<string, unknown> } | { rename: string; id: string } | { remove: string };

/** Save, rename or delete a search. */
export function useChangeSearches() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change) => {
      if ("query" in change) await unwrap(saveSearch({ body: change }));
      else if ("rename" in change)
        await unwrap(renameSavedSearch({ path: { search_id: change.id }, body: { name: change.rename } }));
      else await unwrap(deleteSavedSearch({ path: { search_id: change.remove } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: searchesQuery.queryKey }),
  });
}
