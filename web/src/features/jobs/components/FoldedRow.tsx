import { Table } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import styles from "./JobsPage.module.css";

/** The inside of an open row, as wide as the columns shown: a longer span would add empty columns, which take width. */
export function FoldedRow({ children }: { children: ReactNode }) {
  const narrow = useMediaQuery("(max-width: 820px)", undefined, { getInitialValueInEffect: false });
  return (
    <Table.Tr className={styles.details}>
      <Table.Td colSpan={narrow ? 3 : 6}>{children}</Table.Td>
    </Table.Tr>
  );
}
