import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Poster } from "@/components/Poster";
import { duration } from "@/lib/format";
import { continueQuery } from "../api/watch";
import styles from "./library.module.css";

/** Videos that were begun, to go on with; nothing while there are none. */
export default function ContinueRow() {
  const { data } = useQuery(continueQuery);
  if (!data || data.items.length === 0) return null;
  return (
    <section className={styles.continue} aria-labelledby="continue">
      <h2 id="continue">Continue watching</h2>
      <div className={styles.strip}>
        {data.items.map((video) => {
          const at = video.watch?.position_s ?? 0;
          return (
            <Link key={video.id} className={styles.begun} to="/videos/$videoId" params={{ videoId: video.id }}>
              <span className={styles.still}>
                <Poster url={video.poster_url} state={video.state} />
                <span className={styles.done} style={{ width: `${(100 * at) / (video.duration_s || 1)}%` }} />
              </span>
              <span className={styles.name} title={video.title}>
                {video.title}
              </span>
              <span className="dim small">{duration((video.duration_s ?? 0) - at)} left</span>
            </Link>
          );
        })}
      </div>
    </section>
  );
}
