import { useEffect, useState } from "react";
import type { Recording } from "@/gen";
import { highest, pointsOf, type Rate, withRate } from "../rates";
import { rateWords } from "../recording-words";
import styles from "./RecordingPage.module.css";

const SIZE = { width: 320, height: 56 };

/** What was received in the last five minutes, as long as this page is open. */
export function RateGraph({ recording, seenAt }: { recording: Recording; seenAt: number }) {
  const [rates, setRates] = useState<readonly Rate[]>([]);
  const rate = recording.bytes_per_s;
  useEffect(() => setRates((before) => withRate(before, { at: seenAt, rate })), [seenAt, rate]);
  const points = pointsOf(rates, seenAt, SIZE);
  return (
    <figure className={styles.graph}>
      <figcaption>
        <span>Received</span>
        <strong>{rateWords(rate)}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Received, last 5 minutes"
      >
        <polyline points={points} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={styles.scale}>
        <span>5 min ago</span>
        <span>at most {rateWords(highest(rates))}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
