import type { CSSProperties } from "react";

/** A grey piece in the shape of what will stand here; comes only after a moment. */
export function Skeleton({ w, h, style }: { w?: number | string; h?: number | string; style?: CSSProperties }) {
  return <div className="skeleton late" aria-hidden="true" style={{ width: w ?? "100%", height: h ?? 16, ...style }} />;
}
