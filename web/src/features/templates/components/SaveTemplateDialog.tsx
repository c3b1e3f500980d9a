import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { useCreateTemplate } from "../api/save-template";

type Props = { project: { id: string; title: string }; opened: boolean; onClose: () => void };

/** Save a project as a template. */
export default function SaveTemplateDialog({ project, opened, onClose }: Props) {
  const [title, setTitle] = useState(project.title);
  const create = useCreateTemplate();
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { title: title.trim() || project.title, project_id: project.id },
      { onSuccess: ({ id }) => void navigate({ to: "/templates/$templateId", params: { templateId: id } }) },
    );
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Save as template" size={440}>
      <form onSubmit={submit}>
        <Stack gap={14}>
          <Text className="dim">
            {
              "Prompts become prompts again, without their takes. Write {{name}} where a value goes: in the prompts of this project, or later in the template."
            }
          </Text>
          <TextInput
            label="Title"
            maxLength={500}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {create.error && <ErrorNote error={create.error} compact />}
          <Button type="submit" loading={create.isPending} style={{ alignSelf: "flex-end" }}>
            Save template
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
