import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { Skeleton } from "@/components/Skeleton";
import { useLaterOpened } from "@/lib/hooks";
import { enginesQuery } from "../api/list-engines";
import { useTranscribe } from "../api/transcribe";
import { costWords } from "../words";

type Props = { videoId: string; opened: boolean; onClose: () => void; onStarted: (jobId: string) => void };
type EngineName = "faster-whisper" | "pocketsphinx";

/** The choice of a speech engine and a language, with what it would cost. */
export function TranscribeDialog({ videoId, opened, onClose, onStarted }: Props) {
  const { data, error } = useQuery({ ...enginesQuery(videoId), enabled: opened });
  const transcribe = useTranscribe(videoId);
  const [picked, setPicked] = useState<string | null>(null);
  const [language, setLanguage] = useState("");
  const engine = picked ?? data?.chosen ?? null;
  const facts = data?.items.find(({ name }) => name === engine);
  const start = () =>
    transcribe.mutate(
      { engine: engine as EngineName, language: language.trim() || null },
      {
        onSuccess: ({ id }) => {
          onClose();
          onStarted(id);
        },
      },
    );
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title="Transcribe the speech" size={560}>
      <Stack gap={16}>
        {!data && !error && <Skeleton h={120} />}
        {data && (
          <Radio.Group label="Engine" value={engine ?? ""} onChange={setPicked}>
            <Stack gap={12} mt={8}>
              {data.items.map((each) => (
                <Radio
                  key={each.name}
                  value={each.name}
                  disabled={!each.installed}
                  label={each.model ? `${each.name}, model ${each.model}` : each.name}
                  description={
                    each.installed
                      ? `${each.note} ${costWords(each)}`
                      : `${each.note} Not installed. Where the workers run: ${each.install}`
                  }
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <TextInput
          label="Language that is spoken"
          placeholder={facts?.languages.length ? facts.languages.join(", ") : "Found out by itself"}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
        />
        <p className="dim">It runs in the background and can be canceled. The text can be edited afterwards.</p>
        {(transcribe.error ?? error) && <ErrorNote error={transcribe.error ?? error} compact />}
        <Group justify="flex-end">
          <Button onClick={start} loading={transcribe.isPending} disabled={!facts?.installed}>
            Transcribe
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
