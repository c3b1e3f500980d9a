import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { CommentCreate } from "@/gen";
import type { CommentDesk } from "./desk";

/** Writing, changing, resolving and deleting; the list is read again after each. */
export function useCommentActions(desk: CommentDesk) {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: desk.key });
  return {
    add: useMutation({
      mutationFn: ({ wanted, author }: { wanted: CommentCreate; author: string }) => desk.add(wanted, author),
      onSettled,
    }),
    edit: useMutation({ mutationFn: ({ id, text }: { id: string; text: string }) => desk.edit(id, text), onSettled }),
    remove: useMutation({ mutationFn: (id: string) => desk.remove(id), onSettled }),
    resolve: useMutation({
      mutationFn: async ({ id, resolved }: { id: string; resolved: boolean }) => desk.resolve?.(id, resolved),
      onSettled,
    }),
  };
}
