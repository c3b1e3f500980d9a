import { ActionIcon, Tooltip } from "@mantine/core";
import type { View } from "@/features/videos/view";
import { GridIcon, RowsIcon } from "../library-icons";

/** Switches between posters and a list. */
export default function ViewSwitch({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const other = view === "grid" ? "list" : "grid";
  return (
    <Tooltip label={`Show as ${other}`}>
      <ActionIcon size={30} variant="default" aria-label={`Show as ${other}`} onClick={() => onChange(other)}>
        {other === "list" ? <RowsIcon size={16} /> : <GridIcon size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
