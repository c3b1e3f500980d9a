import { ActionIcon, Button, Menu, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { EditIcon, PlusIcon, TrashIcon } from "@/components/icons";
import { say, showProblem } from "@/components/toast";
import type { VideoFilters } from "@/features/videos/api/list-videos";
import type { SavedSearch } from "@/gen";
import { searchesQuery, useChangeSearches } from "../api/searches";
import { BookmarkIcon } from "../library-icons";
import styles from "./library.module.css";

type Props = { filters: VideoFilters; onOpen: (query: VideoFilters) => void };

/** The saved searches of the library, with all that can be done to them. */
export default function SavedSearches({ filters, onOpen }: Props) {
  const { data } = useQuery(searchesQuery);
  const change = useChangeSearches();
  const [naming, setNaming] = useState<SavedSearch | "new" | null>(null);
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<BookmarkIcon size={15} />}>
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {data?.items.map((search) => (
            <Menu.Item key={search.id} onClick={() => onOpen(search.query as VideoFilters)}>
              {search.name}
            </Menu.Item>
          ))}
          {data?.items.length === 0 && <Menu.Label>No saved searches</Menu.Label>}
          <Menu.Divider />
          <Menu.Item
            leftSection={<PlusIcon size={15} />}
            disabled={Object.keys(query).length === 0}
            onClick={() => setNaming("new")}
          >
            Save this search
          </Menu.Item>
          {data?.items.map((search) => (
            <Menu.Item key={search.id} leftSection={<EditIcon size={15} />} onClick={() => setNaming(search)}>
              Edit “{search.name}”
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={naming !== null}
        onClose={() => setNaming(null)}
        title={naming === "new" ? "Save this search" : "Edit saved search"}
        size={400}
      >
        {naming && (
          <NameForm
            key={naming === "new" ? "new" : naming.id}
            name={naming === "new" ? "" : naming.name}
            error={change.error}
            busy={change.isPending}
            onSave={(name) =>
              change.mutate(naming === "new" ? { name, query } : { rename: name, id: naming.id }, {
                onSuccess: () => {
                  say(`Saved “${name}”`);
                  setNaming(null);
                },
              })
            }
            onDelete={
              naming === "new"
                ? undefined
                : () =>
                    change.mutate(
                      { remove: naming.id },
                      { onSuccess: () => setNaming(null), onError: showProblem("Couldn't delete the search") },
                    )
            }
          />
        )}
      </Modal>
    </>
  );
}

type NameProps = {
  name: string;
  error: unknown;
  busy: boolean;
  onSave: (name: string) => void;
  onDelete?: () => void;
};

function NameForm({ name: before, error, busy, onSave, onDelete }: NameProps) {
  const [name, setName] = useState(before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) onSave(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label="Name"
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {error ? <ErrorNote error={error} compact /> : null}
      <div className={styles.row} style={{ marginTop: 16, justifyContent: "flex-end" }}>
        {onDelete && (
          <ActionIcon size={36} aria-label="Delete saved search" onClick={onDelete}>
            <TrashIcon />
          </ActionIcon>
        )}
        <Button type="submit" loading={busy} disabled={!name.trim()}>
          Save
        </Button>
      </div>
    </form>
  );
}
