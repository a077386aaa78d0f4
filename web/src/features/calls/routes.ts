import type { RouteRecordRaw } from "vue-router";
import { rulePlaces, settingPages } from "@/features/telephony/routes";

/** Pages of the call centre. */
export const callRoutes: RouteRecordRaw[] = [
  { path: "/calls", component: () => import("./CallsPage.vue"), meta: { title: "calls.title" } },
  { path: "/calls/live", component: () => import("./LivePage.vue"), meta: { title: "floor.live" } },
  { path: "/calls/figures", component: () => import("./CallFiguresPage.vue"), meta: { title: "traffic.title" } },
  {
    path: "/calls/settings",
    component: () => import("./CallSettings.vue"),
    meta: { title: "telephony.title" },
    redirect: `/calls/settings/${rulePlaces[0]}`,
    children: settingPages(rulePlaces),
  },
  { path: "/calls/:id", component: () => import("./CallPage.vue"), meta: { title: "calls.one" }, props: true },
  { path: "/wallboard", component: () => import("./WallboardPage.vue"), meta: { title: "calls.board" } },
  { path: "/wallboard/screen", component: () => import("./WallPage.vue"), meta: { title: "calls.board", bare: true } },
  { path: "/call-backs", component: () => import("./phone/CallBacksPage.vue"), meta: { title: "phone.callBacks" } },
  { path: "/call-messages", component: () => import("./phone/MessagesPage.vue"), meta: { title: "phone.messages" } },
  { path: "/phone", component: () => import("./phone/PhonePage.vue"), meta: { title: "phone.title", bare: true } },
];
