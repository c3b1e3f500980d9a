import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useMemo, useState } from "react";
import { EmptyState } from "@/components/EmptyState";
import { ErrorNote } from "@/components/ErrorNote";
import { LostDrawing } from "@/components/LostDrawing";
import { Skeleton } from "@/components/Skeleton";
import type { SharedVideo } from "@/gen";
import { isStatus } from "@/lib/api";
import { useCell } from "@/lib/cell";
import { useTitle } from "@/lib/hooks";
import { sharedQuery } from "../api/get-shared";
import { SharedVisit } from "../shared-visit";
import styles from "./shared.module.css";

type Props = { token: string; children: (video: SharedVideo, visit: SharedVisit) => ReactNode };

/** The gate of a share link: password, not found, not ready, then its children. */
export function SharedDoor({ token, children }: Props) {
  const visit = useMemo(() => new SharedVisit(token), [token]);
  const locked = useCell(visit.locked);
  const { data: shared, error, refetch } = useQuery(sharedQuery(token));
  const closed = shared?.password_required ?? false;
  const behind = useQuery({
    queryKey: ["shared", token, "behind"],
    queryFn: () => visit.play({ kind: "thumbnail" }),
    enabled: closed && !locked,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const video = closed ? (locked ? undefined : behind.data?.video) : shared;
  const problem = error ?? (locked ? null : behind.error);
  useTitle(video?.title ?? (problem ? "Not found" : "Video"));
  if (isStatus(problem, 404)) {
    return (
      <div className={styles.middle}>
        <EmptyState drawing={<LostDrawing />}>
          {problem.detail} {problem.hint}
        </EmptyState>
      </div>
    );
  }
  if (problem && !video)
    return (
      <div className={styles.middle}>
        <ErrorNote error={problem} onRetry={() => void (error ? refetch() : behind.refetch())} />
      </div>
    );
  if (closed && locked)
    return (
      <div className={styles.middle}>
        <PasswordForm visit={visit} onEntered={() => void behind.refetch()} />
      </div>
    );
  if (!video) return <Skeleton style={{ aspectRatio: "16 / 9", height: "auto", maxHeight: "100dvh" }} />;
  if (video.state !== "ready")
    return (
      <div className={styles.middle}>
        <EmptyState>This video isn't ready yet. Try again later.</EmptyState>
      </div>
    );
  return children(video, visit);
}

function PasswordForm({ visit, onEntered }: { visit: SharedVisit; onEntered: () => void }) {
  const [password, setPassword] = useState("");
  const enter = useMutation({ mutationFn: () => visit.enter(password), onSuccess: onEntered });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <Stack gap={12}>
        <PasswordInput
          label="This video needs a password"
          description="Ask the person who sent you the link."
          required
          withAsterisk={false}
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {enter.error && <ErrorNote error={enter.error} compact />}
        <Button type="submit" loading={enter.isPending} style={{ alignSelf: "flex-start" }}>
          Watch
        </Button>
      </Stack>
    </form>
  );
}
