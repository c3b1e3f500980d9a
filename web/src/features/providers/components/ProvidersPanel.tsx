import { Button, Group, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { PlusIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import { providersQuery } from "../api/list-providers";
import { ProviderDialog } from "./ProviderDialog";
import { ProviderRow } from "./ProviderRow";
import styles from "./providers.module.css";

/** The providers of generated clips, with their keys and tests. */
export function ProvidersPanel() {
  const { data, error, isPending, refetch } = useQuery(providersQuery);
  const [adding, setAdding] = useState(false);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {isPending && <Skeleton h={120} />}
      {data && (
        <>
          <div className={styles.bar}>
            <span className="dim">Prompts become clips through these. Each is paid by its own account.</span>
            <Group gap={8}>
              <Button component={Link} to="/spending" variant="default">
                Spending
              </Button>
              <Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>
                Add provider
              </Button>
            </Group>
          </div>
          <Table className={styles.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Provider</Table.Th>
                <Table.Th className={styles.wide} w={240}>
                  Key
                </Table.Th>
                <Table.Th w={124}>State</Table.Th>
                <Table.Th className={styles.wide} w={92}>
                  <span className="only-read">Test</span>
                </Table.Th>
                <Table.Th w={48}>
                  <span className="only-read">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((provider) => (
                <ProviderRow key={provider.name} provider={provider} known={data.known} />
              ))}
            </Table.Tbody>
          </Table>
          <ProviderDialog opened={adding} onClose={() => setAdding(false)} known={data.known} names={data.items} />
        </>
      )}
    </>
  );
}
