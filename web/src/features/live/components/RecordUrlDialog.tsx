import { Button, Modal, Stack, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { useRecordUrl } from "../api/record-url";

/** Record a URL once, without a channel. */
export function RecordUrlDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [url, setUrl] = useState("");
  const [title, setTitle] = useState("");
  const [quality, setQuality] = useState("");
  const navigate = useNavigate();
  const record = useRecordUrl();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate(
      { url: url.trim(), title: title.trim() || null, quality: quality.trim() || "best" },
      {
        onSuccess: ({ id }) => {
          onClose();
          void navigate({ to: "/live/recordings/$recordingId", params: { recordingId: id } });
        },
      },
    );
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Record a URL once" size={480}>
      <form onSubmit={submit}>
        <Stack gap={14}>
          <TextInput
            label="URL"
            description="A page with live video, or a stream: HLS, RTMP, RTSP, SRT"
            placeholder="rtmp://example.com/live/key"
            required
            withAsterisk={false}
            maxLength={2000}
            data-autofocus
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <TextInput
            label="Title"
            placeholder="From the URL"
            maxLength={500}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label="Quality"
            placeholder="best"
            maxLength={32}
            value={quality}
            onChange={(event) => setQuality(event.currentTarget.value)}
          />
          {record.error && <ErrorNote error={record.error} compact />}
          <Button type="submit" loading={record.isPending} style={{ alignSelf: "flex-end" }}>
            Record
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
