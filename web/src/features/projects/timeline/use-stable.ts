import { useCallback, useRef } from "react";

/** A callback that is the same one in every render and always calls the newest. */
export function useStable<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R {
  const newest = useRef(callback);
  newest.current = callback;
  return useCallback((...args: A) => newest.current(...args), []);
}
