import { Button, Group, Modal, Progress, Stack, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { useJob } from "@/features/jobs/use-job";
import { progressWords } from "@/features/jobs/words";
import { LibraryPicker } from "@/features/projects/components/LibraryPicker";
import type { Job, Recording, Video } from "@/gen";
import { useRepairGaps } from "../api/repair-gaps";
import { gapsLine } from "../recording-words";

type Props = { recording: Recording; opened: boolean; onClose: () => void };

/** Fills the gaps of a recording from another video of the broadcast, and shows the job that does. */
export function RepairDialog({ recording, opened, onClose }: Props) {
  const [url, setUrl] = useState("");
  const [video, setVideo] = useState<Video | null>(null);
  const [startsAt, setStartsAt] = useState("");
  const [picking, setPicking] = useState(false);
  const repair = useRepairGaps(recording.id);
  const job = useJob(repair.data?.id, repair.data);
  const close = () => {
    onClose();
    if (job && job.state !== "queued" && job.state !== "running") repair.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const starts_at = startsAt ? new Date(startsAt).toISOString() : null;
    repair.mutate(video ? { video_id: video.id, starts_at } : { url: url.trim(), starts_at });
  };
  return (
    <>
      <Modal opened={opened && !picking} onClose={close} title="Repair gaps" size={480}>
        {job ? (
          <Repairing job={job} onBack={repair.reset} onClose={close} />
        ) : (
          <form onSubmit={submit}>
            <Stack gap={14}>
              <Text className="dim">
                {gapsLine(recording.gaps) ?? "No gaps"}. They are filled from another video of the same broadcast. The
                result is a new video; the one without the filling stays until you delete it.
              </Text>
              {video ? (
                <Group justify="space-between" wrap="nowrap">
                  <Text style={{ overflowWrap: "anywhere" }}>{video.title}</Text>
                  <Button size="xs" variant="default" onClick={() => setVideo(null)}>
                    Use a URL
                  </Button>
                </Group>
              ) : (
                <TextInput
                  label="URL"
                  description="The platform's own video of the broadcast: its page, or its HLS playlist"
                  placeholder="https://www.twitch.tv/videos/123456789"
                  required
                  withAsterisk={false}
                  maxLength={2000}
                  data-autofocus
                  value={url}
                  onChange={(event) => setUrl(event.currentTarget.value)}
                />
              )}
              <TextInput
                type="datetime-local"
                step={1}
                label="Its first frame was broadcast at"
                description="Empty: at the start of the broadcast"
                value={startsAt}
                onChange={(event) => setStartsAt(event.currentTarget.value)}
              />
              {repair.error && <ErrorNote error={repair.error} compact />}
              <Group justify="space-between">
                <Button variant="default" onClick={() => setPicking(true)}>
                  Choose from library
                </Button>
                <Button type="submit" loading={repair.isPending}>
                  Repair
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Modal>
      <LibraryPicker
        opened={opened && picking}
        one
        title="Repair from"
        onClose={() => setPicking(false)}
        onPick={([picked]) => {
          setVideo(picked ?? null);
          setPicking(false);
        }}
      />
    </>
  );
}

type RepairingProps = { job: Job; onBack: () => void; onClose: () => void };

function Repairing({ job, onBack, onClose }: RepairingProps) {
  const failed = job.state === "failed" || job.state === "canceled";
  return (
    <Stack gap={12}>
      {job.state === "succeeded" ? (
        <Text role="status">The gaps are repaired as far as the other video reaches.</Text>
      ) : failed ? (
        <Text role="alert" style={{ overflowWrap: "anywhere" }}>
          {job.error ? [job.error.message, job.error.hint].filter(Boolean).join(" ") : "The repair was canceled."}
        </Text>
      ) : (
        <>
          <Progress value={job.progress * 100} size={4} aria-label="Progress" />
          <Text className="dim small" aria-live="polite">
            {progressWords(job)}
          </Text>
        </>
      )}
      <Group justify="space-between">
        <Link className="link" to="/jobs" search={{ open: job.id }}>
          View job
        </Link>
        <Group gap={8}>
          {failed && (
            <Button variant="default" onClick={onBack}>
              Back
            </Button>
          )}
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Group>
    </Stack>
  );
}
