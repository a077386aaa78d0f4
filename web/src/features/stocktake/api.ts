import { api, got, type Schemas } from "@/api/client";

export type Stocktake = Schemas["StocktakeView"];
export type Matter = Schemas["StocktakeMatter"];

const LINES = 200;

export async function read(id: string): Promise<Stocktake> {
  return got(api.GET("/api/v1/stocktakes/{id}", { params: { path: { id } } })) as Promise<Stocktake>;
}

/** Reads every line of a list; a desk has a few hundred at most. */
export async function readLines(id: string): Promise<Matter[]> {
  const found: Matter[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: LINES, ...(cursor ? { cursor } : {}) };
    const page = await got(api.GET("/api/v1/stocktakes/{id}/lines", { params: { path: { id }, query } }));
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}
