import { api, got, type Schemas } from "@/api/client";

export type Article = Schemas["ArticleView"];
export type Card = Schemas["KnowledgeCard"];
export type Content = Schemas["ArticleContent"];
export type Version = Schemas["ArticleVersion"];
export type Found = Schemas["KnowledgeFound"];
export type FoundArticle = Schemas["KnowledgeArticle"];
export type Suggestions = Schemas["KnowledgeSuggestions"];
export type Sheet = Schemas["FactSheet"];
export type SheetLine = Schemas["FactSheetLine"];
export type Quiz = Schemas["QuizView"];
export type QuizAnswer = Schemas["QuizAnswer"];
export type Standing = Schemas["ArticleStanding"];
export type Manner = Schemas["Manner"];
export type Mood = Schemas["Mood"];

export const KINDS = ["article", "standard_answer", "tip", "faq", "sentences"] as const;
export const STATES = ["draft", "submitted", "published", "revised", "resubmitted", "withdrawn", "expired"] as const;
export const MOODS = ["angry", "dissatisfied", "demanding", "rude", "attention", "respect", "understanding", "solution"] as const;
export const LISTENING = ["casual", "shallow", "technical", "active"] as const;
export const STYLES = ["dominant", "analytical", "expressive", "amiable"] as const;
export const PERSONALITIES = ["friendly", "dictatorial", "analytical", "egocentric"] as const;

const at = (id: string): { params: { path: { id: string } } } => ({ params: { path: { id } } });

export const ask = (q: string, unit?: string): Promise<Found[]> =>
  got(api.GET("/api/v1/knowledge/ask", { params: { query: { q, ...(unit ? { unit } : {}) } } })).then((found) => found.items);

export const readArticle = (id: string): Promise<Article> => got(api.GET("/api/v1/articles/{id}", at(id))) as Promise<Article>;

export const readVersions = (id: string): Promise<Version[]> =>
  got(api.GET("/api/v1/articles/{id}/versions", at(id))).then((found) => found.items);

export const readStanding = (id: string): Promise<Standing> => got(api.GET("/api/v1/articles/{id}/standing", at(id)));

export const vote = (id: string, helped: boolean, about?: string, note?: string): Promise<Standing> =>
  got(api.POST("/api/v1/articles/{id}/votes", { ...at(id), body: { helped, ...(about ? { case: about } : {}), ...(note ? { note } : {}) } }));

export const missed = (text: string, unit?: string): Promise<unknown> =>
  api.POST("/api/v1/misses", { body: { text, ...(unit ? { unit } : {}) } });
