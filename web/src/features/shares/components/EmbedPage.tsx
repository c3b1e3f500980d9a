import { useParams, useSearch } from "@tanstack/react-router";
import { SharedDoor } from "./SharedDoor";
import { SharedPlayer } from "./SharedPlayer";
import styles from "./shared.module.css";

/** The embedded player, filling its iframe. */
export function EmbedPage() {
  const { token } = useParams({ from: "/embed/$token" });
  const { t } = useSearch({ from: "/embed/$token" });
  return (
    <main className={styles.embed}>
      <SharedDoor key={token} token={token}>
        {(video, visit) => (
          <>
            <h1 className="only-read">{video.title}</h1>
            <SharedPlayer visit={visit} video={video} startAt={t} />
          </>
        )}
      </SharedDoor>
    </main>
  );
}
