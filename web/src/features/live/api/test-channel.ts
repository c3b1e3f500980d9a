import { useMutation } from "@tanstack/react-query";
import { testChannel } from "@/gen";
import { unwrap } from "@/lib/api";

export function useTestChannel() {
  return useMutation({ mutationFn: (id: string) => unwrap(testChannel({ path: { channel_id: id } })) });
}
