import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { videoQuery } from "@/features/videos/api/get-video";

/** What is sent: the video's title, or its id while that is not known (any more). */
export function Subject({ id, linked = false }: { id: string; linked?: boolean }) {
  const isProject = id.startsWith("prj_");
  const { data: video } = useQuery({
    ...videoQuery(id),
    enabled: !isProject,
    staleTime: 300_000,
    refetchInterval: false,
    retry: false,
  });
  const name = isProject ? "Project preview" : (video?.title ?? <span className="mono">{id}</span>);
  if (!linked) return <strong style={{ fontWeight: 600 }}>{name}</strong>;
  if (isProject)
    return (
      <Link className="link" to="/projects/$projectId" params={{ projectId: id }}>
        {name}
      </Link>
    );
  return (
    <Link className="link" to="/videos/$videoId" params={{ videoId: id }} title={video?.title}>
      {name}
    </Link>
  );
}
