import { type ComponentProps, lazy, Suspense } from "react";
import { loadPart } from "@/lib/load-part";
import styles from "./LazyPlayer.module.css";
import { shapeOf } from "./shape";
import type VideoPlayer from "./VideoPlayer";

const Player = lazy(() => loadPart(() => import("./VideoPlayer")));

/** The player, loaded apart from the pages that show it; holds its place meanwhile. */
export function LazyPlayer(props: ComponentProps<typeof VideoPlayer>) {
  return (
    <Suspense fallback={<div className={styles.box} style={shapeOf(props.width, props.height)} />}>
      <Player {...props} />
    </Suspense>
  );
}
