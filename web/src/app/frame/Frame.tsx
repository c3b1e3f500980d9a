import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, type RefObject, Suspense, useEffect, useLayoutEffect, useRef, useState } from "react";
import { HeaderEnd } from "@/components/PageHeader";
import { NoWorkerBar } from "@/features/jobs/components/NoWorkerBar";
import { UserMenu } from "@/features/session/components/UserMenu";
import { DropZone } from "@/features/uploads/components/DropZone";
import { Uploads } from "@/features/uploads/components/Uploads";
import { useCell } from "@/lib/cell";
import { loadPart } from "@/lib/load-part";
import { away } from "@/lib/reach";
import { signedOut } from "@/lib/signed-out";
import { endSplash } from "@/lib/splash";
import { BackgroundJobs } from "./BackgroundJobs";
import styles from "./Frame.module.css";
import { useGlobalKeys } from "./global-keys";
import { Rail } from "./Rail";

const loadSignedOut = () => loadPart(() => import("@/features/session/components/SignedOutDialog"));
const KeysDialog = lazy(() => loadPart(() => import("./KeysDialog")));
const SignedOutDialog = lazy(loadSignedOut);
const QUIET_MS = 4_000; // until the parts that must work offline are preloaded

/** The frame around every page of a signed-in user. */
export function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isAway = useCell(away);
  const lost = useCell(signedOut);
  const [keysShown, setKeysShown] = useState(false);
  const float = useRef<HTMLDivElement>(null);
  useRoomFor(float);
  useGlobalKeys(() => setKeysShown(true));
  useLayoutEffect(endSplash, []);
  useEffect(() => {
    const timer = setTimeout(() => void loadSignedOut(), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <NoWorkerBar />
      <div className={styles.frame}>
        <Rail path={path} />
        <HeaderEnd value={<UserMenu onShowKeys={() => setKeysShown(true)} />}>
          <main id="main" tabIndex={-1} className={styles.main}>
            <Outlet />
          </main>
        </HeaderEnd>
      </div>
      <div ref={float} className={styles.float}>
        <Uploads />
        {!isAway && <BackgroundJobs />}
      </div>
      <DropZone />
      <Suspense>
        {keysShown && <KeysDialog opened onClose={() => setKeysShown(false)} />}
        {lost && <SignedOutDialog />}
      </Suspense>
    </>
  );
}

/** Bottom padding for floating elements, so that the last line of a page can be scrolled into view. */
function useRoomFor(float: RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    const observer = new ResizeObserver(() =>
      root.style.setProperty("--float", `${float.current?.offsetHeight ?? 0}px`),
    );
    if (float.current) observer.observe(float.current);
    return () => observer.disconnect();
  }, [float]);
}
