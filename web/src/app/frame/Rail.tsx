import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { JobsIcon, LibraryIcon, LiveIcon, ProjectsIcon, SystemIcon } from "@/components/icons";
import { Mark } from "@/components/Mark";
import { meQuery } from "@/features/session/api/get-me";
import styles from "./Frame.module.css";

const ROOMS = [
  { to: "/library", word: "Library", icon: LibraryIcon, also: ["/videos", "/trash"] },
  { to: "/projects", word: "Projects", icon: ProjectsIcon, also: ["/campaigns", "/templates"] },
  { to: "/live", word: "Live", icon: LiveIcon },
  { to: "/jobs", word: "Jobs", icon: JobsIcon },
] as const;

/** The main navigation: a rail with labels, icons only when narrow, a bottom bar on phones. */
export function Rail({ path }: { path: string }) {
  const { data: me } = useQuery(meQuery);
  const active = (room: { to: string; also?: readonly string[] }) =>
    [room.to, ...(room.also ?? [])].some((start) => path.startsWith(start));
  return (
    <nav className={styles.rail} aria-label="Main">
      <Link to="/library" className={styles.brand} aria-label="Playhead, go to library">
        <Mark />
        <span className={styles.word}>Playhead</span>
      </Link>
      {ROOMS.map((room) => (
        <RailLink key={room.to} to={room.to} word={room.word} icon={room.icon} active={active(room)} />
      ))}
      {me?.user.role === "admin" && (
        <div className={styles.system}>
          <RailLink to="/system" word="System" icon={SystemIcon} active={active({ to: "/system" })} />
        </div>
      )}
    </nav>
  );
}

function RailLink({
  to,
  word,
  icon: Icon,
  active,
}: {
  to: string;
  word: string;
  icon: typeof LibraryIcon;
  active: boolean;
}) {
  return (
    <Link
      to={to}
      className={styles.room}
      data-active={active || undefined}
      aria-current={active ? "page" : undefined}
      title={word}
    >
      <Icon />
      <span className={styles.word}>{word}</span>
    </Link>
  );
}
