import { type ComponentProps, lazy, Suspense } from "react";
import { loadPart } from "@/lib/load-part";
import styles from "./LazyPlayer.module.css";
import { shapeOf } from "./shape";
import type VideoPlayer from "./VideoPlayer";

const Player = lazy(() => loadPart(() => import("./VideoPlayer")));

/** The player as a separate chunk, with a placeholder of its size. */
export function LazyPlayer(props: ComponentProps<typeof VideoPlayer>) {
  return (
    <Suspense fallback={<div className={styles.box} style={shapeOf(props.width, props.height)} />}>
      <Player {...props} />
    </Suspense>
  );
}
