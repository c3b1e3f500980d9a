import { Menu } from "@mantine/core";
import { ReplaceIcon } from "@/components/edit-icons";
import { DownloadIcon } from "@/components/icons";
import type { Recording } from "@/gen";
import { urls } from "@/lib/urls";

type Props = { recording: Recording; onRepair: () => void };

/** Menu items of a recording that is a video. */
export function FinishedItems({ recording: { id, state, video_id, gaps }, onRepair }: Props) {
  if (state !== "ready" || !video_id) return null;
  return (
    <>
      {gaps.length > 0 && (
        <Menu.Item leftSection={<ReplaceIcon size={16} />} onClick={onRepair}>
          Repair gaps…
        </Menu.Item>
      )}
      <Menu.Item component="a" href={urls.sidecars(id)} download leftSection={<DownloadIcon size={16} />}>
        Download sidecars
      </Menu.Item>
    </>
  );
}
