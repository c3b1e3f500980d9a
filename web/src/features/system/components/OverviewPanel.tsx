import { useQuery } from "@tanstack/react-query";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckCircleIcon, ErrorIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { System } from "@/gen";
import { bytes, count } from "@/lib/format";
import { systemQuery } from "../api/get-system";
import { checkWords } from "../words";
import { QueueTable } from "./QueueTable";
import { SettingsTable } from "./SettingsTable";
import { StoragePart } from "./StoragePart";
import styles from "./system.module.css";
import { WorkerTable } from "./WorkerTable";

/** The health of the installation: checks, storage, workers and queues. */
export function OverviewPanel() {
  const { data, error, refetch } = useQuery(systemQuery);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data)
    return (
      <div className={styles.overview}>
        <Skeleton h={180} />
        <Skeleton h={180} />
      </div>
    );
  return (
    <div className={styles.overview}>
      <section aria-labelledby="health">
        <h2 id="health">Health checks</h2>
        <ul className={styles.checks}>
          {data.checks.map((check) => (
            <Check key={check.name} check={check} />
          ))}
        </ul>
        <p className="dim small">{about(data)}</p>
      </section>
      <section aria-labelledby="storage">
        <h2 id="storage">Storage</h2>
        <StoragePart storage={data.storage} />
      </section>
      <section aria-labelledby="workers">
        <h2 id="workers">Workers</h2>
        <WorkerTable workers={data.workers} />
      </section>
      <section aria-labelledby="queues">
        <h2 id="queues">Jobs</h2>
        <QueueTable queues={data.queues} />
      </section>
      <section className={styles.whole} aria-labelledby="settings">
        <h2 id="settings">Active settings</h2>
        <SettingsTable settings={data.settings} />
      </section>
    </div>
  );
}

function Check({ check }: { check: System["checks"][number] }) {
  const { word, state } = checkWords(check);
  return (
    <li data-check={check.name} data-ok={check.ok}>
      {check.ok ? <CheckCircleIcon size={16} /> : <ErrorIcon size={16} />}
      <span className={styles.name}>{word}</span>
      <span>{state}</span>
    </li>
  );
}

function about({ version, processes, database }: System): string {
  return `Playhead ${version}, ${count(processes, "server process", "server processes")}; ${database.kind} ${database.version}, ${bytes(database.size_bytes)}`;
}
