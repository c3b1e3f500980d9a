import { useMutation, useQueryClient } from "@tanstack/react-query";
import { addChannels } from "@/gen";
import { unwrap } from "@/lib/api";
import { liveKeys } from "./keys";

export function useImportChannels() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => unwrap(addChannels({ body: { text } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: liveKeys.channels }),
  });
}
