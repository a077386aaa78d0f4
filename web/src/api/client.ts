import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** What the server refused, in the reader's language, or that it was not there. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title);
  }

  get code(): string {
    return this.problem.code;
  }
}

let language = "zh-CN";
let signedOut: (() => void) | undefined;

/** Says in which language the server speaks from now on. */
export function speak(locale: string): void {
  language = locale;
}

/** Says what happens when the session has ended. */
export function onSignedOut(handle: () => void): void {
  signedOut = handle;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value;
}

async function refusal(response: Response): Promise<Refusal> {
  const body: unknown = await response.clone().json().catch(() => undefined);
  const code = response.status >= 500 ? "unavailable" : "unknown";
  const unknown = { type: "about:blank", title: response.statusText, status: response.status, code, fields: [] };
  return new Refusal(response.status, isProblem(body) ? body : (unknown as unknown as Problem));
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language);
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    if (response.status === 401 && !request.url.endsWith("/api/v1/session")) signedOut?.();
    throw await refusal(response);
  },
  onError() {
    const problem = { type: "about:blank", title: "offline", status: 0, code: "offline", fields: [] };
    return new Refusal(0, problem as unknown as Problem);
  },
};

/** The typed client; what is not a success is thrown as a {@link Refusal}. */
export const api = createClient<paths>({ baseUrl: "/" });
api.use(manners);

/** Takes the answer out of a call that threw where it failed. */
export async function got<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
