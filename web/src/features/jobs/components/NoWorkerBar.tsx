import { useQuery } from "@tanstack/react-query";
import { ErrorIcon } from "@/components/icons";
import { workersQuery } from "../api/get-workers";
import styles from "./NoWorkerBar.module.css";

/** Why jobs wait, over every page, as long as no worker takes them. */
export function NoWorkerBar() {
  const { data } = useQuery(workersQuery);
  const problem = data?.problem;
  if (!problem || problem.code === "worker_starting") return null;
  return (
    <div className={styles.bar} role="status">
      <ErrorIcon size={16} />
      <span>{[problem.message, problem.reason, problem.hint].filter(Boolean).join(" ")}</span>
    </div>
  );
}
