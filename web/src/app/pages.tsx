import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter, useRouterState } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { LostDrawing } from "@/components/LostDrawing";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { useTitle } from "@/lib/hooks";
import { endSplash } from "@/lib/splash";
import styles from "./pages.module.css";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        drawing={<LostDrawing />}
        action={
          <Button component={Link} to="/library">
            Go to library
          </Button>
        }
      >
        This page doesn't exist.
      </EmptyState>
    </>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useTitle("Error");
  useLayoutEffect(endSplash, []);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <>
      <PageHeader title={useRoom()} />
      <ErrorNote error={error} onRetry={again} />
    </>
  );
}

/** The skeleton of a page whose script is loading. */
export function PagePending() {
  return (
    <>
      <PageHeader title={useRoom()} />
      <div className={styles.pending} aria-busy="true">
        {Array.from({ length: 12 }, (_, n) => (
          <div key={n}>
            <Skeleton h="auto" style={{ aspectRatio: "16 / 9" }} />
            <Skeleton w="65%" h={13} style={{ marginTop: 10 }} />
          </div>
        ))}
      </div>
    </>
  );
}

/** While the session is checked: the splash of the page's HTML, as long as it is shown. */
export function FramePending() {
  return document.getElementById("splash") ? null : <PagePending />;
}

const ROOMS: Record<string, string> = {
  library: "Library",
  videos: "Video",
  projects: "Projects",
  jobs: "Jobs",
  account: "Account",
  spending: "Spending",
  system: "System",
};

/** The title of the page at the current URL. */
const useRoom = (): string =>
  useRouterState({ select: ({ location }) => ROOMS[location.pathname.split("/")[1] ?? ""] ?? "Playhead" });
