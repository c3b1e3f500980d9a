import { Button, FileButton, Group, Modal, Slider, Stack } from "@mantine/core";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { say } from "@/components/toast";
import type { Video } from "@/gen";
import { clock } from "@/lib/format";
import { useLaterOpened, useQuiet } from "@/lib/hooks";
import { useChoosePoster } from "../api/poster";
import styles from "./library.module.css";

type Props = { video: Video; opened: boolean; now: number; onClose: () => void };

/** Choose the poster of a video: any frame of it, or an image. */
export default function PosterDialog({ video, opened, now, onClose }: Props) {
  return (
    <Modal opened={useLaterOpened(opened)} onClose={onClose} title="Choose a poster" size={640}>
      {opened && <Choices video={video} now={now} onClose={onClose} />}
    </Modal>
  );
}

function Choices({ video, now, onClose }: Omit<Props, "opened">) {
  const end = video.duration_s ?? 0;
  const [at, setAt] = useState(video.poster?.at_s ?? now);
  const quiet = useQuiet(at, 120);
  const choose = useChoosePoster(video.id);
  const done = (words: string) => ({
    onSuccess: () => {
      say(words);
      onClose();
    },
  });
  const step = 1 / (video.fps ?? 25);
  const move = (by: number) => setAt(Math.min(end, Math.max(0, at + by)));
  return (
    <Stack gap={16}>
      <img
        className={styles.preview}
        src={`/api/v1/videos/${video.id}/thumbnail?t=${quiet.toFixed(3)}&w=960`}
        alt={`Frame at ${clock(quiet)}`}
      />
      <Slider
        aria-label="Time of the frame"
        min={0}
        max={end}
        step={0.01}
        value={at}
        onChange={setAt}
        label={(value) => clock(value)}
        thumbProps={{ "aria-label": "Time of the frame" }}
      />
      <Group gap={8}>
        <Button variant="default" size="xs" onClick={() => move(-step)}>
          Previous frame
        </Button>
        <Button variant="default" size="xs" onClick={() => move(step)}>
          Next frame
        </Button>
        <span className="dim small">{clock(at)}</span>
      </Group>
      {choose.error && <ErrorNote error={choose.error} compact />}
      <Group justify="space-between" gap={8}>
        <Group gap={8}>
          <FileButton
            accept="image/png,image/jpeg,image/webp,image/gif"
            onChange={(file) => file && choose.mutate({ file }, done("Poster changed"))}
          >
            {(props) => (
              <Button variant="default" {...props} disabled={choose.isPending}>
                Upload an image
              </Button>
            )}
          </FileButton>
          {video.poster && (
            <Button
              variant="subtle"
              color="gray"
              disabled={choose.isPending}
              onClick={() => choose.mutate({ automatic: true }, done("The automatic poster is back"))}
            >
              Automatic
            </Button>
          )}
        </Group>
        <Button loading={choose.isPending} onClick={() => choose.mutate({ at_s: at }, done("Poster changed"))}>
          Use this frame
        </Button>
      </Group>
    </Stack>
  );
}
