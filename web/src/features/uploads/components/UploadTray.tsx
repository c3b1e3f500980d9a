import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { CheckCircleIcon, CloseIcon, DownIcon, ErrorIcon, PauseIcon, UploadIcon } from "@/components/icons";
import { say } from "@/components/toast";
import { patchLists, recentUploadsQuery } from "@/features/videos/api/recent-uploads";
import type { Upload } from "@/gen";
import { forgetNotBegun } from "../not-begun";
import { type UploadItem, uploadQueue } from "../queue";
import { ENDED, headline, type Row, rowOf } from "../rows";
import { LeftLine, NotBegunLine, UploadLine } from "./UploadLines";
import styles from "./UploadTray.module.css";

const OPEN_MS = 10_000; // after the last one has ended, until the tray collapses
const CHECK_MS = 2_000; // while the tray is in use

type Props = {
  items: readonly UploadItem[];
  left: readonly Upload[];
  forgotten: readonly string[];
  onHideLeft: () => void;
};

/** The upload tray: uploads of this page, and those left unfinished by a reload; collapsed it is a pill. */
export default function UploadTray({ items, left, forgotten, onHideLeft }: Props) {
  const client = useQueryClient();
  const rows = useRows(items);
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState<"open" | "pill" | "hidden">(
    items.length === 0 && forgotten.length === 0 ? "pill" : "open",
  );
  const ended = rows.length > 0 && rows.every(({ phase }) => ENDED.includes(phase));
  const failed = rows.some(({ phase }) => phase === "failed" || phase === "errored");
  const newest = items.at(-1)?.id ?? 0;
  useEffect(() => {
    if (newest) setView("open");
  }, [newest]);
  useEffect(() => {
    if (failed) setView((now) => (now === "hidden" ? "pill" : now));
  }, [failed]);
  useEffect(() => {
    if (!ended) return;
    const fold = () => {
      if (box.current?.matches(":hover, :focus-within")) timer = setTimeout(fold, CHECK_MS);
      else setView((now) => (now === "open" ? "pill" : now));
    };
    let timer = setTimeout(fold, OPEN_MS);
    return () => clearTimeout(timer);
  }, [ended]);
  const close = () => {
    for (const { item, phase } of rows) if (ENDED.includes(phase)) uploadQueue.dismiss(item.id);
    forgetNotBegun();
    onHideLeft();
    if (rows.length > 0 && !ended && view === "pill") say("Uploads continue. They reappear here if one fails");
    setView(view === "open" ? "pill" : "hidden"); // active uploads continue
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `close` is new at each render and reads nothing old
  useEffect(() => {
    if (view === "hidden" && ended && !failed) close();
  }, [view, ended, failed]);
  if (view === "hidden") return null;
  const title = headline(rows, left.length, forgotten.length);
  const Icon = failed ? ErrorIcon : ended ? CheckCircleIcon : rows.length ? UploadIcon : PauseIcon;
  if (view === "pill") {
    return (
      <section className={styles.pill} aria-label="Uploads" data-tone={failed ? "red" : ended ? "green" : "blue"}>
        <button
          type="button"
          className={styles.open}
          aria-expanded={false}
          aria-label={`Show uploads: ${title}`}
          onClick={() => setView("open")}
        >
          <Icon size={15} /> <span className="clip-text">{title}</span>
        </button>
        <ActionIcon size={26} radius="xl" aria-label="Close uploads" onClick={close}>
          <CloseIcon size={13} />
        </ActionIcon>
      </section>
    );
  }
  return (
    <section ref={box} className={styles.tray} aria-label="Uploads">
      <Group className={styles.head} gap={4} wrap="nowrap">
        <span className="grow clip-text">{title}</span>
        <Tooltip label="Collapse">
          <ActionIcon aria-label="Collapse uploads" aria-expanded onClick={() => setView("pill")}>
            <DownIcon size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close">
          <ActionIcon aria-label="Close uploads" onClick={close}>
            <CloseIcon size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <div className={styles.rows}>
        {rows.map((row) => (
          <UploadLine key={row.item.id} {...row} />
        ))}
        {forgotten.length > 0 && <NotBegunLine names={forgotten} />}
        {left.map((row) => (
          <LeftLine key={row.id} row={row} onGone={() => void client.invalidateQueries({ queryKey: ["uploads"] })} />
        ))}
      </div>
    </section>
  );
}

/** Each upload with its video, followed until it is ready or errored. */
function useRows(items: readonly UploadItem[]): Row[] {
  const client = useQueryClient();
  const sent = items.flatMap(({ videoId }) => (videoId ? [videoId] : []));
  const { data } = useQuery(recentUploadsQuery(sent));
  useEffect(() => {
    if (data) patchLists(client, data.items);
  }, [client, data]);
  const videos = new Map(data?.items.map((video) => [video.id, video]));
  return items.map((item) => rowOf(item, item.videoId ? videos.get(item.videoId) : undefined));
}
