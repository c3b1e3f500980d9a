import { useLayoutEffect, useRef } from "react";
import { BARS, Bar } from "@/components/Bar";
import { OfflineIcon, RetryIcon } from "@/components/icons";
import { useCell } from "@/lib/cell";
import { useNow, useOnline } from "@/lib/hooks";
import { loadAnew, outdated } from "@/lib/load-part";
import { away, nextProbe, tryNow } from "@/lib/reach";
import styles from "./Bars.module.css";

/** Banners about the whole application; they push the page down and cover nothing. */
export function Bars() {
  const isAway = useCell(away);
  const isOutdated = useCell(outdated);
  const online = useOnline();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const root = document.documentElement;
    const observer = new ResizeObserver(() => root.style.setProperty("--bars", `${box.current?.offsetHeight ?? 0}px`));
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => void document.documentElement.toggleAttribute("data-away", isAway), [isAway]);
  return (
    <div ref={box} id={BARS} className={styles.bars}>
      {isAway && (
        <Bar
          icon={<OfflineIcon size={16} />}
          action={
            <button type="button" onClick={tryNow}>
              Try now
            </button>
          }
        >
          {online ? "Playhead can't be reached." : "This device is offline. Playhead can't be reached."} <NextTry />
        </Bar>
      )}
      {isOutdated && !isAway && (
        <Bar
          icon={<RetryIcon size={15} />}
          action={
            <button type="button" onClick={() => loadAnew(window.location.href)}>
              Reload
            </button>
          }
        >
          Playhead was updated. Reload when you are done
        </Bar>
      )}
    </div>
  );
}

/** When the next attempt is; silent for screen readers, which would read every second. */
function NextTry() {
  const at = useCell(nextProbe);
  const now = useNow(1_000);
  const seconds = at === null ? 0 : Math.floor((at - now) / 1000);
  return <span aria-hidden="true">{seconds > 1 ? `Trying again in ${seconds} s` : "Trying again"}</span>;
}
