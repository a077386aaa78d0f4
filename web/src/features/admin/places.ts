/** A page of the administration, and what one must be allowed to use it. */
export interface AdminPlace {
  name: string;
  /** One of these actions; everybody when left out. */
  needs?: string[];
}

/** The pages of the administration, in their order. */
export const adminPlaces: readonly AdminPlace[] = [
  { name: "organisation", needs: ["manage_organisation"] },
  { name: "units" },
  { name: "people" },
  { name: "matrix" },
  { name: "duty" },
  { name: "packs", needs: ["manage_organisation"] },
  { name: "rules" },
  { name: "phrases" },
  { name: "models", needs: ["tune_texts"] },
  { name: "calendar" },
  { name: "public" },
  { name: "telephony", needs: ["manage_telephony"] },
  { name: "tokens" },
  { name: "webhooks", needs: ["manage_connections"] },
  { name: "machine", needs: ["manage_jobs"] },
  { name: "audit", needs: ["view_audit"] },
];

/** Whoever may do one of these finds the administration on the rail. */
export const ADMINISTERS = [
  "manage_organisation", "manage_units", "manage_people", "manage_duty", "manage_connections", "manage_jobs", "view_audit",
  "publish_channels", "tune_texts", "manage_telephony",
];
