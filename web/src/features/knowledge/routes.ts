import type { RouteRecordRaw } from "vue-router";

/** Pages of the knowledge base. */
export const knowledgeRoutes: RouteRecordRaw[] = [
  { path: "/knowledge", component: () => import("./KnowledgePage.vue"), meta: { title: "knowledge.title" } },
  { path: "/knowledge/facts", component: () => import("./FactsPage.vue"), meta: { title: "knowledge.facts" } },
  { path: "/knowledge/facts/:unit", component: () => import("./FactPage.vue"), meta: { title: "knowledge.facts" }, props: true },
  { path: "/knowledge/quizzes", component: () => import("./QuizzesPage.vue"), meta: { title: "knowledge.quizzes" } },
  { path: "/knowledge/quizzes/:id", component: () => import("./QuizPage.vue"), meta: { title: "knowledge.quizzes" }, props: true },
  { path: "/knowledge/work", component: () => import("./WorkPage.vue"), meta: { title: "knowledge.work" } },
  { path: "/knowledge/:id", component: () => import("./ArticlePage.vue"), meta: { title: "knowledge.title" }, props: true },
];
