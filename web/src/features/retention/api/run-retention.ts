import { useMutation } from "@tanstack/react-query";
import { runRetention } from "@/gen";
import { unwrap } from "@/lib/api";

/** Apply the policies now; more than half of the library only with `force`. */
export const useRunRetention = () =>
  useMutation({ mutationFn: (force: boolean) => unwrap(runRetention({ body: { force } })) });
