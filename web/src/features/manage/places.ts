import { Bell, Calendar, ChatLineSquare, Collection, Connection, DataAnalysis, Document, Files, Finished, Phone, Setting, Stamp, Van } from "@element-plus/icons-vue";
import type { Component } from "vue";
import { ADMINISTERS } from "@/features/admin/places";

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
  { to: "/incidents", text: "manage.incidents", icon: Connection },
  { to: "/posts", text: "manage.posts", icon: ChatLineSquare, needs: ["act_on_case"] },
  { to: "/papers", text: "manage.papers", icon: Files },
  { to: "/knowledge", text: "manage.knowledge", icon: Collection, needs: ["view_knowledge"] },
  { to: "/calls", text: "manage.calls", icon: Phone, needs: ["view_calls"] },
  { to: "/supervision", text: "manage.supervision", icon: Bell, needs: ["view_figures"] },
  { to: "/dispatch", text: "manage.dispatch", icon: Van, needs: ["act_on_case"] },
  { to: "/figures", text: "manage.figures", icon: DataAnalysis, needs: ["view_figures"] },
  { to: "/reports", text: "manage.reports", icon: Document, needs: ["view_figures"] },
  { to: "/admin", text: "manage.admin", icon: Setting, needs: ADMINISTERS },
];
