import type { RouteRecordRaw } from "vue-router";

/** Kinds of settings, in the order of the tabs. */
export const telephonyPlaces = ["queues", "lines", "extensions", "trunks", "menus", "prompts", "rules", "codes"] as const;

type TelephonyPlace = (typeof telephonyPlaces)[number];

const pages: Record<TelephonyPlace, RouteRecordRaw["component"]> = {
  queues: () => import("./QueuesPage.vue"),
  lines: () => import("./LinesPage.vue"),
  extensions: () => import("./ExtensionsPage.vue"),
  trunks: () => import("./TrunksPage.vue"),
  menus: () => import("./MenusPage.vue"),
  prompts: () => import("./PromptsPage.vue"),
  rules: () => import("./RulesPage.vue"),
  codes: () => import("./CodesPage.vue"),
};

/** What supervisors set, too: the same pages, in the area of calls. */
export const rulePlaces = ["rules", "codes"] as const satisfies readonly TelephonyPlace[];

/** The pages of some kinds of settings, each below the page that holds them. */
export const settingPages = (places: readonly TelephonyPlace[]): RouteRecordRaw[] =>
  places.map((place) => ({ path: place, component: pages[place], meta: { title: `telephony.place.${place}` } }) as RouteRecordRaw);

/** The settings of the call centre, below the administration. */
export const telephonyRoute: RouteRecordRaw = {
  path: "telephony",
  component: () => import("./TelephonyPage.vue"),
  meta: { title: "telephony.title" },
  redirect: "/admin/telephony/queues",
  children: [
    ...settingPages(telephonyPlaces),
    { path: "menus/:name", component: () => import("./MenuPage.vue"), meta: { title: "telephony.place.menus" }, props: true },
  ],
};
