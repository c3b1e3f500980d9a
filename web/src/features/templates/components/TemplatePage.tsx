import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EditableTitle } from "@/components/EditableTitle";
import { BackIcon, MoreIcon, PlusIcon, TrashIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { PendingPage } from "@/components/PendingPage";
import { Skeleton } from "@/components/Skeleton";
import { say, showProblem } from "@/components/toast";
import type { Template } from "@/gen";
import { isStatus } from "@/lib/api";
import { useTitle } from "@/lib/hooks";
import { templateQuery } from "../api/get-template";
import { useChangeTemplate, useRemoveTemplate } from "../api/save-template";
import { CsvDialog } from "./CsvDialog";
import { DocumentEditor } from "./DocumentEditor";
import { NewProjectDialog } from "./NewProjectDialog";
import styles from "./templates.module.css";

/** One template: its fields and prompts, and what is made from it. */
export function TemplatePage() {
  const { templateId } = useParams({ from: "/inside/templates/$templateId" });
  const { data: template, error, refetch } = useQuery(templateQuery(templateId));
  useTitle(template?.title ?? (error ? "Not found" : "Template"));
  if (template && !isStatus(error, 404)) return <Loaded key={template.id} template={template} />;
  return (
    <PendingPage
      title="Template"
      error={error}
      onRetry={() => void refetch()}
      lead={<BackToTemplates />}
      missing="This template doesn't exist. It may have been removed."
      home={{ to: "/templates", label: "Go to templates" }}
    >
      <div className={styles.page}>
        <Skeleton h={220} />
      </div>
    </PendingPage>
  );
}

const BackToTemplates = () => (
  <ActionIcon component={Link} to="/templates" size={32} aria-label="Back to templates">
    <BackIcon />
  </ActionIcon>
);

function Loaded({ template }: { template: Template }) {
  const [opened, setOpened] = useState<"project" | "csv" | "remove" | null>(null);
  const change = useChangeTemplate(template.id);
  const close = () => setOpened(null);
  return (
    <>
      <PageHeader
        title={
          <EditableTitle
            value={template.title}
            label="Template title"
            onSave={(title) =>
              change.mutate({ title, version: template.version }, { onError: showProblem("Couldn't rename it") })
            }
          />
        }
        lead={<BackToTemplates />}
      >
        <Button variant="default" onClick={() => setOpened("csv")}>
          From CSV
        </Button>
        <Button leftSection={<PlusIcon size={16} />} onClick={() => setOpened("project")}>
          New project
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={36} aria-label="More">
              <MoreIcon />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              color="var(--state-red)"
              leftSection={<TrashIcon size={16} />}
              onClick={() => setOpened("remove")}
            >
              Remove template
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </PageHeader>
      <div className={styles.page}>
        <DocumentEditor template={template} />
      </div>
      <NewProjectDialog template={template} opened={opened === "project"} onClose={close} />
      <CsvDialog template={template} opened={opened === "csv"} onClose={close} />
      <RemoveDialog template={template} opened={opened === "remove"} onClose={close} />
    </>
  );
}

function RemoveDialog({ template, opened, onClose }: { template: Template; opened: boolean; onClose: () => void }) {
  const remove = useRemoveTemplate();
  const navigate = useNavigate();
  const confirm = () =>
    remove.mutate(template.id, {
      onSuccess: () => {
        say(`Removed “${template.title}”`);
        void navigate({ to: "/templates" });
      },
    });
  return (
    <ConfirmDialog
      opened={opened}
      title="Remove this template?"
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Text style={{ overflowWrap: "anywhere" }}>{template.title}</Text>
      <Text className="dim" mt={12}>
        Projects that were made from it stay.
      </Text>
    </ConfirmDialog>
  );
}
