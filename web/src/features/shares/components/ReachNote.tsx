import { useQuery } from "@tanstack/react-query";
import { InfoIcon } from "@/components/icons";
import { sharingQuery } from "../api/get-sharing";
import { SettingHint } from "./SettingHint";
import styles from "./share-dialog.module.css";

const NEAR = {
  computer: "Only this computer can open this link.",
  network: "Only your local network can open this link.",
};

/** A note about links that only work on this computer or network. */
export function ReachNote() {
  const { data } = useQuery(sharingQuery);
  if (!data || data.reach === "internet") return null;
  return (
    <div className={styles.hint} data-reach={data.reach}>
      <InfoIcon size={16} />
      <div>
        {NEAR[data.reach]}
        <SettingHint name="public_url" line={'public_url = "https://video.example.com"'} />
      </div>
    </div>
  );
}
