import type { CSSProperties } from "react";

/** The shape of a player's box: that of its picture, so that nothing black stands beside it. */
export const shapeOf = (width?: number | null, height?: number | null): CSSProperties =>
  ({ "--shape": String(width && height ? width / height : 16 / 9) }) as CSSProperties;
