import type { RouteRecordRaw } from "vue-router";

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
  {
    path: "/supervision",
    component: () => import("@/features/supervision/SupervisionPage.vue"),
    meta: { title: "supervision.title" },
  },
  { path: "/found", component: () => import("@/features/found/FoundPage.vue"), meta: { title: "found.title" } },
];
