import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { OfflineIcon } from "@/components/icons";
import { HeaderEnd } from "@/components/PageHeader";
import { JobsPill } from "@/features/jobs/components/JobsPill";
import { NoWorkerBar } from "@/features/jobs/components/NoWorkerBar";
import { UserMenu } from "@/features/session/components/UserMenu";
import { DropZone } from "@/features/uploads/components/DropZone";
import { UploadTray } from "@/features/uploads/components/UploadTray";
import { useCell } from "@/lib/cell";
import { useOnline } from "@/lib/hooks";
import { signedOut } from "@/lib/signed-out";
import styles from "./Frame.module.css";
import { useGlobalKeys } from "./global-keys";
import { Rail } from "./Rail";

const KeysDialog = lazy(() => import("./KeysDialog"));
const SignedOutDialog = lazy(() => import("@/features/session/components/SignedOutDialog"));

/** What stands around every page once one is signed in. */
export function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const online = useOnline();
  const lost = useCell(signedOut);
  const [keysShown, setKeysShown] = useState(false);
  useGlobalKeys(() => setKeysShown(true));
  return (
    <>
      <a href="#main" className={styles.skip}>Skip to the page</a>
      {!online && (
        <div className={styles.offline} role="status">
          <OfflineIcon size={16} /> Offline. What you type is kept and saved when the connection is back.
        </div>
      )}
      <NoWorkerBar />
      <div className={styles.frame}>
        <Rail path={path} />
        <HeaderEnd value={<UserMenu onShowKeys={() => setKeysShown(true)} />}>
          <main id="main" tabIndex={-1} className={styles.main}>
            <Outlet />
          </main>
        </HeaderEnd>
      </div>
      <div className={styles.float}>
        <UploadTray />
        <JobsPill />
      </div>
      <DropZone />
      <Suspense>
        {keysShown && <KeysDialog opened onClose={() => setKeysShown(false)} />}
        {lost && <SignedOutDialog />}
      </Suspense>
    </>
  );
}
