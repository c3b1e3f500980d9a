import { type ComponentProps, lazy, Suspense } from "react";
import { loadPart } from "@/lib/load-part";
import type VideoPlayer from "./VideoPlayer";

const Player = lazy(() => loadPart(() => import("./VideoPlayer")));

/** The player, loaded apart from the pages that show it; holds its place meanwhile. */
export function LazyPlayer(props: ComponentProps<typeof VideoPlayer>) {
  const { width, height } = props;
  const ratio = width && height ? `${width} / ${height}` : "16 / 9";
  return (
    <Suspense fallback={<div style={{ aspectRatio: ratio, maxHeight: "var(--player-max, 70vh)", width: "100%", background: "#000", borderRadius: 8 }} />}>
      <Player {...props} />
    </Suspense>
  );
}
