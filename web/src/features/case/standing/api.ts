import { api, got, type Schemas } from "@/api/client";

export type Standing = Schemas["PartyStandingSeen"];
export type NewStanding = Schemas["NewPartyStanding"];

/** What a customer agreed to so that they are called on days off too. */
const DAYS_OFF = "calls_on_days_off";

const at = (id: string): { path: { id: string } } => ({ path: { id } });

export const readStanding = (party: string): Promise<Standing> => got(api.GET("/api/v1/parties/{id}/standing", { params: at(party) }));
export const writeStanding = (party: string, body: NewStanding): Promise<Standing> => got(api.PUT("/api/v1/parties/{id}/standing", { params: at(party), body }));
export const readLevels = async (): Promise<string[]> => Object.keys((await got(api.GET("/api/v1/telephone-settings"))).levels);

/** Tells whether a customer may be called on days off. */
export const onDaysOff = (party: Schemas["Party"]): boolean => party.consents.some((one) => one.purpose === DAYS_OFF && !one.withdrawn_at);

/** Keeps whether a customer may be called on days off, as they said it on the telephone. */
export const allowDaysOff = (party: string, given: boolean): Promise<unknown> =>
  got(api.POST("/api/v1/parties/{id}/consents", { params: at(party), body: { purpose: DAYS_OFF, given, how: "phone" } }));

/** Every zone that the browser knows. */
export const zones = (): string[] => Intl.supportedValuesOf("timeZone");

/** The hour of the day in a zone; nothing for one that the browser does not know. */
export function hourIn(zone: string, now: Date, locale: string): string | undefined {
  try {
    return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone }).format(now);
  } catch {
    return undefined;
  }
}
