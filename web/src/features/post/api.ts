import { api, got, type Schemas } from "@/api/client";

export type Post = Schemas["OnlinePostView"];
export type PostLine = Schemas["OnlinePostLine"];
export type NewPost = Schemas["NewOnlinePost"];

export async function readPost(id: string): Promise<Post> {
  return got(api.GET("/api/v1/online-posts/{id}", { params: { path: { id } } })) as Promise<Post>;
}

/** Takes a step on a post; throws a refusal with its reasons. */
export async function step(id: string, name: string, version: number, body: object): Promise<void> {
  const path = `/api/v1/online-posts/${encodeURIComponent(id)}/actions/${name}`;
  const call = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
  await call(path, { body, headers: { "If-Match": `"${version}"` } });
}
