import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { showProblem } from "@/components/toast";
import { keepJob } from "@/features/jobs/api/keep-job";
import { listWatchFolders, scanWatchFolders } from "@/gen";
import { unwrap } from "@/lib/api";

export const watchFoldersQuery = queryOptions({
  queryKey: ["watch-folders"],
  queryFn: ({ signal }) => unwrap(listWatchFolders({ signal })),
  refetchInterval: 10_000,
});

/** Look at the folders now, and try files with problems once more. */
export function useScanWatchFolders() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(scanWatchFolders()),
    onSuccess: (job) => keepJob(client, job),
    onError: showProblem("Couldn't scan the watch folders"),
  });
}
