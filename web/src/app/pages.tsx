import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { LostDrawing } from "@/components/drawings";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { PageHeader } from "@/components/PageHeader";
import { Skeleton } from "@/components/Skeleton";
import { useTitle } from "@/lib/hooks";

export function NotFoundPage() {
  useTitle("Not found");
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState drawing={<LostDrawing />} action={<Button component={Link} to="/library">To the library</Button>}>
        There is no page at this address.
      </EmptyState>
    </>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useTitle("Error");
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main style={{ padding: "24px 16px" }}>
      <ErrorNote error={error} onRetry={again} />
    </main>
  );
}

export function PagePending() {
  return (
    <div style={{ padding: 24 }} aria-busy="true">
      <Skeleton w={180} h={26} />
      <Skeleton h={320} style={{ marginTop: 24 }} />
    </div>
  );
}
