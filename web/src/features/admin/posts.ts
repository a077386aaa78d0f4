/** The posts of the house, as the rules know them. */
export const POSTS = [
  "employee", "agent", "lead", "head", "visitor", "verifier", "statistics", "supervision", "supervisor", "shift_leader",
  "spokesperson", "office", "manager", "group", "deputy_gm", "gm", "admin", "department",
] as const;
