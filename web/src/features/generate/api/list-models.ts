import { queryOptions } from "@tanstack/react-query";
import { listModels } from "@/gen";
import { unwrap } from "@/lib/api";
import { generateKeys } from "./keys";

/** All models, those of providers that are not set up and those that are gone, too: clips may name them. */
export const modelsQuery = queryOptions({
  queryKey: generateKeys.models,
  queryFn: ({ signal }) => unwrap(listModels({ query: { retired: true }, signal })),
  staleTime: 60_000,
});
