import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

/** One retry for transient errors, none for what the server refused. */
function worthAnotherTry(failures: number, error: unknown): boolean {
  const status = error instanceof Problem ? error.status : 0;
  return failures < 2 && (status === 0 || status === 429 || status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: worthAnotherTry, retryDelay: (n) => 400 * 2 ** n, networkMode: "always" },
    mutations: { networkMode: "always" },
  },
});
