import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/session/api/get-me";
import { statusQuery } from "@/features/session/api/get-status";
import { SignInPage } from "@/features/session/components/SignInPage";
import { isStatus } from "@/lib/http";
import { queryClient } from "@/lib/query-client";
import { signedOut } from "@/lib/signed-out";
import { Frame } from "./frame/Frame";
import { NotFoundPage, PageError, PagePending } from "./pages";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);

/** Only pages of our own are gone to after sign-in. */
const ownPage = (value: unknown): string | undefined => {
  const path = text(value);
  return path?.startsWith("/") && !path.startsWith("//") && !path.startsWith("/\\") ? path : undefined;
};

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: ownPage(search.next) }),
  component: SignInPage,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import("@/features/session/components/SetupPage"), "SetupPage"),
});

/** All rooms stand behind this: without a session one goes to the sign-in page and comes back after. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: Frame,
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

export type LibrarySearch = { search?: string; origin?: string; state?: string; sort?: string };
const library = createRoute({
  getParentRoute: () => inside,
  path: "/library",
  validateSearch: (search: Record<string, unknown>): LibrarySearch => ({ search: text(search.search), origin: text(search.origin), state: text(search.state), sort: text(search.sort) }),
  component: lazyRouteComponent(() => import("@/features/videos/components/LibraryPage"), "LibraryPage"),
});

const video = createRoute({
  getParentRoute: () => inside,
  path: "/videos/$videoId",
  validateSearch: (search: Record<string, unknown>): { tab?: string } => ({ tab: text(search.tab) }),
  component: lazyRouteComponent(() => import("@/features/videos/components/VideoPage"), "VideoPage"),
});

export type ProjectsSearch = { search?: string; sort?: string };
const projects = createRoute({
  getParentRoute: () => inside,
  path: "/projects",
  validateSearch: (search: Record<string, unknown>): ProjectsSearch => ({ search: text(search.search), sort: text(search.sort) }),
  component: lazyRouteComponent(() => import("@/features/projects/components/ProjectsPage"), "ProjectsPage"),
});

const project = createRoute({
  getParentRoute: () => inside,
  path: "/projects/$projectId",
  component: lazyRouteComponent(() => import("@/features/projects/components/ProjectPage"), "ProjectPage"),
});

export type JobsSearch = { state?: string; kind?: string; open?: string };
const jobs = createRoute({
  getParentRoute: () => inside,
  path: "/jobs",
  validateSearch: (search: Record<string, unknown>): JobsSearch => ({ state: text(search.state), kind: text(search.kind), open: text(search.open) }),
  component: lazyRouteComponent(() => import("@/features/jobs/components/JobsPage"), "JobsPage"),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/people/components/AccountPage"), "AccountPage"),
});

const system = createRoute({
  getParentRoute: () => inside,
  path: "/system",
  validateSearch: (search: Record<string, unknown>): { tab?: string } => ({ tab: text(search.tab) }),
  component: lazyRouteComponent(() => import("@/features/people/components/SystemPage"), "SystemPage"),
});

const routeTree = root.addChildren([signIn, setup, inside.addChildren([home, library, video, projects, project, jobs, account, system])]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
