import { Group, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import MoreFilters from "@/features/library/components/MoreFilters";
import SavedSearches from "@/features/library/components/SavedSearches";
import ViewSwitch from "@/features/library/components/ViewSwitch";
import type { VideoFilters } from "../api/list-videos";
import type { View } from "../view";
import styles from "./LibraryPage.module.css";

const ORIGINS = [
  { value: "", label: "All origins" },
  { value: "upload", label: "Uploaded" },
  { value: "reel", label: "Reels" },
  { value: "recording", label: "Recordings" },
];
const STATES = [
  { value: "", label: "All states" },
  { value: "ready", label: "Ready" },
  { value: "preparing", label: "Preparing" },
  { value: "errored", label: "Errored" },
];
const NEWEST = "-created_at";
const SORTS = [
  { value: NEWEST, label: "Newest first" },
  { value: "created_at", label: "Oldest first" },
  { value: "title", label: "Title A to Z" },
  { value: "-title", label: "Title Z to A" },
  { value: "-duration_s", label: "Longest first" },
  { value: "duration_s", label: "Shortest first" },
  { value: "-size_bytes", label: "Largest first" },
  { value: "-watched_at", label: "Last played first" },
];

type Props = {
  filters: VideoFilters;
  view: View;
  /** The number of videos in words. */
  total: string | undefined;
  onChange: (change: Partial<VideoFilters>) => void;
  onOpen: (query: VideoFilters) => void;
  onView: (view: View) => void;
  children: ReactNode;
};

/** The filters, the order and the view of the library; a file of its own, so that the first load stays small. */
export default function LibraryFilters({ filters, view, total, onChange, onOpen, onView, children }: Props) {
  const sort = filters.sort ?? NEWEST;
  const sorts = SORTS.some(({ value }) => value === sort) ? SORTS : [...SORTS, { value: sort, label: "By column" }];
  return (
    <Group gap={8} className={styles.filters}>
      <NativeSelect
        w={128}
        size="xs"
        aria-label="Origin"
        data={ORIGINS}
        value={filters.origin ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onChange({ origin: (value || undefined) as VideoFilters["origin"] })
        }
      />
      <NativeSelect
        w={120}
        size="xs"
        aria-label="State"
        data={STATES}
        value={filters.state ?? ""}
        onChange={({ currentTarget: { value } }) => onChange({ state: (value || undefined) as VideoFilters["state"] })}
      />
      <NativeSelect
        w={136}
        size="xs"
        aria-label="Order"
        data={sorts}
        value={sort}
        onChange={({ currentTarget: { value } }) =>
          onChange({ sort: value === NEWEST ? undefined : (value as VideoFilters["sort"]) })
        }
      />
      <MoreFilters filters={filters} onChange={onChange} />
      <SavedSearches filters={filters} onOpen={onOpen} />
      <ViewSwitch view={view} onChange={onView} />
      {total && <span className={`dim small ${styles.total}`}>{total}</span>}
      {children}
    </Group>
  );
}
