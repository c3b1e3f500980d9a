import { Button } from "@mantine/core";
import { VideoIcon } from "@/components/icons";
import { showProblem } from "@/components/toast";
import { useMakeRenditions } from "../api/make-renditions";

export function MakeRenditionsButton({ videoId }: { videoId: string }) {
  const make = useMakeRenditions(videoId);
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<VideoIcon size={14} />}
      loading={make.isPending}
      onClick={() => make.mutate(undefined, { onError: showProblem("Couldn't start the renditions") })}
    >
      Create renditions
    </Button>
  );
}
