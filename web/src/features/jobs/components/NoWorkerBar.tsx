import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";
import { Bar, barsBox } from "@/components/Bar";
import { ErrorIcon } from "@/components/icons";
import { useCell } from "@/lib/cell";
import { away } from "@/lib/reach";
import { workersQuery } from "../api/get-workers";

/** A banner that explains why jobs wait while no worker is running; hidden while the server is unreachable. */
export function NoWorkerBar() {
  const { data } = useQuery(workersQuery);
  const problem = data?.problem;
  const isAway = useCell(away);
  const box = barsBox();
  if (isAway || !problem || problem.code === "worker_starting" || !box) return null;
  const words = [problem.message, problem.reason, problem.hint].filter(Boolean).join(" ");
  return createPortal(<Bar icon={<ErrorIcon size={16} />}>{words}</Bar>, box);
}
