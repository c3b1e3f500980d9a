import { notifications } from "@mantine/notifications";
import { asProblem } from "@/lib/problem";

/** A short word on what was done. */
export const say = (message: string): void => void notifications.show({ message, withBorder: true, color: "teal" });

/** A handler that tells what did not work and why. */
export const showProblem = (title: string) => (error: unknown): void => {
  const problem = asProblem(error);
  const request = problem.requestId ? ` Request ${problem.requestId}.` : "";
  notifications.show({ title, message: `${problem.detail} ${problem.hint ?? ""}${request}`.trim(), color: "red", withBorder: true, autoClose: 10_000 });
};
