import { useEffect, useRef } from "react";
import { say } from "@/components/toast";
import type { Project, ProjectPlan } from "@/gen";
import { frameRate, resolution } from "@/lib/format";

/** A notice when other clips change the reel's size or frame rate, but not when the settings do. */
export function useFormatNews(project: Project, format: ProjectPlan["format"] | null): void {
  const seen = useRef<{ project: Project; format: ProjectPlan["format"] } | null>(null);
  useEffect(() => {
    if (!format) return;
    const before = seen.current;
    seen.current = { project, format };
    if (!before) return;
    const { settings: chosen, clips } = before.project;
    const { settings } = project;
    const sameChoice =
      chosen.width === settings.width && chosen.height === settings.height && chosen.fps === settings.fps;
    const otherClips =
      clips.map(({ video_id }) => video_id).join() !== project.clips.map(({ video_id }) => video_id).join();
    if (!sameChoice || !otherClips) return;
    const size =
      before.format.width !== format.width || before.format.height !== format.height
        ? resolution(format.width, format.height)
        : "";
    const rate = before.format.fps !== format.fps ? frameRate(format.fps) : "";
    if (size || rate) say(`The reel is now ${[size, rate].filter(Boolean).join(", ")}`);
  }, [project, format]);
}
