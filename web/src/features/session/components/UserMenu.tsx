import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { loadPart } from "@/lib/load-part";
import { meQuery } from "../api/get-me";
import { AccountButton } from "./AccountButton";

const load = () => loadPart(() => import("./UserMenuList"));
const UserMenuList = lazy(load);
const QUIET_MS = 4_000; // until the menu is preloaded, in case the server is unreachable later

/** The account button; its menu is loaded on hover or when idle. */
export function UserMenu({ onShowKeys }: { onShowKeys: () => void }) {
  const { data: me } = useQuery(meQuery);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load(), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  const label = me?.user.name || me?.user.email || "";
  const button = (
    <AccountButton
      label={label}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onClick={() => setWanted(true)}
    />
  );
  return wanted ? (
    <Suspense fallback={button}>
      <UserMenuList label={label} onShowKeys={onShowKeys} />
    </Suspense>
  ) : (
    button
  );
}
