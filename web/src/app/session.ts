import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";
import { api, got, Refusal, type Schemas } from "@/api/client";
import { shelfOf } from "@/shared/shelf";
import { keepTime } from "@/shared/time";

export type Session = Schemas["Session"];
export type Post = Schemas["Post"];

/** Who is signed in, and as what. */
export const useSession = defineStore("session", () => {
  const me = ref<Session>();
  watch(() => me.value?.person, shelfOf, { flush: "sync" });
  const posts = computed(() => new Set(me.value?.posts.map((held) => held.post) ?? []));

  async function load(): Promise<boolean> {
    try {
      me.value = await got(api.GET("/api/v1/session"));
      keepTime(me.value.zone);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) {
        me.value = undefined;
        return false;
      }
      throw error;
    }
  }

  async function signIn(login: string, password: string, code?: string): Promise<void> {
    const body = code === undefined || code === "" ? { login, password } : { login, password, code };
    await api.POST("/api/v1/session", { body });
    await load();
  }

  async function signOut(): Promise<void> {
    await api.DELETE("/api/v1/session");
    me.value = undefined;
  }

  /** Hands this desk to another person, by password or by PIN. */
  async function switchTo(login: string, secret: string): Promise<void> {
    await api.POST("/api/v1/session/person", { body: { login, secret } });
    me.value = undefined;
    await load();
  }

  return { me, posts, load, signIn, signOut, switchTo };
});
