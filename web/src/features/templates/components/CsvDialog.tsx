import { Button, FileInput, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import type { RowsChecked, Template } from "@/gen";
import { count } from "@/lib/format";
import { useCheckRows, useMakeCampaign } from "../api/make-from-template";
import { csvHead } from "../document";
import type { Making } from "../making";
import { AspectChoice } from "./AspectChoice";
import styles from "./templates.module.css";

type Props = { template: Template; opened: boolean; onClose: () => void };

/** A campaign from the rows of a CSV file: what they would make is shown before anything is made. */
export function CsvDialog({ template, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Campaign from CSV" size={620}>
      <Form key={template.version} template={template} onClose={onClose} />
    </Modal>
  );
}

function Form({ template, onClose }: { template: Template; onClose: () => void }) {
  const [title, setTitle] = useState(template.title);
  const [csv, setCsv] = useState("");
  const [aspects, setAspects] = useState<Making["aspects"]>([]);
  const check = useCheckRows(template.id);
  const make = useMakeCampaign(template.id);
  const navigate = useNavigate();
  const edit = (text: string) => {
    setCsv(text);
    check.reset();
    make.reset();
  };
  const open = async (file: File | null) => {
    if (!file) return;
    edit(await readText(file));
    setTitle((before) => (before === template.title ? file.name.replace(/\.[^.]+$/, "") : before));
  };
  const create = () =>
    make.mutate(
      { title: title.trim() || template.title, csv, aspects, skip_bad: true },
      {
        onSuccess: ({ campaign }) => {
          onClose();
          void navigate({ to: "/campaigns/$campaignId", params: { campaignId: campaign.id } });
        },
      },
    );
  const checked = check.data;
  return (
    <Stack gap={14}>
      <TextInput
        label="Title"
        maxLength={500}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <FileInput
        label="CSV file"
        description="The first line names the fields, each other line makes a project"
        placeholder="Choose a file"
        accept=".csv,.tsv,.txt,text/csv"
        onChange={(file) => void open(file)}
      />
      <Textarea
        label="Rows"
        placeholder={`${csvHead(template)}\n…`}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        value={csv}
        onChange={(event) => edit(event.currentTarget.value)}
      />
      <AspectChoice
        value={aspects}
        several="One project of each row for each"
        onChange={(next) => {
          setAspects(next);
          check.reset();
        }}
      />
      {check.error && <ErrorNote error={check.error} compact />}
      {make.error && <ErrorNote error={make.error} compact />}
      {checked && <Preview checked={checked} />}
      <Group justify="flex-end" gap={8}>
        {!checked && (
          <Button loading={check.isPending} disabled={csv.trim() === ""} onClick={() => check.mutate({ csv, aspects })}>
            Check rows
          </Button>
        )}
        {checked && (
          <Button loading={make.isPending} disabled={checked.good === 0} onClick={create}>
            Create {count(checked.project_count, "project")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

/** What rows would make: titles of the first projects, and each bad row with its line and reason. */
function Preview({ checked }: { checked: RowsChecked }) {
  const { problems, titles, good, total, project_count } = checked;
  return (
    <Stack gap={8} role="status">
      <Text>
        {good === total ? `All ${count(total, "row")} can be used` : `${good} of ${count(total, "row")} can be used`}
        {project_count > 0 && `: ${count(project_count, "project")}.`}
      </Text>
      {titles.length > 0 && (
        <Text className="dim small" style={{ overflowWrap: "anywhere" }}>
          {titles.slice(0, 6).join(", ")}
          {project_count > 6 && " …"}
        </Text>
      )}
      {problems.length > 0 && (
        <>
          <Text>{count(problems.length, "row")} will be left out:</Text>
          <ul className={styles.problems} aria-label="Rows that can't be used">
            {problems.map((problem) => (
              <li key={`${problem.line} ${problem.message}`}>
                Line {problem.line}: {problem.message}
              </li>
            ))}
          </ul>
        </>
      )}
    </Stack>
  );
}

/** The text of a file in UTF-8, else as spreadsheets on Windows save it. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
