import { Button, Modal, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { say } from "@/components/toast";
import type { Template } from "@/gen";
import { count } from "@/lib/format";
import { useMakeProjects } from "../api/make-from-template";
import { startOf } from "../document";
import type { Making } from "../making";
import { AspectChoice } from "./AspectChoice";
import { FieldInputs } from "./FieldInputs";

type Props = { template: Template; opened: boolean; onClose: () => void };

/** The form of a template's fields, which makes a project. */
export function NewProjectDialog({ template, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="New project" size={480}>
      <Form key={template.version} template={template} onClose={onClose} />
    </Modal>
  );
}

function Form({ template, onClose }: { template: Template; onClose: () => void }) {
  const [values, setValues] = useState(() => startOf(template));
  const [aspects, setAspects] = useState<Making["aspects"]>([]);
  const navigate = useNavigate();
  const make = useMakeProjects(template.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(
      { fields: values, aspects },
      {
        onSuccess: ({ items }) => {
          onClose();
          if (items.length > 1) say(`Made ${count(items.length, "project")}`);
          const [first] = items;
          if (items.length > 1 || !first) return void navigate({ to: "/projects", search: {} });
          void navigate({ to: "/projects/$projectId", params: { projectId: first.id } });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <FieldInputs fields={template.fields} values={values} onChange={setValues} />
        <AspectChoice value={aspects} several="One project for each" onChange={setAspects} />
        {make.error && <ErrorNote error={make.error} compact />}
        <Button type="submit" loading={make.isPending} style={{ alignSelf: "flex-end" }}>
          {aspects.length > 1 ? `Create ${count(aspects.length, "project")}` : "Create project"}
        </Button>
      </Stack>
    </form>
  );
}
