import { Link } from "@tanstack/react-router";
import styles from "./ProjectTabs.module.css";

const PLACES = [
  { to: "/projects", word: "Projects" },
  { to: "/campaigns", word: "Campaigns" },
  { to: "/templates", word: "Templates" },
] as const;

/** Links between the three lists of the Projects room. */
export function ProjectTabs({ current }: { current: (typeof PLACES)[number]["to"] }) {
  return (
    <nav className={styles.tabs} aria-label="Projects">
      {PLACES.map(({ to, word }) => (
        <Link key={to} to={to} className={styles.tab} aria-current={to === current ? "page" : undefined}>
          {word}
        </Link>
      ))}
    </nav>
  );
}
