import { queryOptions } from "@tanstack/react-query";
import { checkSetup } from "@/gen";
import { unwrap } from "@/lib/api";

/** Validates a setup token without consuming it. */
export const setupCheckQuery = (token: string) =>
  queryOptions({
    queryKey: ["setup", token],
    queryFn: async ({ signal }) => {
      await unwrap(checkSetup({ body: { token }, signal }));
      return true;
    },
    enabled: token !== "",
    retry: false,
    staleTime: Infinity,
  });
