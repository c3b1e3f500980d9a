import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { JobFilters } from "@/features/jobs/api/list-jobs";
import type { ProjectFilters } from "@/features/projects/api/list-projects";
import { meQuery } from "@/features/session/api/get-me";
import { statusQuery } from "@/features/session/api/get-status";
import { uploadQueue } from "@/features/uploads/queue";
import type { VideoFilters } from "@/features/videos/api/list-videos";
import { isStatus } from "@/lib/api";
import { loadAnew, loadPart, outdated } from "@/lib/load-part";
import { queryClient } from "@/lib/query-client";
import { away } from "@/lib/reach";
import { signedOut } from "@/lib/signed-out";
import { parseStart } from "@/player/start-time";
import { Frame } from "./frame/Frame";
import { FramePending, NotFoundPage, PageError, PagePending } from "./pages";

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

/** A search parameter limited to known values; others are dropped. */
const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((each) => each === value);

/** The page to return to after sign-in; only pages of this origin. */
const ownPage = (value: unknown): string | undefined => {
  const path = text(value);
  return path?.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\") ? path : undefined;
};

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: ownPage(search.next) }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/session/components/SignInPage")), "SignInPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/session/components/SetupPage")), "SetupPage"),
});

const startOnly = (search: Record<string, unknown>): { t?: number } => ({ t: parseStart(search.t) ?? undefined });

const shared = createRoute({
  getParentRoute: () => root,
  path: "/s/$token",
  validateSearch: startOnly,
  component: lazyRouteComponent(() => loadPart(() => import("@/features/shares/components/SharedPage")), "SharedPage"),
});

const embed = createRoute({
  getParentRoute: () => root,
  path: "/embed/$token",
  validateSearch: startOnly,
  component: lazyRouteComponent(() => loadPart(() => import("@/features/shares/components/EmbedPage")), "EmbedPage"),
});

/** The parent of all pages that need a session; without one it redirects to sign-in and back. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Frame,
  pendingComponent: FramePending,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!isStatus(error, 401)) throw error;
      signedOut.set(false);
      const status = await queryClient.ensureQueryData(statusQuery);
      if (status.setup_required) throw redirect({ to: "/setup", search: {} });
      throw redirect({ to: "/sign-in", search: { next: location.href === "/" ? undefined : location.href } });
    }
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/library" });
  },
});

const loadLibrary = () => loadPart(() => import("@/features/videos/components/LibraryPage"));
if (["/", "/library"].includes(window.location.pathname)) void loadLibrary(); // in parallel with the session check

const ORIGINS = ["upload", "generation", "recording", "reel"] as const;
const VIDEO_STATES = ["preparing", "ready", "errored"] as const;
const VIDEO_SORTS = [
  "-created_at",
  "created_at",
  "title",
  "-title",
  "duration_s",
  "-duration_s",
  "size_bytes",
  "-size_bytes",
  "height",
  "-height",
  "video_codec",
  "-video_codec",
  "origin",
  "-origin",
  "state",
  "-state",
  "watched_at",
  "-watched_at",
] as const;
const library = createRoute({
  getParentRoute: () => inside,
  path: "/library",
  validateSearch: (search: Record<string, unknown>): VideoFilters & { view?: "list" | "grid" } => ({
    search: text(search.search),
    origin: oneOf(search.origin, ORIGINS),
    state: oneOf(search.state, VIDEO_STATES),
    sort: oneOf(search.sort, VIDEO_SORTS),
    collection_id: text(search.collection_id),
    tag: text(search.tag),
    watched: oneOf(search.watched, ["watched", "begun", "unwatched"] as const),
    owner: text(search.owner),
    view: oneOf(search.view, ["list", "grid"] as const),
  }),
  component: lazyRouteComponent(loadLibrary, "LibraryPage"),
});

const trash = createRoute({
  getParentRoute: () => inside,
  path: "/trash",
  component: lazyRouteComponent(() => loadPart(() => import("@/features/trash/components/TrashPage")), "TrashPage"),
});

const video = createRoute({
  getParentRoute: () => inside,
  path: "/videos/$videoId",
  validateSearch: (search: Record<string, unknown>): { tab?: string; t?: number } => ({
    tab: text(search.tab),
    t: parseStart(search.t) ?? undefined,
  }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/videos/components/VideoPage")), "VideoPage"),
});

const PROJECT_SORTS = ["-updated_at", "updated_at", "-created_at", "created_at", "title", "-title"] as const;
const projects = createRoute({
  getParentRoute: () => inside,
  path: "/projects",
  validateSearch: (search: Record<string, unknown>): ProjectFilters => ({
    search: text(search.search),
    sort: oneOf(search.sort, PROJECT_SORTS),
  }),
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/projects/components/ProjectsPage")),
    "ProjectsPage",
  ),
});

const project = createRoute({
  getParentRoute: () => inside,
  path: "/projects/$projectId",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/projects/components/ProjectPage")),
    "ProjectPage",
  ),
});

const campaigns = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/campaigns/components/CampaignsPage")),
    "CampaignsPage",
  ),
});

const campaign = createRoute({
  getParentRoute: () => inside,
  path: "/campaigns/$campaignId",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/campaigns/components/CampaignPage")),
    "CampaignPage",
  ),
});

const templates = createRoute({
  getParentRoute: () => inside,
  path: "/templates",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/templates/components/TemplatesPage")),
    "TemplatesPage",
  ),
});

const template = createRoute({
  getParentRoute: () => inside,
  path: "/templates/$templateId",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/templates/components/TemplatePage")),
    "TemplatePage",
  ),
});

const live = createRoute({
  getParentRoute: () => inside,
  path: "/live",
  validateSearch: (search: Record<string, unknown>): { search?: string } => ({ search: text(search.search) }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/live/components/LivePage")), "LivePage"),
});

const channel = createRoute({
  getParentRoute: () => inside,
  path: "/live/channels/$channelId",
  component: lazyRouteComponent(() => loadPart(() => import("@/features/live/components/ChannelPage")), "ChannelPage"),
});

const recording = createRoute({
  getParentRoute: () => inside,
  path: "/live/recordings/$recordingId",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/live/components/RecordingPage")),
    "RecordingPage",
  ),
});

const JOB_STATES = ["queued", "running", "succeeded", "failed", "canceled"] as const;
const jobs = createRoute({
  getParentRoute: () => inside,
  path: "/jobs",
  validateSearch: (
    search: Record<string, unknown>,
  ): { state?: JobFilters["state"]; kind?: string; all?: boolean; open?: string } => ({
    state: oneOf(search.state, JOB_STATES),
    kind: text(search.kind),
    all: search.all === true || undefined,
    open: text(search.open),
  }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/jobs/components/JobsPage")), "JobsPage"),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/people/components/AccountPage")),
    "AccountPage",
  ),
});

const notifications = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/notifications/components/NotificationsPage")),
    "NotificationsPage",
  ),
});

const SPANS = ["today", "month", "all"] as const;
const SPENDING_GROUPS = ["day", "provider", "model", "project", "user"] as const;
const spending = createRoute({
  getParentRoute: () => inside,
  path: "/spending",
  validateSearch: (
    search: Record<string, unknown>,
  ): { span?: (typeof SPANS)[number]; by?: (typeof SPENDING_GROUPS)[number] } => ({
    span: oneOf(search.span, SPANS),
    by: oneOf(search.by, SPENDING_GROUPS),
  }),
  component: lazyRouteComponent(
    () => loadPart(() => import("@/features/spending/components/SpendingPage")),
    "SpendingPage",
  ),
});

const system = createRoute({
  getParentRoute: () => inside,
  path: "/system",
  validateSearch: (search: Record<string, unknown>): { tab?: string; state?: "ended" } => ({
    tab: text(search.tab),
    state: oneOf(search.state, ["ended"] as const),
  }),
  component: lazyRouteComponent(() => loadPart(() => import("@/features/people/components/SystemPage")), "SystemPage"),
});

/** The page for unknown URLs, within the frame. */
const nowhere = createRoute({ getParentRoute: () => inside, path: "$", component: NotFoundPage });

const routeTree = root.addChildren([
  signIn,
  setup,
  shared,
  embed,
  inside.addChildren([
    home,
    library,
    trash,
    video,
    projects,
    project,
    campaigns,
    campaign,
    templates,
    template,
    live,
    channel,
    recording,
    jobs,
    account,
    notifications,
    spending,
    system,
    nowhere,
  ]),
]);

const PENDING_MS = 150;

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: PagePending,
  defaultPendingMs: PENDING_MS,
  defaultPendingMinMs: 0,
});

// The current page stays while the server is unreachable; the requested one opens when it is back.
away.watch(() => router.update({ ...router.options, defaultPendingMs: away.get() ? Infinity : PENDING_MS }));

// A page whose script is gone is reloaded from the server on navigation, but not on preload.
outdated.watch(() => router.state.status === "pending" && openAnew(router.state.location.href));
router.subscribe("onBeforeLoad", ({ toLocation, hrefChanged }) => {
  if (outdated.get() && hrefChanged) openAnew(toLocation.href);
});

/** Reload, unless uploads would be interrupted: the banner offers it then. */
function openAnew(href: string): void {
  if (!uploadQueue.busy()) loadAnew(href);
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
