import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { ImagePicker } from "@/features/images/components/ImagePicker";
import { LibraryPicker } from "@/features/projects/components/LibraryPicker";

type Props = {
  kind: "image" | "video";
  label: string;
  value: string;
  required: boolean;
  onChange: (id: string) => void;
};

/** The id of an image or a video, typed or picked. */
export function FileField({ kind, label, value, required, onChange }: Props) {
  const [picking, setPicking] = useState(false);
  const close = () => setPicking(false);
  const pick = (id: string | undefined) => {
    close();
    if (id) onChange(id);
  };
  return (
    <Group gap={8} align="flex-end" wrap="nowrap">
      <TextInput
        style={{ flex: 1, minWidth: 0 }}
        label={label}
        placeholder={kind === "image" ? "img_…" : "vid_…"}
        value={value}
        required={required}
        withAsterisk={false}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
      <Button variant="default" aria-label={`Choose ${label}`} onClick={() => setPicking(true)}>
        Choose
      </Button>
      {kind === "image" ? (
        <ImagePicker opened={picking} onClose={close} onPick={(image) => pick(image.id)} />
      ) : (
        <LibraryPicker one opened={picking} onClose={close} onPick={([video]) => pick(video?.id)} />
      )}
    </Group>
  );
}
