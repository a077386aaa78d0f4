import type { RouteRecordRaw } from "vue-router";

/** The addresses name a kind as the server's own do; another one is not found. */
const KIND = "/papers/:list(line-reports|authority-files|visit-records|scorecards|arbitrations|digests|faults|misconduct|publications)";

export const paperRoutes: RouteRecordRaw[] = [
  { path: "/papers", redirect: "/papers/line-reports" },
  { path: KIND, component: () => import("./PapersPage.vue"), meta: { title: "paper.title" }, props: true },
  { path: `${KIND}/:id`, component: () => import("./PaperPage.vue"), meta: { title: "paper.title" }, props: true },
];
