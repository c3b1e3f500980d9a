import { Button, Checkbox, Modal, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { say } from "@/components/toast";
import type { Channel } from "@/gen";
import { useSaveChannel } from "../api/save-channel";
import { type Draft, draftOf, inputOf } from "../draft";
import styles from "./live.module.css";
import { ScheduleFields } from "./ScheduleFields";

type Props = { opened: boolean; channel?: Channel; onClose: () => void };

/** Add a channel, or edit one. */
export function ChannelDialog({ opened, channel, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={channel ? `Edit ${channel.name}` : "Add channel"} size={640}>
      {opened && <ChannelForm channel={channel} onDone={onClose} />}
    </Modal>
  );
}

const CAPTURES = [
  { value: "1", label: "Once" },
  { value: "2", label: "Twice at a time, joined at the end" },
];

function ChannelForm({ channel, onDone }: { channel?: Channel; onDone: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(channel));
  const [more, setMore] = useState(channel !== undefined);
  const save = useSaveChannel(channel);
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(inputOf(draft), {
      onSuccess: ({ name }) => {
        say(channel ? `Saved ${name}` : `Added ${name}`);
        onDone();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <TextInput
          label="URL"
          description="The page of a channel on Twitch, YouTube and others, or a stream: HLS, RTMP, RTSP, SRT"
          placeholder="https://www.twitch.tv/name"
          required
          withAsterisk={false}
          maxLength={2000}
          data-autofocus
          value={draft.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
        />
        <TextInput
          label="Name"
          placeholder="From the URL"
          maxLength={200}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Checkbox
          label="Record when it goes live"
          checked={draft.autoRecord}
          onChange={(event) => set({ autoRecord: event.currentTarget.checked })}
        />
        {more ? (
          <MoreFields draft={draft} set={set} />
        ) : (
          <Button variant="subtle" size="xs" onClick={() => setMore(true)} style={{ alignSelf: "flex-start" }}>
            Quality, schedule, filters and name
          </Button>
        )}
        {save.error && <ErrorNote error={save.error} compact />}
        <Button type="submit" loading={save.isPending} style={{ alignSelf: "flex-end" }}>
          {channel ? "Save" : "Add channel"}
        </Button>
      </Stack>
    </form>
  );
}

function MoreFields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const zones = useTimeZones();
  return (
    <>
      <Checkbox
        label="Enabled"
        description="A disabled channel is neither checked nor recorded."
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      <div className={styles.pair}>
        <TextInput
          label="Quality"
          description="Two with a comma are recorded at once"
          placeholder="best"
          value={draft.qualities}
          onChange={(event) => set({ qualities: event.currentTarget.value })}
        />
        <NativeSelect
          label="Capture"
          description="Twice helps with sources that break off"
          data={CAPTURES}
          value={String(draft.captures)}
          onChange={(event) => set({ captures: Number(event.currentTarget.value) })}
        />
      </div>
      <ScheduleFields windows={draft.schedule} onChange={(schedule) => set({ schedule })} />
      <TextInput
        label="Time zone"
        description="Of the schedule, and of dates in names"
        list="time-zones"
        value={draft.timeZone}
        onChange={(event) => set({ timeZone: event.currentTarget.value })}
      />
      <datalist id="time-zones">
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <WordFields what="title" draft={draft} set={set} />
      <WordFields what="category" draft={draft} set={set} />
      <Textarea
        label="Name of recordings"
        description="{channel} {title} {category} {date} {time} {id} {quality}, and parts of dates such as %Y"
        placeholder="{channel} - {title}"
        autosize
        maxRows={3}
        maxLength={500}
        value={draft.template}
        onChange={(event) => set({ template: event.currentTarget.value })}
      />
    </>
  );
}

const LABELS = { title: "Title", category: "Category" } as const;

function WordFields({
  what,
  draft,
  set,
}: {
  what: keyof typeof LABELS;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}) {
  const words = draft.filters[what];
  const change = (part: Partial<typeof words>) => set({ filters: { ...draft.filters, [what]: { ...words, ...part } } });
  return (
    <div className={styles.pair}>
      <TextInput
        label={`${LABELS[what]} has one of`}
        placeholder="Any"
        value={words.include}
        onChange={(event) => change({ include: event.currentTarget.value })}
      />
      <TextInput
        label={`${LABELS[what]} has none of`}
        placeholder="Words, with commas"
        value={words.exclude}
        onChange={(event) => change({ exclude: event.currentTarget.value })}
      />
    </div>
  );
}

/** Names of time zones that this browser knows. */
function useTimeZones(): string[] {
  const [zones, setZones] = useState<string[]>([]);
  useEffect(() => setZones(["UTC", ...Intl.supportedValuesOf("timeZone")]), []);
  return zones;
}
