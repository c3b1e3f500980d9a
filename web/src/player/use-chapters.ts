import { useEffect, useState } from "react";
import type { Chapter } from "@/gen";

/** WebVTT of chapters, each up to the next one; the last one has no end that matters. */
export function chaptersVtt(chapters: Chapter[]): string {
  const cues = chapters.map(({ start_s, title }, index) => {
    const end = chapters[index + 1]?.start_s ?? start_s + 86_400;
    return `${stamp(start_s)} --> ${stamp(end)}\n${escaped(title)}`;
  });
  return ["WEBVTT", ...cues].join("\n\n");
}

/** The chapters in WebVTT of the server. */
export function chaptersOf(vtt: string): Chapter[] {
  const cues = vtt.matchAll(/^(\d+):(\d\d):(\d\d\.\d{3}) --> .*\n(.*)$/gm);
  return [...cues].map(([, hours, minutes, seconds, title]) => ({
    start_s: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    title: (title ?? "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&"),
  }));
}

/** The URL of a track with chapters; null without any. */
export function useChapters(chapters?: Chapter[]): string | null {
  const text = chapters?.length ? chaptersVtt(chapters) : null;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (text === null) return;
    const made = URL.createObjectURL(new Blob([text], { type: "text/vtt" }));
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [text]);
  return url;
}

function stamp(seconds: number): string {
  const millis = Math.round(seconds * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const whole = Math.floor(millis / 1000);
  const rest = String(millis % 1000).padStart(3, "0");
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${rest}`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\s+/g, " ");
