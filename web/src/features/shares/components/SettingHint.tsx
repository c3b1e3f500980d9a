import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CopyButton } from "@/components/CopyButton";
import { meQuery } from "@/features/session/api/get-me";
import styles from "./share-dialog.module.css";

type Props = {
  /** As in `playhead.toml`. */
  name: string;
  /** A full line of `playhead.toml`. */
  line: string;
};

/** How to change a setting: the line to add for admins, whom to ask for others. */
export function SettingHint({ name, line }: Props) {
  const { data: me } = useQuery(meQuery);
  if (me?.user.role !== "admin")
    return (
      <>
        {" "}
        Ask the operator of this server to set <span className="mono">{name}</span>.
      </>
    );
  return (
    <>
      {" "}
      Add this line to <span className="mono">playhead.toml</span> and restart the server (see the{" "}
      <Link className="link" to="/system">
        active settings
      </Link>{" "}
      and Sharing in the manual):
      <span className={styles.setting}>
        <code className="mono">{line}</code>
        <CopyButton value={line} label={`Copy the line for ${name}`} />
      </span>
    </>
  );
}
