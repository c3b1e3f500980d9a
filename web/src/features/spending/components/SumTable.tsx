import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { SpendingSum } from "@/gen";
import { dollars } from "@/lib/money";
import type { Group } from "../api/read-spending";
import { paidWords, unknownWords } from "../words";
import styles from "./spending.module.css";

/** Sums by group. */
export function SumTable({ sums, group }: { sums: SpendingSum[]; group: Group }) {
  if (sums.length === 0) return <p className="dim">Nothing was generated in this time.</p>;
  return (
    <Table className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{HEADS[group]}</Table.Th>
          <Table.Th className={styles.figure} w={110}>
            Charged
          </Table.Th>
          <Table.Th className={`${styles.figure} ${styles.wide}`} w={110}>
            Reserved
          </Table.Th>
          <Table.Th className={`${styles.figure} ${styles.wide}`} w={110}>
            Generations
          </Table.Th>
          <Table.Th className={styles.figure} w={100}>
            <span className="only-read">Cost unknown</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sums.map((sum) => (
          <Table.Tr key={sum.key ?? ""} data-sum={sum.key ?? ""}>
            <Table.Td>
              <Name sum={sum} group={group} />
            </Table.Td>
            <Table.Td className={styles.figure}>{paidWords(sum)}</Table.Td>
            <Table.Td className={`${styles.figure} ${styles.wide}`}>{dollars(sum.reserved)}</Table.Td>
            <Table.Td className={`${styles.figure} ${styles.wide}`}>{sum.generations.toLocaleString("en")}</Table.Td>
            <Table.Td className={`${styles.figure} ${styles.unknown}`}>{unknownWords(sum.unknown)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const HEADS: Record<Group, string> = {
  day: "Day",
  provider: "Provider",
  model: "Model",
  project: "Project",
  user: "User",
};

function Name({ sum, group }: { sum: SpendingSum; group: Group }) {
  if (sum.key === null) return <span className="dim">No project</span>;
  if (group === "project" && sum.title !== null)
    return (
      <Link to="/projects/$projectId" params={{ projectId: sum.key }}>
        {sum.title}
      </Link>
    );
  return <span>{sum.title ?? (group === "project" ? "A deleted project" : sum.key)}</span>;
}
