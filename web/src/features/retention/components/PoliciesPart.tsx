import { ActionIcon, Button, Menu, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckCircleIcon, EditIcon, MoreIcon, PlusIcon, StopIcon, TrashIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { showProblem } from "@/components/toast";
import type { RetentionPolicy } from "@/gen";
import { policiesQuery } from "../api/list-policies";
import { useDeletePolicy, useSavePolicy } from "../api/save-policy";
import { capital, limitsOf } from "../words";
import { PolicyDialog } from "./PolicyDialog";
import styles from "./retention.module.css";

/** The policies: for all videos, for an origin, for a channel. */
export function PoliciesPart() {
  const { data, error, refetch } = useQuery(policiesQuery);
  const [editing, setEditing] = useState<RetentionPolicy | "new" | null>(null);
  return (
    <section aria-labelledby="policies">
      <div className={styles.bar}>
        <h2 id="policies">Policies</h2>
        <Button leftSection={<PlusIcon size={16} />} onClick={() => setEditing("new")}>
          Add policy
        </Button>
      </div>
      {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton h={80} />}
      {data && data.items.length === 0 && (
        <p className="dim">No policies: everything stays until somebody deletes it.</p>
      )}
      {data && data.items.length > 0 && (
        <>
          <p className="dim">Of a video the narrowest policy decides: its channel's, then its origin's.</p>
          <PolicyTable items={data.items} onEdit={setEditing} />
        </>
      )}
      <PolicyDialog policy={editing} known={data?.items ?? []} onClose={() => setEditing(null)} />
    </section>
  );
}

type TableProps = { items: readonly RetentionPolicy[]; onEdit: (policy: RetentionPolicy) => void };

function PolicyTable({ items, onEdit }: TableProps) {
  const save = useSavePolicy();
  const remove = useDeletePolicy();
  return (
    <Table className={styles.table}>
      <Table.Tbody>
        {items.map((policy) => (
          <Table.Tr key={policy.id} className={styles.middle} data-policy={policy.id}>
            <Table.Td>
              {capital(policy.applies_to)}
              {!policy.enabled && <span className="dim"> (off)</span>}
            </Table.Td>
            <Table.Td>{limitsOf(policy)}</Table.Td>
            <Table.Td w={48}>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon size={32} aria-label={`More actions for the policy of ${policy.applies_to}`}>
                    <MoreIcon size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<EditIcon size={16} />} onClick={() => onEdit(policy)}>
                    Edit
                  </Menu.Item>
                  <Menu.Item
                    leftSection={policy.enabled ? <StopIcon size={16} /> : <CheckCircleIcon size={16} />}
                    onClick={() =>
                      save.mutate(
                        { policy, body: { enabled: !policy.enabled } },
                        { onError: showProblem("Couldn't change the policy") },
                      )
                    }
                  >
                    {policy.enabled ? "Turn off" : "Turn on"}
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item
                    color="var(--state-red)"
                    leftSection={<TrashIcon size={16} />}
                    onClick={() => remove.mutate(policy.id, { onError: showProblem("Couldn't delete the policy") })}
                  >
                    Delete
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
