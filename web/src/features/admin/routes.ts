import type { RouteRecordRaw } from "vue-router";
import { telephonyRoute } from "@/features/telephony/routes";

/** Pages of the administration, and the set-up that goes through them. */
export const adminRoutes: RouteRecordRaw[] = [
  { path: "/welcome", component: () => import("./WelcomePage.vue"), meta: { title: "admin.place.welcome" } },
  {
    path: "/admin",
    component: () => import("./AdminPage.vue"),
    meta: { title: "admin.title" },
    redirect: "/admin/people",
    children: [
      { path: "organisation", component: () => import("./OrganisationPage.vue"), meta: { title: "admin.place.organisation" } },
      { path: "units", component: () => import("./UnitsPage.vue"), meta: { title: "admin.place.units" } },
      { path: "people", component: () => import("./PeoplePage.vue"), meta: { title: "admin.place.people" } },
      { path: "people/:id", component: () => import("./PersonPage.vue"), meta: { title: "admin.place.people" }, props: true },
      { path: "matrix", component: () => import("./MatrixPage.vue"), meta: { title: "admin.place.matrix" } },
      { path: "duty", component: () => import("./DutyPage.vue"), meta: { title: "admin.place.duty" } },
      { path: "packs", component: () => import("./PacksPage.vue"), meta: { title: "admin.place.packs" } },
      { path: "packs/:pack", component: () => import("./PackPage.vue"), meta: { title: "admin.place.packs" }, props: true },
      { path: "rules", component: () => import("./RulesPage.vue"), meta: { title: "admin.place.rules" } },
      { path: "phrases", component: () => import("./PhrasesPage.vue"), meta: { title: "admin.place.phrases" } },
      { path: "models", component: () => import("./ModelsPage.vue"), meta: { title: "admin.place.models" } },
      { path: "calendar", component: () => import("./CalendarPage.vue"), meta: { title: "admin.place.calendar" } },
      { path: "public", component: () => import("./ChannelsPage.vue"), meta: { title: "admin.place.public" } },
      telephonyRoute,
      { path: "tokens", component: () => import("./TokensPage.vue"), meta: { title: "admin.place.tokens" } },
      { path: "webhooks", component: () => import("./WebhooksPage.vue"), meta: { title: "admin.place.webhooks" } },
      { path: "machine", component: () => import("./MachinePage.vue"), meta: { title: "admin.place.machine" } },
      { path: "audit", component: () => import("./AuditPage.vue"), meta: { title: "admin.place.audit" } },
    ],
  },
];
