import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Job } from "@/gen";
import { urls } from "@/lib/urls";
import { isActive } from "./active";
import { jobQuery } from "./api/get-job";
import { keepJob } from "./api/keep-job";

const POLL_MS = 3_000;

/**
 * A live view of a job while the calling component is mounted: server-sent events, and polling while they do
 * not arrive. The subscription belongs to this component and this id; unmounting closes it.
 */
export function useJob(id: string | null | undefined, known?: Job | null): Job | null {
  const client = useQueryClient();
  const [heard, setHeard] = useState<string | null>(null);
  const query = useQuery({
    ...jobQuery(id ?? ""),
    enabled: Boolean(id),
    initialData: (id && known) || undefined,
    refetchInterval: ({ state }) => (isActive(state.data) && heard !== id ? POLL_MS : false),
  });
  const job = id ? (query.data ?? null) : null;
  const live = isActive(job);

  useEffect(() => {
    if (!id || !live) return;
    const events = new EventSource(urls.jobEvents(id));
    events.addEventListener("open", () => setHeard(id));
    events.addEventListener("error", () => setHeard(null));
    events.addEventListener("job", (event) => {
      const news = JSON.parse((event as MessageEvent<string>).data) as Job;
      if (news.id === id) keepJob(client, news);
    });
    events.addEventListener("end", () => {
      events.close();
      setHeard(null);
      void client.invalidateQueries({ queryKey: jobQuery(id).queryKey, exact: true });
    });
    return () => events.close();
  }, [client, id, live]);

  return job;
}
