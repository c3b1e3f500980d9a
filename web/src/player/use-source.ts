import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "@/lib/problem";
import type { Media } from "./media";

export type Source = { key: string; kind: Media["kind"]; path: string; mintedAt: number; expiresAt: number };

/** The signed address that a player reads, and the way to a new one. Only the newest answer counts. */
export function useSource(media: Media) {
  const [source, setSource] = useState<Source | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = useRef(0);
  const wanted = useRef(media);
  wanted.current = media;

  const renew = useCallback(async () => {
    const ticket = ++asked.current;
    const { key, kind, mint } = wanted.current;
    try {
      const { path, expires_at } = await mint();
      if (ticket !== asked.current) return;
      setProblem(null);
      setSource({ key, kind, path, mintedAt: Date.now(), expiresAt: new Date(expires_at).getTime() });
    } catch (error) {
      if (ticket === asked.current) setProblem(asProblem(error));
    }
  }, []);

  useEffect(() => {
    setProblem(null);
    void renew();
    return () => {
      asked.current += 1;
    };
  }, [renew, media.key]);

  return { source: source?.key === media.key ? source : null, problem, renew };
}
