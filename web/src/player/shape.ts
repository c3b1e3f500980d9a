import type { CSSProperties } from "react";

/** The aspect ratio of a player, that of its video, so that there are no black bars. */
export const shapeOf = (width?: number | null, height?: number | null): CSSProperties =>
  ({ "--shape": String(width && height ? width / height : 16 / 9) }) as CSSProperties;
