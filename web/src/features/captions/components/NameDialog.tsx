import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { CaptionTrack } from "@/gen";
import { useLaterOpened } from "@/lib/hooks";
import { useChangeCaptions } from "../api/change-captions";
import { KINDS } from "../words";

type Props = { track: CaptionTrack; opened: boolean; onClose: () => void };

/** The name, the language and the kind of a caption track. */
export function NameDialog({ track, opened, onClose }: Props) {
  const change = useChangeCaptions(track.video_id);
  const [label, setLabel] = useState(track.label);
  const [language, setLanguage] = useState(track.language);
  const [kind, setKind] = useState<string | null>(track.kind);
  const save = () =>
    change.mutate(
      { id: track.id, label, language: language.trim() || "und", kind: kind as CaptionTrack["kind"] },
      { onSuccess: onClose },
    );
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title="Name and language" size={460}>
      <Stack gap={12}>
        <TextInput
          label="Name in menus"
          value={label}
          maxLength={120}
          data-autofocus
          onChange={({ currentTarget }) => setLabel(currentTarget.value)}
        />
        <TextInput
          label="Language"
          description="Such as en or pt-BR; und where it is not known."
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
        />
        <Select label="Kind" data={KINDS} value={kind} allowDeselect={false} onChange={setKind} />
        {change.error && <ErrorNote error={change.error} compact />}
        <Group justify="flex-end">
          <Button onClick={save} loading={change.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
