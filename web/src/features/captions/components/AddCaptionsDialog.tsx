import { Button, FileButton, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { UploadIcon } from "@/components/icons";
import { useLaterOpened } from "@/lib/hooks";
import { useAddCaptions } from "../api/add-captions";
import { KINDS } from "../words";

type Props = { videoId: string; opened: boolean; onClose: () => void; onAdded: (id: string) => void };

/** Captions from a file or a text; a mistake in it names its line, and the text stays. */
export function AddCaptionsDialog({ videoId, opened, onClose, onAdded }: Props) {
  const add = useAddCaptions(videoId);
  const [text, setText] = useState("");
  const [language, setLanguage] = useState("");
  const [label, setLabel] = useState("");
  const [kind, setKind] = useState<"captions" | "subtitles">("captions");
  const close = () => {
    add.reset();
    onClose();
  };
  const read = async (file: File | null) => {
    if (file) setText(decoded(await file.arrayBuffer()));
  };
  const submit = () =>
    add.mutate(
      { text, language: language.trim() || "und", label, kind },
      {
        onSuccess: ({ id }) => {
          setText("");
          onClose();
          onAdded(id);
        },
      },
    );
  return (
    <Modal opened={useLaterOpened(opened)} onClose={close} title="Add captions" size={620}>
      <Stack gap={12}>
        <Group gap={8}>
          <FileButton onChange={(file) => void read(file)} accept=".srt,.vtt,.json,.txt,text/*,application/json">
            {(props) => (
              <Button {...props} variant="default" leftSection={<UploadIcon size={16} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <span className="dim">SRT, WebVTT, word timings (JSON) or plain text</span>
        </Group>
        <Textarea
          label="Text"
          description="Plain text is spread over the video."
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          minRows={8}
          maxRows={14}
          autosize
          data-autofocus
        />
        <Group gap={12} grow>
          <TextInput
            label="Language"
            placeholder="en, pt-BR"
            value={language}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          />
          <TextInput
            label="Name in menus"
            placeholder="After the language"
            value={label}
            onChange={({ currentTarget }) => setLabel(currentTarget.value)}
          />
        </Group>
        <Select
          label="Kind"
          data={KINDS}
          value={kind}
          allowDeselect={false}
          onChange={(value) => setKind(value === "subtitles" ? "subtitles" : "captions")}
        />
        {add.error && <ErrorNote error={add.error} compact />}
        <Group justify="flex-end">
          <Button onClick={submit} loading={add.isPending} disabled={!text.trim()}>
            Add
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** UTF-8, or UTF-16 with its mark. */
function decoded(data: ArrayBuffer): string {
  const [first, second] = new Uint8Array(data, 0, Math.min(2, data.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(data);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(data);
  return new TextDecoder().decode(data);
}
