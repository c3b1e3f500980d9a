import { Progress, Table } from "@mantine/core";
import type { Storage } from "@/gen";
import { bytes, count } from "@/lib/format";
import { USES } from "../words";
import styles from "./system.module.css";

/** Storage use by the catalog, and free disk space above the reserve. */
export function StoragePart({ storage }: { storage: Storage }) {
  const uses = storage.uses.filter((use) => use.count > 0);
  const taken = storage.disk_total_bytes - storage.disk_free_bytes;
  const low = storage.disk_free_bytes < 2 * storage.headroom_bytes;
  return (
    <>
      <Progress
        size={8}
        value={(100 * taken) / storage.disk_total_bytes}
        color={low ? "red" : undefined}
        aria-label="Disk usage"
      />
      <p className={styles.free}>
        <strong>{bytes(storage.disk_free_bytes)} free</strong> of {bytes(storage.disk_total_bytes)}. Uploads are refused
        below {bytes(storage.headroom_bytes)}.
      </p>
      <Table className={styles.table}>
        <Table.Tbody>
          {uses.map((use) => (
            <Table.Tr key={use.name} data-use={use.name}>
              <Table.Td>
                {USES[use.name].word}
                <div className="dim small">{USES[use.name].note}</div>
              </Table.Td>
              <Table.Td className={styles.figure}>{count(use.count, "file")}</Table.Td>
              <Table.Td className={styles.figure}>{bytes(use.size_bytes)}</Table.Td>
            </Table.Tr>
          ))}
          {uses.length === 0 && (
            <Table.Tr>
              <Table.Td className="dim">Nothing is stored yet.</Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
      <dl className={styles.places}>
        <dt>Store</dt>
        <dd className="mono">{storage.store_place}</dd>
        <dt>Data folder</dt>
        <dd className="mono">{storage.data_path}</dd>
      </dl>
    </>
  );
}
