import { ActionIcon, Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CloseIcon, DownIcon, PlusIcon, VideoIcon } from "@/components/icons";
import { Poster } from "@/components/Poster";
import { ImagePicker } from "@/features/images/components/ImagePicker";
import { LibraryPicker } from "@/features/projects/components/LibraryPicker";
import { videoQuery } from "@/features/videos/api/get-video";
import type { ModelInput, PromptFile } from "@/gen";
import { withInput } from "../inputs";
import styles from "./generate.module.css";

type Props = {
  rules: readonly ModelInput[];
  inputs: readonly PromptFile[];
  follows: boolean;
  onChange: (inputs: PromptFile[]) => void;
};

/** The files of a prompt: an image, a video, or a frame of the clip before. */
export function InputFields({ rules, inputs, follows, onChange }: Props) {
  return rules.map((rule) => (
    <InputField
      key={rule.parameter}
      rule={rule}
      input={inputs.find(({ parameter }) => parameter === rule.parameter)}
      follows={follows}
      onChange={(input) => onChange(withInput(inputs, rule.parameter, input))}
    />
  ));
}

type FieldProps = {
  rule: ModelInput;
  input: PromptFile | undefined;
  follows: boolean;
  onChange: (input: Omit<PromptFile, "parameter"> | null) => void;
};

function InputField({ rule, input, follows, onChange }: FieldProps) {
  const [picking, setPicking] = useState<"image" | "video" | "first" | "last" | null>(null);
  const label = rule.title || rule.parameter;
  return (
    <div className={styles.input} role="group" aria-label={label}>
      <span className={styles.inputLabel}>
        {label}
        {rule.required && <span className={styles.required}> (needed)</span>}
      </span>
      {input ? (
        <span className={styles.file}>
          <Chosen input={input} />
          <ActionIcon aria-label={`Remove ${label}`} size={28} onClick={() => onChange(null)}>
            <CloseIcon size={14} />
          </ActionIcon>
        </span>
      ) : (
        <Menu position="bottom-start" width={230}>
          <Menu.Target>
            <Button
              size="xs"
              variant="default"
              leftSection={<PlusIcon size={14} />}
              rightSection={<DownIcon size={12} />}
            >
              Choose
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rule.kind === "image" && (
              <>
                <Menu.Item onClick={() => setPicking("image")}>Image</Menu.Item>
                <Menu.Item disabled={!follows} onClick={() => onChange({ frame: { of: "previous", at: "last" } })}>
                  Last frame of the clip before
                </Menu.Item>
                <Menu.Item disabled={!follows} onClick={() => onChange({ frame: { of: "previous", at: "first" } })}>
                  First frame of the clip before
                </Menu.Item>
              </>
            )}
            {rule.kind === "image" && (
              <>
                <Menu.Item onClick={() => setPicking("last")}>Last frame of a video</Menu.Item>
                <Menu.Item onClick={() => setPicking("first")}>First frame of a video</Menu.Item>
              </>
            )}
            {rule.kind === "video" && <Menu.Item onClick={() => setPicking("video")}>Video</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      <ImagePicker
        opened={picking === "image"}
        onClose={() => setPicking(null)}
        onPick={(image) => {
          setPicking(null);
          onChange({ image_id: image.id });
        }}
      />
      <LibraryPicker
        one
        title={label}
        opened={picking !== null && picking !== "image"}
        onClose={() => setPicking(null)}
        onPick={([video]) => {
          setPicking(null);
          if (!video) return;
          const at = picking === "first" || picking === "last" ? picking : null;
          onChange(at ? { frame: { of: video.id, at } } : { video_id: video.id });
        }}
      />
    </div>
  );
}

function Chosen({ input: { image_id, video_id, frame } }: { input: PromptFile }) {
  if (image_id)
    return (
      <span className={styles.thumb}>
        <img src={`/api/v1/images/${image_id}/thumbnail?w=160`} alt="" loading="lazy" />
      </span>
    );
  if (video_id) return <ChosenVideo id={video_id} />;
  const end = frame?.at === "first" ? "First" : "Last";
  return (
    <span className={styles.fileWords}>
      <VideoIcon size={16} /> {frame?.of === "previous" ? `${end} frame of the clip before` : `${end} frame of a video`}
    </span>
  );
}

function ChosenVideo({ id }: { id: string }) {
  const { data } = useQuery(videoQuery(id));
  return (
    <>
      <span className={styles.thumb}>
        <Poster url={data?.poster_url} state={data?.state} />
      </span>
      <span className="clip-text">{data?.title ?? "Video"}</span>
    </>
  );
}
