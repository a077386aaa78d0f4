import { api, got, type Schemas } from "@/api/client";

export type Post = Schemas["OnlinePostView"];
export type PostLine = Schemas["OnlinePostLine"];
export type NewPost = Schemas["NewOnlinePost"];

export async function readPost(id: string): Promise<Post> {
  return got(api.GET("/api/v1/online-posts/{id}", { params: { path: { id } } })) as Promise<Post>;
}
