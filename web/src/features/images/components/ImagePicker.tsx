import { lazy, Suspense, useState } from "react";
import type { Image } from "@/gen";
import { loadPart } from "@/lib/load-part";

const ImageDialog = lazy(() => loadPart(() => import("./ImageDialog")));

export type ImagePickerProps = { opened: boolean; onClose: () => void; onPick: (image: Image) => void };

/** A picker for one of your images, which can be uploaded and deleted there; loaded when it is first opened. */
export function ImagePicker(props: ImagePickerProps) {
  const [wanted, setWanted] = useState(props.opened);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense>
      <ImageDialog {...props} />
    </Suspense>
  );
}
