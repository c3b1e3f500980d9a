import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { PageHeader } from "@/components/PageHeader";
import { useTitle } from "@/lib/hooks";
import { KeysPanel } from "./KeysPanel";
import styles from "./people.module.css";
import { UsersPanel } from "./UsersPanel";

/** For admins: who may come in, and which keys open the API. */
export function SystemPage() {
  useTitle("Users and keys");
  const { tab } = useSearch({ from: "/inside/system" });
  const navigate = useNavigate({ from: "/system" });
  return (
    <>
      <PageHeader title="Users and keys" />
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
