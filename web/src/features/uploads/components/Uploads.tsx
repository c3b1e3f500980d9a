import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useCell } from "@/lib/cell";
import { loadPart } from "@/lib/load-part";
import { uploadsQuery } from "../api/list-uploads";
import { notBegun } from "../not-begun";
import { uploadQueue } from "../queue";

const UploadTray = lazy(() => loadPart(() => import("./UploadTray")));

const KEY = "playhead-uploads-hidden"; // ids of unfinished uploads whose tray was closed in this tab

/** The upload tray, while it has content. */
export function Uploads() {
  const items = useCell(uploadQueue.items);
  const forgotten = useCell(notBegun);
  const { data } = useQuery(uploadsQuery);
  const [hidden, setHidden] = useState(readHidden);
  const left = (data?.items ?? []).filter(
    ({ id, filename }) => !hidden.includes(id) && !items.some(({ name }) => name === filename),
  );
  if (items.length === 0 && left.length === 0 && forgotten.length === 0) return null;
  const hideLeft = () => {
    const ids = [...hidden, ...left.map(({ id }) => id)];
    setHidden(ids);
    sessionStorage.setItem(KEY, JSON.stringify(ids));
  };
  return (
    <Suspense>
      <UploadTray items={items} left={left} forgotten={forgotten} onHideLeft={hideLeft} />
    </Suspense>
  );
}

function readHidden(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}
