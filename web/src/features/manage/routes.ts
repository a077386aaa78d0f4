import type { RouteRecordRaw } from "vue-router";
import { adminRoutes } from "@/features/admin/routes";
import { callRoutes } from "@/features/calls/routes";
import { knowledgeRoutes } from "@/features/knowledge/routes";
import { paperRoutes } from "@/features/paper/routes";

/** Pages of those who manage, supervise and administer. */
export const manageRoutes: RouteRecordRaw[] = [
  { path: "/day", component: () => import("@/features/day/DayPage.vue"), meta: { title: "day.title" } },
  { path: "/approvals", component: () => import("@/features/approval/ApprovalsPage.vue"), meta: { title: "approval.title" } },
  { path: "/stocktakes", component: () => import("@/features/stocktake/StocktakesPage.vue"), meta: { title: "stocktake.title" } },
  {
    path: "/stocktakes/:id",
    component: () => import("@/features/stocktake/StocktakePage.vue"),
    meta: { title: "stocktake.title" },
    props: true,
  },
  { path: "/incidents", component: () => import("@/features/incident/IncidentsPage.vue"), meta: { title: "incident.title" } },
  { path: "/incidents/:id", component: () => import("@/features/incident/IncidentPage.vue"), meta: { title: "incident.title" }, props: true },
  { path: "/posts", component: () => import("@/features/post/PostsPage.vue"), meta: { title: "post.title" } },
  { path: "/posts/:id", component: () => import("@/features/post/PostPage.vue"), meta: { title: "post.title" }, props: true },
  ...paperRoutes,
  ...callRoutes,
  ...knowledgeRoutes,
  {
    path: "/supervision",
    component: () => import("@/features/supervision/SupervisionPage.vue"),
    meta: { title: "supervision.title" },
  },
  { path: "/dispatch", component: () => import("@/features/dispatch/DispatchPage.vue"), meta: { title: "dispatch.title" } },
  { path: "/figures", component: () => import("@/features/figures/FiguresPage.vue"), meta: { title: "figures.title" } },
  { path: "/figures/rows", component: () => import("@/features/figures/RowsPage.vue"), meta: { title: "figures.rows" } },
  { path: "/reports", component: () => import("@/features/report/ReportsPage.vue"), meta: { title: "report.title" } },
  { path: "/reports/:id", component: () => import("@/features/report/ReportPage.vue"), meta: { title: "report.title" }, props: true },
  ...adminRoutes,
  { path: "/found", component: () => import("@/features/found/FoundPage.vue"), meta: { title: "found.title" } },
];
