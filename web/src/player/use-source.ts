import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "@/lib/problem";
import { createPlayback } from "./create-playback";

type Source = { videoId: string; path: string; expiresAt: number };

/** The signed address that a player reads, and the way to a new one. Only the newest answer counts. */
export function useSource(videoId: string) {
  const [source, setSource] = useState<Source | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = useRef(0);

  const renew = useCallback(async () => {
    const ticket = ++asked.current;
    try {
      const { path, expires_at } = await createPlayback(videoId);
      if (ticket !== asked.current) return;
      setProblem(null);
      setSource({ videoId, path, expiresAt: new Date(expires_at).getTime() });
    } catch (error) {
      if (ticket === asked.current) setProblem(asProblem(error));
    }
  }, [videoId]);

  useEffect(() => {
    setProblem(null);
    void renew();
    return () => {
      asked.current += 1;
    };
  }, [renew]);

  return { source: source?.videoId === videoId ? source : null, problem, renew };
}
