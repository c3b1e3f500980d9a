import type { CSSProperties } from "react";
import type { Framing } from "@/gen";

/** How a picture lies in the frame. A blurred border is in the reel only. */
export function pictureStyle({ fit = "fit", background, crop }: Framing): CSSProperties {
  const style: CSSProperties & { objectViewBox?: string } = { objectFit: fit === "fill" ? "cover" : "contain" };
  if (background) style.background = background;
  if (crop) {
    const { x = 0, y = 0, width = 1, height = 1 } = crop;
    const sides = [y, 1 - x - width, 1 - y - height, x].map((side) => `${+(100 * side).toFixed(3)}%`);
    style.objectViewBox = `inset(${sides.join(" ")})`;
  }
  return style;
}
