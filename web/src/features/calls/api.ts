import { api, got, type Schemas } from "@/api/client";
import type { operations } from "@/api/schema";

export type Call = Schemas["Call"];
export type Recording = Schemas["CallRecording"];
export type Wave = Schemas["CallWaveform"];
export type Board = Schemas["Wallboard"];
export type Figure = Schemas["Figure"];
export type Desk = Schemas["AgentDesk"];
export type Agent = Schemas["FloorAgent"];
export type Ask = Schemas["AgentAsk"];
export type Order = Schemas["CallOrder"];
export type Metric = Schemas["CallMetricOut"];
export type Figures = Schemas["CallFigures"];

export type CallQuery = NonNullable<operations["list_calls"]["parameters"]["query"]>;
export type FigureQuery = operations["get_call_figures"]["parameters"]["query"];

export const readCalls = (query: CallQuery): Promise<Schemas["CallPage"]> => got(api.GET("/api/v1/calls", { params: { query } }));
export const readCall = (id: string): Promise<Call> => got(api.GET("/api/v1/calls/{id}", { params: { path: { id } } }));
export const readBoard = (): Promise<Board> => got(api.GET("/api/v1/wallboard"));
export const readFigures = (query: FigureQuery): Promise<Figures> => got(api.GET("/api/v1/call-figures", { params: { query } }));
export const readAgents = async (): Promise<Agent[]> => (await got(api.GET("/api/v1/agents"))).items;
export const readQueues = async (): Promise<{ id: string; name: string }[]> =>
  (await got(api.GET("/api/v1/queues"))).items.map(({ id, name }) => ({ id: id ?? "", name }));
export const readDesk = (): Promise<Desk> => got(api.GET("/api/v1/agent"));
export const askAsAgent = (body: Ask): Promise<Desk> => got(api.POST("/api/v1/agent", { body }));
export const readListenings = async (id: string): Promise<Schemas["CallListening"][]> =>
  (await got(api.GET("/api/v1/calls/{id}/recording/log", { params: { path: { id } } }))).items;
export const readWave = (id: string, recording: string): Promise<Wave> =>
  got(api.GET("/api/v1/calls/{id}/recording/waveform", { params: { path: { id }, query: { recording } } }));

/** Has something done with a call on the line; what came of it shows on the record. */
export async function order(id: string, body: Order): Promise<void> {
  await api.POST("/api/v1/calls/{id}/orders", { params: { path: { id } }, body });
}

/** Where the sound of a recording is. */
export function soundOf(call: string, recording: string): string {
  return `/api/v1/calls/${encodeURIComponent(call)}/recording?recording=${encodeURIComponent(recording)}`;
}
