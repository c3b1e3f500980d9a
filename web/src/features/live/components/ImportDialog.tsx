import { Button, FileButton, Group, Modal, Stack, Table, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { ImportReport } from "@/gen";
import { count } from "@/lib/format";
import { useImportChannels } from "../api/import-channels";

const OUTCOMES = { added: "Added", exists: "Exists already", refused: "Refused" } as const;

/** Add many channels from a list: pasted, or from a file; each line with what became of it. */
export function ImportDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState("");
  const add = useImportChannels();
  const close = () => {
    onClose();
    add.reset();
    setText("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(text);
  };
  return (
    <Modal opened={opened} onClose={close} title="Import channels" size={640}>
      {add.data ? (
        <Outcome report={add.data} onDone={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap={14}>
            <Textarea
              label="One channel in each line"
              description="A URL, and a name after it if you like; or JSON lines as of the API. Lines that begin with # are passed over."
              placeholder={"https://www.twitch.tv/name\nhttps://www.youtube.com/@name/live Evening news"}
              autosize
              minRows={6}
              maxRows={14}
              required
              withAsterisk={false}
              data-autofocus
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {add.error && <ErrorNote error={add.error} compact />}
            <Group justify="space-between">
              <FileButton accept="text/plain,.txt,.jsonl,.ndjson" onChange={(file) => void file?.text().then(setText)}>
                {(props) => (
                  <Button variant="default" {...props}>
                    Open file
                  </Button>
                )}
              </FileButton>
              <Button type="submit" loading={add.isPending}>
                Import
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Outcome({ report, onDone }: { report: ImportReport; onDone: () => void }) {
  const others = report.items.filter(({ outcome }) => outcome !== "added");
  return (
    <Stack gap={14}>
      <Text role="status">
        {count(report.added, "channel")} added
        {report.exists > 0 && `, ${report.exists} already there`}
        {report.refused > 0 && `, ${report.refused} refused`}.
      </Text>
      {others.length > 0 && (
        <Table>
          <Table.Tbody>
            {others.map((item) => (
              <Table.Tr key={item.line}>
                <Table.Td w={60} className="dim">
                  {item.line}
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  {item.text}
                  <div className="dim tiny">
                    {OUTCOMES[item.outcome]}. {item.outcome === "refused" && item.message}
                  </div>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Button onClick={onDone} style={{ alignSelf: "flex-end" }}>
        Done
      </Button>
    </Stack>
  );
}
