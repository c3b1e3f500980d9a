import { Progress } from "@mantine/core";
import type { SpendingCap } from "@/gen";
import { dollars } from "@/lib/money";
import { capWord, countedWords, isCounted } from "../words";
import styles from "./spending.module.css";

/** Limits on spending, and how much of each is used. */
export function CapBars({ caps, unknownAs }: { caps: SpendingCap[]; unknownAs: number }) {
  if (caps.length === 0)
    return (
      <p className="dim small">
        No limits are set. The operator can set some: <code>spend_cap_day</code>, <code>spend_cap_user</code>,{" "}
        <code>spend_cap_project</code> and <code>spend_cap_generation</code>.
      </p>
    );
  return (
    <section>
      <h2>Limits</h2>
      <ul className={styles.caps}>
        {caps.map((cap) => (
          <li key={cap.name} data-cap={cap.name}>
            <span className={styles.cap}>
              <span>{capWord(cap)}</span>
              <span className="grow" />
              <span>{isCounted(cap) ? `${dollars(cap.counted)} of ${dollars(cap.limit)}` : dollars(cap.limit)}</span>
            </span>
            {isCounted(cap) && (
              <>
                <Progress
                  value={cap.limit > 0 ? Math.min(100, (cap.counted / cap.limit) * 100) : 100}
                  color={cap.counted >= cap.limit ? "red" : undefined}
                  size={6}
                  aria-label={`Used of the limit: ${capWord(cap)}`}
                />
                <span className="dim tiny">{countedWords(cap, unknownAs)}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
