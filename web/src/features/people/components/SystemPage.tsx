import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { WebhooksPanel } from "@/features/notifications/components/WebhooksPanel";
import { ProvidersPanel } from "@/features/providers/components/ProvidersPanel";
import { RetentionPanel } from "@/features/retention/components/RetentionPanel";
import { meQuery } from "@/features/session/api/get-me";
import { OverviewPanel } from "@/features/system/components/OverviewPanel";
import { TransfersPanel } from "@/features/transfers/components/TransfersPanel";
import { useTitle } from "@/lib/hooks";
import { loadPart } from "@/lib/load-part";
import { usersQuery } from "../api/list-users";
import { KeysPanel } from "./KeysPanel";
import styles from "./people.module.css";
import { UsersPanel } from "./UsersPanel";

const StoragePanel = lazy(() => loadPart(() => import("@/features/library/components/StoragePanel")));
const WatchFoldersPanel = lazy(() => loadPart(() => import("@/features/library/components/WatchFoldersPanel")));

const TABS = ["users", "keys", "providers", "notifications", "transfers", "retention", "storage", "folders"];

/** The admin page: overview, users, API keys, providers, transfers, retention. */
export function SystemPage() {
  useTitle("System");
  const { tab, state } = useSearch({ from: "/inside/system" });
  const navigate = useNavigate({ from: "/system" });
  const { data: me } = useQuery(meQuery);
  const { data: users } = useQuery({ ...usersQuery, enabled: me?.user.role === "admin" });
  const names = useMemo(() => new Map(users?.items.map((user) => [user.id, user.email])), [users]);
  if (me && me.user.role !== "admin") {
    return (
      <>
        <PageHeader title="System" />
        <EmptyState
          action={
            <Button component={Link} to="/library">
              Back to library
            </Button>
          }
        >
          Admins only.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title="System" />
      <div
        className={
          ["users", "keys", "providers", "notifications", "storage", "folders"].includes(tab ?? "")
            ? styles.page
            : `${styles.page} ${styles.broad}`
        }
      >
        <Tabs
          className={styles.tabs}
          value={TABS.includes(tab ?? "") ? tab : "overview"}
          onChange={(value) =>
            void navigate({ search: { tab: value === "overview" ? undefined : (value ?? undefined) }, replace: true })
          }
        >
          <Tabs.List>
            <Tabs.Tab value="overview">Overview</Tabs.Tab>
            <Tabs.Tab value="users">Users</Tabs.Tab>
            <Tabs.Tab value="keys">API keys</Tabs.Tab>
            <Tabs.Tab value="providers">Providers</Tabs.Tab>
            <Tabs.Tab value="notifications">Notifications</Tabs.Tab>
            <Tabs.Tab value="transfers">Transfers</Tabs.Tab>
            <Tabs.Tab value="retention">Retention</Tabs.Tab>
            <Tabs.Tab value="storage">Storage</Tabs.Tab>
            <Tabs.Tab value="folders">Watch folders</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="overview" pt={20}>
            <OverviewPanel />
          </Tabs.Panel>
          <Tabs.Panel value="users" pt={16}>
            <UsersPanel />
          </Tabs.Panel>
          <Tabs.Panel value="keys" pt={16}>
            <KeysPanel />
          </Tabs.Panel>
          <Tabs.Panel value="providers" pt={16}>
            <ProvidersPanel />
          </Tabs.Panel>
          <Tabs.Panel value="retention" pt={20}>
            <RetentionPanel />
          </Tabs.Panel>
          <Tabs.Panel value="storage" pt={20}>
            <Suspense>{tab === "storage" && <StoragePanel />}</Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="folders" pt={20}>
            <Suspense>{tab === "folders" && <WatchFoldersPanel />}</Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="notifications" pt={16}>
            <WebhooksPanel />
          </Tabs.Panel>
          <Tabs.Panel value="transfers" pt={16}>
            <TransfersPanel
              state={state ?? "active"}
              onState={(wanted) =>
                void navigate({ search: { tab, state: wanted === "ended" ? wanted : undefined }, replace: true })
              }
              names={names}
            />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
