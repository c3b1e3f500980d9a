import { Button } from "@mantine/core";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isStatus } from "@/lib/api";
import { EmptyState } from "./EmptyState";
import { ErrorNote } from "./ErrorNote";
import { LostDrawing } from "./LostDrawing";
import { PageHeader } from "./PageHeader";
import { Skeleton } from "./Skeleton";

type Props = {
  /** Title until the subject's own is known. */
  title: string;
  error: unknown;
  onRetry: () => void;
  lead: ReactNode;
  /** What is said of a subject that does not exist, and where one goes from there. */
  missing: string;
  home: { to: LinkProps["to"]; label: string };
  /** A skeleton of the page. */
  children: ReactNode;
};

/** A page whose subject is loading, does not exist, or could not be read. */
export function PendingPage({ title, error, onRetry, lead, missing, home, children }: Props) {
  return (
    <>
      <PageHeader title={error ? title : <Skeleton w={220} h={26} />} lead={lead} />
      {isStatus(error, 404) ? (
        <EmptyState
          drawing={<LostDrawing />}
          action={
            <Button component={Link} to={home.to}>
              {home.label}
            </Button>
          }
        >
          {missing}
        </EmptyState>
      ) : error ? (
        <ErrorNote error={error} onRetry={onRetry} />
      ) : (
        children
      )}
    </>
  );
}
