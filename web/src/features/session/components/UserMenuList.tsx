import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { CheckIcon, KeyboardIcon, MoonIcon, SignOutIcon, SunIcon, SystemSchemeIcon, UserIcon } from "@/components/icons";
import { announce, person } from "@/lib/person";
import { meQuery } from "../api/get-me";
import { useSignOut } from "../api/sign-out";
import { AccountButton } from "./AccountButton";
import styles from "./UserMenu.module.css";

const SCHEMES = [
  { value: "auto", label: "As the system", icon: SystemSchemeIcon },
  { value: "light", label: "Light", icon: SunIcon },
  { value: "dark", label: "Dark", icon: MoonIcon },
] as const;

type Props = { label: string; onShowKeys: () => void };

/** Who is signed in, the colours, the keys, the way out. Open from its first moment. */
export default function UserMenuList({ label, onShowKeys }: Props) {
  const { data: me } = useQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: async () => {
        person.set(null);
        announce(null);
        await navigate({ to: "/sign-in" });
        client.clear();
      },
    });
  return (
    <Menu position="bottom-end" width={230} defaultOpened>
      <Menu.Target><AccountButton label={label} /></Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <div className="clip-text">{label}</div>
          {me?.user.name && <div className="clip-text dim tiny">{me.user.email}</div>}
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<UserIcon size={16} />}>Account and keys</Menu.Item>
        <Menu.Item leftSection={<KeyboardIcon size={16} />} rightSection={<kbd className={styles.key}>?</kbd>} onClick={onShowKeys}>Keyboard</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item key={value} closeMenuOnClick={false} leftSection={<Icon size={16} />} rightSection={colorScheme === value ? <CheckIcon size={15} /> : null} aria-current={colorScheme === value} onClick={() => setColorScheme(value)}>
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon size={16} />} onClick={leave}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
