import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelGeneration, fetchGeneration, resolveGeneration, retryGeneration } from "@/gen";
import { unwrap } from "@/lib/api";

export type TakeAction =
  | { act: "retry"; id: string; acceptUnknownCost?: boolean }
  | { act: "cancel" | "fetch" | "resubmit" | "give_up"; id: string };

/** Make a take again, cancel it, fetch its result once more, or decide on one whose outcome is unknown. */
export function useTakeAction(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: TakeAction) => act(action),
    onSettled: () => client.invalidateQueries({ queryKey: ["project", projectId] }),
  });
}

function act(action: TakeAction) {
  const path = { generation_id: action.id };
  switch (action.act) {
    case "cancel":
      return unwrap(cancelGeneration({ path }));
    case "fetch":
      return unwrap(fetchGeneration({ path }));
    case "retry":
      return unwrap(retryGeneration({ path, query: { accept_unknown_cost: action.acceptUnknownCost } }));
    default:
      return unwrap(resolveGeneration({ path, body: { action: action.act, accept_unknown_cost: true } }));
  }
}
