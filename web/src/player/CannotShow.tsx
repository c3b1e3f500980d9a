import type { ReactNode } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { Problem } from "@/lib/problem";

type Props = {
  /** The codec's display name; null if the codec is not the reason. */
  codec?: string | null;
  /** The viewer owns the video and can create renditions. */
  owned: boolean;
  making: boolean;
  /** What can be done about it. */
  help?: ReactNode;
};

/** The note over a video that this browser cannot decode. */
export function CannotShow({ codec, owned, making, help }: Props) {
  const problem = new Problem(0, {
    code: "cannot_show",
    detail: codec ? `This browser can't play ${codec} video.` : "This browser can't play this video.",
    hint: making
      ? "An H.264 rendition is being created. It will play here when it is ready."
      : owned
        ? "Use another browser, or create an H.264 rendition."
        : "Use another browser.",
  });
  return <ErrorNote error={problem}>{!making && help}</ErrorNote>;
}
