import { Button, Group, NativeSelect, Popover, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { say, showProblem } from "@/components/toast";
import { meQuery } from "@/features/session/api/get-me";
import type { VideoFilters } from "@/features/videos/api/list-videos";
import { collectionsQuery, useChangeCollections } from "../api/collections";
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
  const known = collections?.items.find(({ id }) => id === filters.collection_id);
  const change = useChangeCollections();
  const [deleting, setDeleting] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const rename = (event: FormEvent) => {
    event.preventDefault();
    if (!known || !name?.trim()) return;
    change.mutate(
      { rename: name.trim(), id: known.id },
      { onSuccess: () => setName(null), onError: showProblem("Couldn't rename the collection") },
    );
  };
  const remove = () =>
    known &&
    change.mutate(
      { remove: known.id },
      {
        onSuccess: () => {
          say(`Deleted the collection “${known.name}”`);
          setDeleting(false);
          onChange({ collection_id: undefined });
        },
      },
    );
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
          {known && name === null && (
            <Group gap={8}>
              <Button size="xs" variant="default" onClick={() => setName(known.name)}>
                Rename collection
              </Button>
              <Button size="xs" variant="default" onClick={() => setDeleting(true)}>
                Delete collection
              </Button>
            </Group>
          )}
          {known && name !== null && (
            <form onSubmit={rename}>
              <Group gap={8} wrap="nowrap" align="flex-end">
                <TextInput
                  className="grow"
                  label="Name of the collection"
                  maxLength={100}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit" variant="default" loading={change.isPending}>
                  Save
                </Button>
              </Group>
            </form>
          )}
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
        <ConfirmDialog
          opened={deleting}
          title="Delete this collection?"
          action="Delete"
          busy={change.isPending}
          error={change.error}
          onClose={() => setDeleting(false)}
          onConfirm={remove}
        >
          “{known?.name}” is deleted. Its {known?.videos} videos stay in the library.
        </ConfirmDialog>
      </Popover.Dropdown>
    </Popover>
  );
}
