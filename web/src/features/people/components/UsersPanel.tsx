import { ActionIcon, Button, Menu, Modal, PasswordInput, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { CheckCircleIcon, MoreIcon, PlusIcon, StopIcon, TrashIcon } from "@/components/icons";
import { RelativeTime } from "@/components/RelativeTime";
import { Skeleton } from "@/components/Skeleton";
import { say, showProblem } from "@/components/toast";
import { meQuery } from "@/features/session/api/get-me";
import type { User } from "@/gen";
import { count } from "@/lib/format";
import { Problem } from "@/lib/problem";
import { useCreateUser } from "../api/create-user";
import { useDeleteUser } from "../api/delete-user";
import { usersQuery } from "../api/list-users";
import { useUpdateUser } from "../api/update-user";
import styles from "./people.module.css";

type Role = User["role"];

const ROLES = [
  { value: "member", label: "Member: own videos and projects" },
  { value: "admin", label: "Admin: also users and the system" },
];

export function UsersPanel() {
  const { data, error, isPending, refetch } = useQuery(usersQuery);
  const { data: me } = useQuery(meQuery);
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState<User | null>(null);
  const update = useUpdateUser();
  const remove = useDeleteUser();
  const change = (user: User, body: { role?: Role; disabled?: boolean }) =>
    update.mutate({ id: user.id, ...body }, { onError: showProblem("Couldn't change the user") });
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <div className={styles.bar}>
        <span className="dim">{data && count(data.items.length, "user")}</span>
        <Button leftSection={<PlusIcon size={16} />} onClick={() => setAdding(true)}>
          Add user
        </Button>
      </div>
      {isPending && <Skeleton h={120} />}
      {data && (
        <Table className={styles.table}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Email</Table.Th>
              <Table.Th className={styles.wide}>Name</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th className={styles.wide}>Last sign-in</Table.Th>
              <Table.Th w={48}>
                <span className="only-read">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((user) => (
              <Table.Tr key={user.id} className={user.disabled ? styles.off : undefined}>
                <Table.Td>
                  {user.email}
                  {user.id === me?.user.id && <span className="dim"> (you)</span>}
                  {user.disabled && <span className="dim"> (switched off)</span>}
                </Table.Td>
                <Table.Td className={styles.wide}>{user.name || "–"}</Table.Td>
                <Table.Td>{user.role === "admin" ? "Admin" : "Member"}</Table.Td>
                <Table.Td className={styles.wide}>
                  {user.last_sign_in_at ? <RelativeTime time={user.last_sign_in_at} /> : "never"}
                </Table.Td>
                <Table.Td>
                  {user.id !== me?.user.id && (
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <ActionIcon size={32} aria-label={`More actions for ${user.email}`}>
                          <MoreIcon size={16} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item onClick={() => change(user, { role: user.role === "admin" ? "member" : "admin" })}>
                          {user.role === "admin" ? "Change to member" : "Change to admin"}
                        </Menu.Item>
                        <Menu.Item
                          leftSection={user.disabled ? <CheckCircleIcon size={16} /> : <StopIcon size={16} />}
                          onClick={() => change(user, { disabled: !user.disabled })}
                        >
                          {user.disabled ? "Enable" : "Disable"}
                        </Menu.Item>
                        <Menu.Divider />
                        <Menu.Item
                          color="var(--state-red)"
                          leftSection={<TrashIcon size={16} />}
                          onClick={() => setDeleting(user)}
                        >
                          Delete
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <AddUserDialog opened={adding} onClose={() => setAdding(false)} />
      <ConfirmDialog
        opened={deleting !== null}
        title="Delete this user?"
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onClose={() => {
          setDeleting(null);
          remove.reset();
        }}
        onConfirm={() =>
          deleting &&
          remove.mutate(deleting.id, {
            onSuccess: () => {
              say(`Deleted ${deleting.email}`);
              setDeleting(null);
            },
          })
        }
      >
        <Text style={{ overflowWrap: "anywhere" }}>{deleting?.email}</Text>
        <Text className="dim" mt={12}>
          They are signed out and their keys stop working. To keep the account, disable it instead.
        </Text>
      </ConfirmDialog>
    </>
  );
}

function AddUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add user" size={420}>
      <AddUserForm onDone={onClose} />
    </Modal>
  );
}

function AddUserForm({ onDone }: { onDone: () => void }) {
  const create = useCreateUser();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("member");
  const fields = create.error instanceof Problem ? create.error.fields : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ email: email.trim(), name: name.trim() || undefined, password, role }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap={14}>
        <TextInput
          label="Email"
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fields.email}
          autoComplete="off"
        />
        <TextInput
          label="Name"
          description="Optional"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
          autoComplete="off"
        />
        <PasswordInput
          label="Initial password"
          description="At least 10 characters; they can change it"
          required
          withAsterisk={false}
          minLength={10}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fields.password}
          autoComplete="new-password"
        />
        <Select label="Role" data={ROLES} value={role} onChange={(value) => setRole(value as Role)} />
        {create.error && <ErrorNote error={create.error} compact />}
        <Button type="submit" loading={create.isPending} style={{ alignSelf: "flex-end" }}>
          Add user
        </Button>
      </Stack>
    </form>
  );
}
