import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  BellIcon,
  CoinIcon,
  KeyboardIcon,
  MoonIcon,
  SignOutIcon,
  SunIcon,
  SystemSchemeIcon,
} from "@/components/account-icons";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CheckIcon, UserIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import { uploadQueue } from "@/features/uploads/queue";
import { signedOff } from "@/lib/person";
import { meQuery } from "../api/get-me";
import { useSignOut } from "../api/sign-out";
import { AccountButton } from "./AccountButton";
import styles from "./UserMenu.module.css";

const SCHEMES = [
  { value: "auto", label: "System", icon: SystemSchemeIcon },
  { value: "light", label: "Light", icon: SunIcon },
  { value: "dark", label: "Dark", icon: MoonIcon },
] as const;

type Props = { label: string; onShowKeys: () => void };

/** The account menu: user, theme, shortcuts, sign-out. Mounted open. */
export default function UserMenuList({ label, onShowKeys }: Props) {
  const { data: me } = useQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const [asking, setAsking] = useState(false);
  const leave = () => signOut.mutate(undefined, { onSuccess: signedOff, onError: showProblem("Couldn't sign out") });
  return (
    <>
      <Menu position="bottom-end" width={230} defaultOpened>
        <Menu.Target>
          <AccountButton label={label} />
        </Menu.Target>
        <Menu.Dropdown>
          <div className={styles.who}>
            <div className="clip-text">{label}</div>
            {me?.user.name && <div className="clip-text dim tiny">{me.user.email}</div>}
          </div>
          <Menu.Divider />
          <Menu.Item component={Link} to="/account" leftSection={<UserIcon size={16} />}>
            Account and API keys
          </Menu.Item>
          <Menu.Item component={Link} to="/notifications" leftSection={<BellIcon size={16} />}>
            Notifications
          </Menu.Item>
          <Menu.Item component={Link} to="/spending" leftSection={<CoinIcon size={16} />}>
            Spending
          </Menu.Item>
          <Menu.Item
            leftSection={<KeyboardIcon size={16} />}
            rightSection={<kbd className={styles.key}>?</kbd>}
            onClick={onShowKeys}
          >
            Keyboard
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>Theme</Menu.Label>
          {SCHEMES.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              closeMenuOnClick={false}
              leftSection={<Icon size={16} />}
              rightSection={colorScheme === value ? <CheckIcon size={15} /> : null}
              aria-current={colorScheme === value}
              onClick={() => setColorScheme(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<SignOutIcon size={16} />}
            onClick={() => (uploadQueue.busy() ? setAsking(true) : leave())}
          >
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking}
        title="Sign out while files upload?"
        action="Sign out"
        busy={signOut.isPending}
        onClose={() => setAsking(false)}
        onConfirm={leave}
      >
        The uploads stop. Select or drop the same files after the next sign-in to continue.
      </ConfirmDialog>
    </>
  );
}
