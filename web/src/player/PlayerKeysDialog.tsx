import { Modal, Table } from "@mantine/core";
import { PLAYER_KEYS } from "./keys";

/** The player's shortcuts, on pages with only a player. */
export default function PlayerKeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" size={380}>
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          {PLAYER_KEYS.map(([key, does]) => (
            <Table.Tr key={key}>
              <Table.Td pl={0}>{does}</Table.Td>
              <Table.Td pr={0} ta="right">
                <kbd className="key">{key}</kbd>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
