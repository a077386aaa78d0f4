import { api, got, type Schemas } from "@/api/client";
import type { operations } from "@/api/schema";

type Call = Schemas["Call"];
export type Briefing = Schemas["CallBriefing"];
export type BriefCustomer = Schemas["BriefCustomer"];
export type CallBack = Schemas["CallBack"];
export type Taken = Schemas["CallMessageTaken"];
export type Verdict = Schemas["CallingVerdict"];
export type WrapUpCode = Schemas["WrapUpCode"];
type BackQuery = NonNullable<operations["list_call_backs"]["parameters"]["query"]>;
type MessageQuery = NonNullable<operations["list_call_messages"]["parameters"]["query"]>;

const at = (id: string): { path: { id: string } } => ({ path: { id } });

/** Opens the telephone of the browser: whoever had it before falls silent. */
export const openPhone = (): Promise<Schemas["BrowserPhone"]> => got(api.POST("/api/v1/agent/phone"));
export const dialNumber = (body: Schemas["NewDial"]): Promise<Call> => got(api.POST("/api/v1/dial", { body }));
export const typeCall = (body: Schemas["TypedCall"]): Promise<Call> => got(api.POST("/api/v1/calls", { body }));
export const readServing = async (): Promise<Schemas["CallQueue"][]> => (await got(api.GET("/api/v1/queues"))).items;
export const linkCall = (call: string, body: Schemas["CallLink"]): Promise<Call> => got(api.POST("/api/v1/calls/{id}/link", { params: at(call), body }));
export const readBriefing = (call: string): Promise<Briefing> => got(api.GET("/api/v1/calls/{id}/briefing", { params: at(call) }));
export const caseOfCall = (call: string, body: Schemas["CallCase"]): Promise<Schemas["CallCaseMade"]> => got(api.POST("/api/v1/calls/{id}/case", { params: at(call), body }));
export const readCodes = async (): Promise<WrapUpCode[]> => (await got(api.GET("/api/v1/wrap-up-codes"))).items.filter((one) => one.active);
export const writeUp = (call: string, body: Schemas["CallNote"]): Promise<Call> => got(api.POST("/api/v1/calls/{id}/write-up", { params: at(call), body }));
export const readWindow = (party?: string): Promise<Verdict> => got(api.GET("/api/v1/calling-window", { params: { query: party ? { party } : {} } }));

export const takeMessage = (body: Schemas["NewCallMessage"]): Promise<Taken> => got(api.POST("/api/v1/call-messages", { body }));
export const readMessages = (query: MessageQuery): Promise<Schemas["CallMessagePage"]> => got(api.GET("/api/v1/call-messages", { params: { query } }));
export const stepMessage = (id: string, body: Schemas["CallMessageStep"]): Promise<Taken> => got(api.POST("/api/v1/call-messages/{id}/steps", { params: at(id), body }));
export const promiseCall = (body: Schemas["NewCallBack"]): Promise<CallBack> => got(api.POST("/api/v1/call-backs", { body }));
export const readCallBacks = (query: BackQuery): Promise<Schemas["CallBackPage"]> => got(api.GET("/api/v1/call-backs", { params: { query } }));
export const tryCallBack = (id: string, body: Schemas["CallBackTry"]): Promise<CallBack> => got(api.POST("/api/v1/call-backs/{id}/tries", { params: at(id), body }));
