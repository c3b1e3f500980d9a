import type { QueryKey } from "@tanstack/react-query";
import { queryClient } from "./query-client";

const PAUSE_MS = 1_000;
const CHECK_MS = 200; // until a pending request has ended

const last = new Map<string, number>();
const due = new Set<string>();

/**
 * Refetch the queries under a key, at most once per second. Events come in
 * bursts, and each one would cancel the request started by the one before.
 */
export function refreshSoon(...keys: QueryKey[]): void {
  for (const key of keys) {
    const name = JSON.stringify(key);
    if (due.has(name)) continue;
    due.add(name);
    setTimeout(() => refresh(name, key), Math.max(0, (last.get(name) ?? -PAUSE_MS) + PAUSE_MS - performance.now()));
  }
}

function refresh(name: string, key: QueryKey): void {
  if (queryClient.isFetching({ queryKey: key }) > 0) return void setTimeout(() => refresh(name, key), CHECK_MS);
  due.delete(name);
  last.set(name, performance.now());
  void queryClient.invalidateQueries({ queryKey: key });
}
