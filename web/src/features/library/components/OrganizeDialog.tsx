import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TagsInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { say, sayWithUndo, showProblem, warn } from "@/components/toast";
import type { BulkOutcome } from "@/gen";
import { count } from "@/lib/format";
import { useLaterOpened } from "@/lib/hooks";
import { type BulkChange, changeMany, refreshLibrary } from "../api/bulk";
import { collectionsQuery, useChangeCollections } from "../api/collections";
import { tagsQuery } from "../api/tags";
import styles from "./library.module.css";

const UNDO_MS = 10_000;

type Props = { videoIds: string[] | null; onClose: () => void };

/** File videos into collections, add or remove tags, mark them watched or not: each change is one request and can be undone. */
export default function OrganizeDialog({ videoIds, onClose }: Props) {
  return (
    <Modal
      opened={useLaterOpened(videoIds !== null)}
      onClose={onClose}
      title={`Organize ${count(videoIds?.length ?? 0, "video")}`}
      size={460}
    >
      {videoIds && <Choices videoIds={videoIds} onDone={onClose} />}
    </Modal>
  );
}

function Choices({ videoIds, onDone }: { videoIds: string[]; onDone: () => void }) {
  const client = useQueryClient();
  const { data: collections } = useQuery(collectionsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const create = useChangeCollections();
  const [name, setName] = useState("");
  const [into, setInto] = useState<string[]>([]);
  const [outOf, setOutOf] = useState<string[]>([]);
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [watched, setWatched] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const words = tags?.items.map(({ tag }) => tag) ?? [];
  const nothing = watched === "" && [into, outOf, add, remove].every((each) => each.length === 0);

  const apply = async () => {
    setBusy(true);
    setError(null);
    const undo: { ids: string[]; change: BulkChange }[] = [];
    try {
      const failed: BulkOutcome["failed"] = [];
      for (const [change, back] of [...changes(into, outOf, add, remove), ...marks(watched)]) {
        const outcome = await changeMany(videoIds, change);
        if (outcome.changed.length) undo.unshift({ ids: outcome.changed, change: back });
        failed.push(...outcome.failed);
      }
      finish(new Set(undo.flatMap(({ ids }) => ids)).size, failed, undo);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      refreshLibrary(client);
    }
  };
  const finish = (changed: number, failed: BulkOutcome["failed"], undo: { ids: string[]; change: BulkChange }[]) => {
    if (failed[0]) warn(`${count(failed.length, "video")} could not be changed: ${failed[0].detail}`);
    if (changed === 0) say("Nothing to change");
    else
      sayWithUndo(`Changed ${count(changed, "video")}`, UNDO_MS, () => {
        const back = async () => {
          for (const { ids, change } of undo) await changeMany(ids, change);
          say("Changed back");
        };
        void back()
          .catch(showProblem("Couldn't undo"))
          .finally(() => refreshLibrary(client));
      });
    onDone();
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    create.mutate(
      { create: name.trim() },
      {
        onSuccess: (made) => {
          setName("");
          if (made) setInto((before) => [...before, made.id]);
        },
      },
    );
  };
  return (
    <Stack gap={14}>
      <form onSubmit={start}>
        <Group gap={8} wrap="nowrap" align="flex-end">
          <TextInput
            className="grow"
            label="New collection"
            placeholder="Name"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" variant="default" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </form>
      {collections && collections.items.length > 0 && (
        <Checkbox.Group label="Add to collections" value={into} onChange={setInto}>
          <div className={styles.list}>
            {collections.items.map(({ id, name, videos }) => (
              <Checkbox key={id} value={id} className={styles.row} label={`${name} (${videos})`} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {collections && collections.items.length > 0 && (
        <Checkbox.Group label="Remove from collections" value={outOf} onChange={setOutOf}>
          <div className={styles.list}>
            {collections.items.map(({ id, name }) => (
              <Checkbox key={id} value={id} className={styles.row} label={name} disabled={into.includes(id)} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <TagsInput label="Add tags" placeholder="Type a tag, then Enter" data={words} value={add} onChange={setAdd} />
      <TagsInput label="Remove tags" data={words} value={remove} onChange={setRemove} />
      <NativeSelect
        label="Watched by you"
        data={[
          { value: "", label: "Leave as it is" },
          { value: "yes", label: "Mark watched" },
          { value: "no", label: "Mark not watched" },
        ]}
        value={watched}
        onChange={(event) => setWatched(event.currentTarget.value)}
      />
      {(error ?? create.error) ? <ErrorNote error={error ?? create.error} compact /> : null}
      <Group justify="flex-end">
        <Button onClick={() => void apply()} loading={busy} disabled={nothing}>
          Apply
        </Button>
      </Group>
    </Stack>
  );
}

/** The watch mark that was chosen, with its opposite. */
function marks(watched: string): [BulkChange, BulkChange][] {
  return watched ? [[{ watched: watched === "yes" }, { watched: watched !== "yes" }]] : [];
}

/** Each change with its opposite. */
function changes(into: string[], outOf: string[], add: string[], remove: string[]): [BulkChange, BulkChange][] {
  const tags: [BulkChange, BulkChange][] = [
    ...add.map((tag): [BulkChange, BulkChange] => [{ add_tags: [tag] }, { remove_tags: [tag] }]),
    ...remove.map((tag): [BulkChange, BulkChange] => [{ remove_tags: [tag] }, { add_tags: [tag] }]),
  ];
  return [
    ...into.map((id): [BulkChange, BulkChange] => [{ add_to_collection: id }, { remove_from_collection: id }]),
    ...outOf.map((id): [BulkChange, BulkChange] => [{ remove_from_collection: id }, { add_to_collection: id }]),
    ...tags,
  ];
}
