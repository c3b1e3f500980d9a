import { useQuery } from "@tanstack/react-query";
import { InfoIcon } from "@/components/icons";
import { sharingQuery } from "../api/get-sharing";
import { SettingHint } from "./SettingHint";
import styles from "./share-dialog.module.css";

/** The sites that can embed the player, and how to add others. */
export function EmbedSites() {
  const { data } = useQuery(sharingQuery);
  if (!data) return null;
  const sites = data.embed_origins;
  if (sites.includes("*")) return <p className={`dim small ${styles.flat}`}>Any site can embed it.</p>;
  const example = JSON.stringify([...sites, "https://www.example.com"]).replaceAll(",", ", ");
  return (
    <div className={styles.hint} data-sites={sites.length}>
      <InfoIcon size={16} />
      <div>
        {sites.length === 0 ? (
          "No other site can embed the player yet."
        ) : (
          <>
            These sites and this server can embed it:
            <ul className={styles.sites} aria-label="Allowed sites">
              {sites.map((site) => (
                <li key={site} className="mono">
                  {site}
                </li>
              ))}
            </ul>
            To add another:
          </>
        )}
        <SettingHint name="embed_origins" line={`embed_origins = ${example}`} />
      </div>
    </div>
  );
}
