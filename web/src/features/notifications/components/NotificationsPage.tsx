import { PageHeader } from "@/components/PageHeader";
import { useTitle } from "@/lib/hooks";
import styles from "./notifications.module.css";
import { WebhooksPanel } from "./WebhooksPanel";

/** The page of the person's webhooks. */
export function NotificationsPage() {
  useTitle("Notifications");
  return (
    <>
      <PageHeader title="Notifications" />
      <div className={styles.page}>
        <WebhooksPanel />
      </div>
    </>
  );
}
