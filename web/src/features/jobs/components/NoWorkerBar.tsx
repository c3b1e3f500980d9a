import { useQuery } from "@tanstack/react-query";
import { createPortal } from "react-dom";
import { Bar, barsBox } from "@/components/Bar";
import { ErrorIcon } from "@/components/icons";
import { workersQuery } from "../api/get-workers";

/** Why jobs wait, over every page, as long as no worker takes them. */
export function NoWorkerBar() {
  const { data } = useQuery(workersQuery);
  const problem = data?.problem;
  const box = barsBox();
  if (!problem || problem.code === "worker_starting" || !box) return null;
  const words = [problem.message, problem.reason, problem.hint].filter(Boolean).join(" ");
  return createPortal(<Bar icon={<ErrorIcon size={16} />}>{words}</Bar>, box);
}
