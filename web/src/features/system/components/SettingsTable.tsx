import { Checkbox, Table } from "@mantine/core";
import { useState } from "react";
import type { SettingShape } from "@/gen";
import styles from "./system.module.css";

/** The settings as `playhead config show` prints them: changed ones with their source, defaults on request. */
export function SettingsTable({ settings }: { settings: readonly SettingShape[] }) {
  const [all, setAll] = useState(false);
  const changed = settings.filter((setting) => setting.origin !== "default");
  const shown = all ? settings : changed;
  return (
    <>
      <Checkbox
        size="xs"
        className={styles.all}
        label={`Show ${settings.length - changed.length} defaults`}
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      {shown.length > 0 && (
        <Table className={styles.table} mt={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th className={styles.wide}>Source</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((setting) => (
              <Table.Tr key={setting.name} data-setting={setting.name}>
                <Table.Td>
                  <span className="mono">{setting.name}</span>
                  <div className={`dim small ${styles.wide}`}>{setting.description}</div>
                </Table.Td>
                <Table.Td className={styles.value}>{setting.text ?? <span className="dim">not set</span>}</Table.Td>
                <Table.Td className={`dim ${styles.wide} ${styles.value}`}>{setting.origin}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <p className="dim small">
        Settings are read when the server starts: from variables <span className="mono">PLAYHEAD_…</span> and{" "}
        <span className="mono">playhead.toml</span>.
      </p>
    </>
  );
}
