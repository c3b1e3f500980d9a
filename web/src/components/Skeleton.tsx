import type { CSSProperties } from "react";

/** A placeholder in the shape of the content, shown after a short delay. */
export function Skeleton({ w, h, style }: { w?: number | string; h?: number | string; style?: CSSProperties }) {
  return <div className="skeleton late" aria-hidden="true" style={{ width: w ?? "100%", height: h ?? 16, ...style }} />;
}
