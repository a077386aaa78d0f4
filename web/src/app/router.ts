import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { onSignedOut } from "@/api/client";
import { manageRoutes } from "@/features/manage/routes";
import OfflinePage from "./OfflinePage.vue";
import { useSession } from "./session";

declare module "vue-router" {
  interface RouteMeta {
    /** Key of the page's title. */
    title: string;
    /** True for pages without a session. */
    open?: boolean;
    /** True for pages that fill the screen, without bar and rail. */
    bare?: boolean;
  }
}

const routes: RouteRecordRaw[] = [
  { path: "/", redirect: "/queue" },
  { path: "/login", component: () => import("@/features/login/LoginPage.vue"), meta: { title: "login.title", open: true } },
  { path: "/queue", component: () => import("@/features/queue/QueuePage.vue"), meta: { title: "queue.title" } },
  { path: "/intake", component: () => import("@/features/intake/IntakePage.vue"), meta: { title: "intake.title" } },
  { path: "/search", component: () => import("@/features/search/SearchPage.vue"), meta: { title: "search.title" } },
  { path: "/cases/:id", component: () => import("@/features/case/CasePage.vue"), meta: { title: "case.title" }, props: true },
  ...manageRoutes,
  // without the network no other file of the page may be there
  { path: "/offline", component: OfflinePage, meta: { title: "app.noServer", open: true } },
  { path: "/:rest(.*)*", component: () => import("./NotFound.vue"), meta: { title: "app.notFound" } },
];

export const router = createRouter({ history: createWebHistory(), routes });

/** Goes to the login and comes back to where the person was. */
function toLogin(from: string): { path: string; query?: { to: string } } {
  return from === "/" || from.startsWith("/login") ? { path: "/login" } : { path: "/login", query: { to: from } };
}

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  const session = useSession();
  if (session.me) return true;
  try {
    return (await session.load()) || toLogin(to.fullPath);
  } catch {
    return { path: "/offline", query: { to: to.fullPath } };
  }
});

onSignedOut(() => {
  const session = useSession();
  if (!session.me) return;
  session.me = undefined;
  void router.push(toLogin(router.currentRoute.value.fullPath));
});
