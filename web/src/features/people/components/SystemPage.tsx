import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { meQuery } from "@/features/session/api/get-me";
import { useTitle } from "@/lib/hooks";
import { KeysPanel } from "./KeysPanel";
import styles from "./people.module.css";
import { UsersPanel } from "./UsersPanel";

/** For admins: who may come in, and which keys open the API. */
export function SystemPage() {
  useTitle("System");
  const { tab } = useSearch({ from: "/inside/system" });
  const navigate = useNavigate({ from: "/system" });
  const { data: me } = useQuery(meQuery);
  if (me && me.user.role !== "admin") {
    return (
      <>
        <PageHeader title="System" />
        <EmptyState action={<Button component={Link} to="/library">Back to the library</Button>}>Only admins manage users.</EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title="System" />
      <div className={styles.page}>
        <Tabs value={tab ?? "users"} onChange={(value) => void navigate({ search: { tab: value === "users" ? undefined : (value ?? undefined) }, replace: true })}>
          <Tabs.List>
            <Tabs.Tab value="users">Users</Tabs.Tab>
            <Tabs.Tab value="keys">API keys</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="users" pt={16}><UsersPanel /></Tabs.Panel>
          <Tabs.Panel value="keys" pt={16}><KeysPanel /></Tabs.Panel>
        </Tabs>
      </div>
    </>
  );
}
