import { Checkbox, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Skeleton } from "@/components/Skeleton";
import { say, sayWithUndo, showProblem } from "@/components/toast";
import { changeMany, refreshLibrary } from "@/features/library/api/bulk";
import type { DeletionPreview } from "@/gen";
import { bytes, count, days } from "@/lib/format";
import { videoKeys } from "../api/keys";
import { deletionQuery } from "../api/preview-deletion";
import { deleteAll, type Refused, UNDO_MS } from "../deleting";

type Props = {
  videos: readonly { id: string; title?: string }[] | null;
  onClose: () => void;
  onDeleted?: (ids: string[]) => void;
};

const TYPED_FROM = 21; // from this many on, the number must be typed

/** The confirmation of a deletion: titles, projects that use the videos, and the space that they take. */
export function DeleteVideosDialog({ videos, onClose, onDeleted }: Props) {
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [permanent, setPermanent] = useState(false);
  const [done, setDone] = useState(0);
  const [refused, setRefused] = useState<Refused[]>([]);
  const wanted = useMemo(
    () => (refused.length ? refused.map(({ id }) => id) : (videos ?? []).map(({ id }) => id)),
    [refused, videos],
  );
  const { data: preview, error } = useQuery({ ...deletionQuery(wanted), enabled: wanted.length > 0 });
  const close = () => {
    onClose();
    remove.reset();
    setTyped("");
    setPermanent(false);
    setRefused([]);
  };
  const remove = useMutation({
    mutationFn: ({ projects }: DeletionPreview) =>
      deleteAll(wanted, { force: new Set(projects.flatMap(({ video_ids }) => video_ids)), trash: !permanent }, setDone),
    onMutate: () => setDone(0),
    onSuccess: ({ gone, refused: kept }) => {
      for (const id of gone) client.removeQueries({ queryKey: videoKeys.one(id) });
      const title = videos?.find(({ id }) => id === gone[0])?.title;
      const what = gone.length === 1 && title ? `“${title}”` : count(gone.length, "video");
      if (gone.length && permanent) say(`Deleted ${what}`);
      if (gone.length && !permanent)
        sayWithUndo(`Moved ${what} to the trash`, UNDO_MS, () => {
          void changeMany(gone, { restore: true })
            .then(() => say(`${gone.length === 1 ? what : count(gone.length, "video")} back in the library`))
            .catch(showProblem("Couldn't restore"))
            .finally(() => refreshLibrary(client));
        });
      if (kept.length === 0) close();
      else setRefused(kept);
      if (gone.length) onDeleted?.(gone);
    },
    onSettled: () => {
      for (const queryKey of [videoKeys.all, ["trash"], ["projects"], ["project"]])
        void client.invalidateQueries({ queryKey });
    },
  });
  const number = preview?.videos ?? wanted.length;
  const unsure = number >= TYPED_FROM && typed.replace(/\D/g, "") !== String(number);
  return (
    <ConfirmDialog
      opened={videos !== null}
      title={`Delete ${number === 1 ? "this video" : count(number, "video")}?`}
      action={
        remove.isPending && number > 1
          ? `${done.toLocaleString("en")} of ${number.toLocaleString("en")}`
          : preview?.projects.length
            ? "Delete anyway"
            : "Delete"
      }
      busy={remove.isPending}
      disabled={!preview || unsure}
      error={remove.error ?? error}
      onClose={close}
      onConfirm={() => preview && remove.mutate(preview)}
    >
      {preview ? (
        <WhatGoes preview={preview} permanent={permanent} />
      ) : (
        <>
          <Skeleton h={16} />
          <Skeleton w="60%" h={16} style={{ marginTop: 8 }} />
        </>
      )}
      {preview && (
        <Checkbox
          mt={16}
          label="Delete permanently"
          checked={permanent}
          onChange={(event) => setPermanent(event.currentTarget.checked)}
        />
      )}
      {preview && number >= TYPED_FROM && (
        <TextInput
          mt={16}
          label={`Type ${number} to confirm`}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}

function WhatGoes({ preview, permanent }: { preview: DeletionPreview; permanent: boolean }) {
  const { videos, missing, size_bytes, named, projects, trash_window_s } = preview;
  const them = videos === 1 ? "it" : "them";
  return (
    <>
      <ul style={{ margin: 0, paddingLeft: 18, overflowWrap: "anywhere" }}>
        {named.map(({ id, title }) => (
          <li key={id}>
            <Text inherit lineClamp={2} title={title}>
              {title}
            </Text>
          </li>
        ))}
        {videos > named.length && <li>and {(videos - named.length).toLocaleString("en")} more</li>}
      </ul>
      {projects.map(({ id, title, video_ids }) => (
        <Text key={id} mt={12} style={{ overflowWrap: "anywhere" }}>
          {videos === 1
            ? "Used as a clip"
            : video_ids.length === 1
              ? "1 is used as a clip"
              : `${video_ids.length.toLocaleString("en")} are used as clips`}{" "}
          in “{title}”.
        </Text>
      ))}
      {projects.length > 0 && (
        <Text mt={4}>
          The clips stay in the projects, marked as deleted, and must be replaced or removed before the next stitch.
          Existing reels are kept.
        </Text>
      )}
      <Text className="dim" mt={12}>
        {permanent
          ? `This frees ${bytes(size_bytes)}. Posters and renditions are deleted too, and links stop working. This cannot be undone.`
          : `Links stop working. The trash keeps ${them} for ${days(trash_window_s)}; ${bytes(size_bytes)} are freed after that.`}
        {missing > 0 && ` ${count(missing, "selected video")} ${missing === 1 ? "is" : "are"} already deleted.`}
      </Text>
    </>
  );
}
