import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckCircleIcon, ChevronIcon, ErrorIcon, InfoIcon, RetryIcon, StaleIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { meQuery } from "@/features/session/api/get-me";
import type { DoctorFinding } from "@/gen";
import { doctorQuery } from "../api/get-doctor";
import styles from "./Doctor.module.css";

const ICONS = { ok: CheckCircleIcon, warning: StaleIcon, failed: ErrorIcon, off: InfoIcon };
const WORDS = { ok: "Works", warning: "Check this", failed: "Fails", off: "Not used" };

/** Whether broadcasts are detected, for admins: closed until they look. */
export function Doctor() {
  const { data: me } = useQuery(meQuery);
  const [opened, setOpened] = useState(false);
  if (me?.user.role !== "admin") return null;
  return (
    <section className={styles.doctor} aria-labelledby="doctor">
      <h2 id="doctor">
        <button type="button" className={styles.toggle} aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <ChevronIcon size={16} className={styles.chevron} />
          Detection
        </button>
      </h2>
      {opened && <Findings />}
    </section>
  );
}

function Findings() {
  const { data, error, isFetching, refetch } = useQuery(doctorQuery);
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={260} />;
  return (
    <>
      <ul className={styles.findings} aria-label="Findings">
        {data.findings.map((finding) => (
          <Finding key={finding.name} finding={finding} />
        ))}
      </ul>
      <p className={`dim small ${styles.foot}`}>
        <span>
          Examined <RelativeTime time={data.checked_at} />
        </span>
        <Button
          variant="default"
          size="xs"
          loading={isFetching}
          leftSection={<RetryIcon size={14} />}
          onClick={() => void refetch()}
        >
          Examine again
        </Button>
      </p>
    </>
  );
}

function Finding({ finding }: { finding: DoctorFinding }) {
  const Icon = ICONS[finding.verdict];
  return (
    <li data-verdict={finding.verdict}>
      <span className={styles.icon} role="img" aria-label={WORDS[finding.verdict]}>
        <Icon size={16} />
      </span>
      <span className={styles.title}>{finding.title}</span>
      <span className={styles.words}>
        {finding.detail}
        {finding.at && (
          <span className="dim">
            {" "}
            Last seen <RelativeTime time={finding.at} />.
          </span>
        )}
        {finding.hint && finding.verdict !== "ok" && <span className={styles.hint}>{finding.hint}</span>}
      </span>
    </li>
  );
}
