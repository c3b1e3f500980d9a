import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { DownloadIcon } from "@/components/icons";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { meQuery } from "@/features/session/api/get-me";
import { useTitle } from "@/lib/hooks";
import { dollars } from "@/lib/money";
import { entriesFile } from "../api/list-entries";
import { type Group, spendingQuery } from "../api/read-spending";
import { paidWords } from "../words";
import { CapBars } from "./CapBars";
import { EntryTable } from "./EntryTable";
import { SumTable } from "./SumTable";
import styles from "./spending.module.css";

const GROUPS: { value: Group; label: string }[] = [
  { value: "day", label: "By day" },
  { value: "provider", label: "By provider" },
  { value: "model", label: "By model" },
  { value: "project", label: "By project" },
];
const SPANS = [
  { value: "today", label: "Today" },
  { value: "month", label: "This month" },
  { value: "all", label: "All time" },
] as const;
export type Span = (typeof SPANS)[number]["value"];

/** What generations cost: sums, limits and the entries of the ledger. */
export function SpendingPage() {
  useTitle("Spending");
  const { span = "month", by = "day" } = useSearch({ from: "/inside/spending" });
  const navigate = useNavigate({ from: "/spending" });
  const { data: me } = useQuery(meQuery);
  const from = useMemo(() => beginning(span), [span]);
  const { data, error, refetch } = useQuery(spendingQuery(by, from));
  const admin = me?.user.role === "admin";
  return (
    <>
      <PageHeader title="Spending">
        <Button
          component="a"
          href={entriesFile(from)}
          download="spending.csv"
          variant="default"
          leftSection={<DownloadIcon size={16} />}
        >
          CSV
        </Button>
      </PageHeader>
      <div className={styles.page}>
        <div className={styles.toolbar}>
          <Select
            w={140}
            size="xs"
            aria-label="Time"
            data={SPANS.map((each) => ({ ...each }))}
            value={span}
            allowDeselect={false}
            onChange={(value) => void navigate({ search: { span: value as Span, by }, replace: true })}
          />
          <Select
            w={140}
            size="xs"
            aria-label="Group"
            data={admin ? [...GROUPS, { value: "user", label: "By user" }] : GROUPS}
            value={by}
            allowDeselect={false}
            onChange={(value) => void navigate({ search: { span, by: value as Group }, replace: true })}
          />
          <span className="dim small">
            {admin ? "Of everybody, in US dollars, days in UTC" : "In US dollars, days in UTC"}
          </span>
        </div>
        {error && !data && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton h={200} />}
        {data && (
          <>
            <dl className={styles.totals}>
              <Figure name="Charged" value={paidWords(data.total)} />
              <Figure name="Reserved" value={dollars(data.total.reserved)} />
              <Figure name="Generations" value={data.total.generations.toLocaleString("en")} />
              <Figure
                name="Cost unknown"
                value={data.total.unknown.toLocaleString("en")}
                warn={data.total.unknown > 0}
              />
            </dl>
            <CapBars caps={data.caps} unknownAs={data.unknown_as} />
            <section>
              <h2>{GROUPS.find((each) => each.value === by)?.label ?? "By user"}</h2>
              <SumTable sums={data.groups} group={by} />
            </section>
          </>
        )}
        <section>
          <h2>Entries</h2>
          <EntryTable from={from} />
        </section>
      </div>
    </>
  );
}

function Figure({ name, value, warn = false }: { name: string; value: string; warn?: boolean }) {
  return (
    <div data-warn={warn || undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The beginning of a span in UTC, as the limits count it; undefined for all time. */
function beginning(span: Span): string | undefined {
  const now = new Date();
  if (span === "all") return undefined;
  return new Date(
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), span === "today" ? now.getUTCDate() : 1),
  ).toISOString();
}
