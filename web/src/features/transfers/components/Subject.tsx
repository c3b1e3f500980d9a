import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { videoQuery } from "@/features/videos/api/get-video";

/** The subject of a transfer: the video's title, or its id while the title is unknown. */
export function Subject({ id, linked = false }: { id: string; linked?: boolean }) {
  const isProject = id.startsWith("prj_");
  const isRecording = id.startsWith("rec_");
  const isImage = id.startsWith("img_");
  const { data: video } = useQuery({
    ...videoQuery(id),
    enabled: !isProject && !isRecording && !isImage,
    staleTime: 300_000,
    refetchInterval: false,
    retry: false,
  });
  const name = isProject
    ? "Project preview"
    : isRecording
      ? "Recording"
      : isImage
        ? "Image"
        : (video?.title ?? <span className="mono">{id}</span>);
  if (!linked || isImage) return <strong style={{ fontWeight: 600 }}>{name}</strong>;
  if (isProject)
    return (
      <Link className="link" to="/projects/$projectId" params={{ projectId: id }}>
        {name}
      </Link>
    );
  if (isRecording)
    return (
      <Link className="link" to="/live/recordings/$recordingId" params={{ recordingId: id }}>
        {name}
      </Link>
    );
  return (
    <Link className="link" to="/videos/$videoId" params={{ videoId: id }} title={video?.title}>
      {name}
    </Link>
  );
}
