import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useCell } from "@/lib/cell";
import { ago } from "@/lib/format";
import { changes, type Other, summary } from "../editor/changes";
import type { Draft } from "../editor/draft";
import type { ProjectEditor } from "../editor/project-editor";
import { useHandsBusy } from "../editor/use-hands-busy";
import styles from "./ConflictDialog.module.css";

/** A conflict between two users or tabs: both versions and a choice. Opens when nothing is being typed or dragged. */
export function ConflictDialog({ editor }: { editor: ProjectEditor }) {
  const { saving, draft, base, theirs } = useCell(editor.state);
  const their = saving === "conflict" ? editor.theirDraft() : null;
  const busy = useHandsBusy();
  return (
    <Modal
      opened={saving === "conflict" && !busy}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      size={680}
      title="This project was changed elsewhere"
    >
      {theirs && their && (
        <Stack gap={16}>
          <Text className="dim">
            While you were editing, another tab or person saved version {theirs.version}. Choose which one to keep.
          </Text>
          <div className={styles.both}>
            <Version
              name="Your version, not saved"
              draft={draft}
              base={base}
              other={{ draft: their, name: "theirs" }}
              action={<Button onClick={() => editor.keepMine()}>Keep mine</Button>}
            />
            <Version
              name={`Theirs, version ${theirs.version}, ${ago(theirs.updated_at)}`}
              draft={their}
              base={base}
              other={{ draft, name: "yours" }}
              action={
                <Button variant="default" onClick={() => editor.takeTheirs()} data-autofocus>
                  Take theirs
                </Button>
              }
            />
          </div>
          <Text className="dim small">If you take theirs, Undo restores your version.</Text>
        </Stack>
      )}
    </Modal>
  );
}

function Version({
  name,
  draft,
  base,
  other,
  action,
}: {
  name: string;
  draft: Draft;
  base: Draft;
  other: Other;
  action: React.ReactNode;
}) {
  const said = changes(base, draft, other);
  return (
    <section className={styles.version}>
      <h3>{name}</h3>
      <Text style={{ overflowWrap: "anywhere" }}>{summary(draft)}</Text>
      <ul>{said.length ? said.map((line) => <li key={line}>{line}</li>) : <li>No changes to clips or settings</li>}</ul>
      <Group mt="auto">{action}</Group>
    </section>
  );
}
