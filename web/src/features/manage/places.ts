import { Bell, Calendar, Finished, Stamp } from "@element-plus/icons-vue";
import type { Component } from "vue";

/** A place of the rail: where it leads, and what one must be allowed to go there. */
export interface Place {
  to: string;
  text: string;
  icon: Component;
  /** One of these actions; everybody when left out. */
  needs?: string[];
}

/** The manager's and supervisor's places. */
export const places: readonly Place[] = [
  { to: "/day", text: "manage.day", icon: Calendar },
  { to: "/approvals", text: "manage.approvals", icon: Stamp },
  { to: "/stocktakes", text: "manage.stocktakes", icon: Finished, needs: ["view_rhythm"] },
  { to: "/supervision", text: "manage.supervision", icon: Bell, needs: ["view_figures"] },
];
