import { Button, NativeSelect, Popover } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/features/session/api/get-me";
import type { VideoFilters } from "@/features/videos/api/list-videos";
import { collectionsQuery } from "../api/collections";
import { tagsQuery } from "../api/tags";
import { FilterIcon } from "../library-icons";
import styles from "./library.module.css";

type Props = { filters: VideoFilters; onChange: (change: Partial<VideoFilters>) => void };

const WATCHED = [
  { value: "", label: "All" },
  { value: "unwatched", label: "Not watched" },
  { value: "begun", label: "Begun" },
  { value: "watched", label: "Watched" },
];

/** Filters by collection, tag and what was watched; for admins by owner, too. */
export default function MoreFilters({ filters, onChange }: Props) {
  const { data: me } = useQuery(meQuery);
  const { data: collections } = useQuery(collectionsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const used = [filters.collection_id, filters.tag, filters.watched, filters.owner].filter(Boolean).length;
  const known = collections?.items.some(({ id }) => id === filters.collection_id);
  return (
    <Popover position="bottom-start" trapFocus withArrow={false}>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<FilterIcon size={15} />}>
          {used ? `Filters (${used})` : "Filters"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filters">
        <div className={styles.filters}>
          <NativeSelect
            label="Collection"
            data={[
              { value: "", label: "All videos" },
              ...(filters.collection_id && !known ? [{ value: filters.collection_id, label: "Deleted" }] : []),
              ...(collections?.items.map(({ id, name, videos }) => ({ value: id, label: `${name} (${videos})` })) ??
                []),
            ]}
            value={filters.collection_id ?? ""}
            onChange={({ currentTarget: { value } }) => onChange({ collection_id: value || undefined })}
          />
          <NativeSelect
            label="Tag"
            data={[
              { value: "", label: "All tags" },
              ...(tags?.items.map(({ tag, videos }) => ({ value: tag, label: `${tag} (${videos})` })) ?? []),
            ]}
            value={filters.tag ?? ""}
            onChange={({ currentTarget: { value } }) => onChange({ tag: value || undefined })}
          />
          <NativeSelect
            label="Watched"
            data={WATCHED}
            value={filters.watched ?? ""}
            onChange={({ currentTarget: { value } }) =>
              onChange({ watched: (value || undefined) as VideoFilters["watched"] })
            }
          />
          {me?.user.role === "admin" && (
            <NativeSelect
              label="Owner"
              data={[
                { value: "", label: "You" },
                { value: "all", label: "Everybody" },
              ]}
              value={filters.owner ?? ""}
              onChange={({ currentTarget: { value } }) => onChange({ owner: value || undefined })}
            />
          )}
          {used > 0 && (
            <Button
              variant="default"
              onClick={() =>
                onChange({ collection_id: undefined, tag: undefined, watched: undefined, owner: undefined })
              }
            >
              Clear these filters
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
