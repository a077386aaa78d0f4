import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";
import { api, got, type Schemas } from "@/api/client";
import { useSession } from "@/app/session";
import { laidOut } from "./tree";

type Person = Schemas["Person"];
type Unit = Schemas["Unit"];

const PAGE = 200;

/** Names of the people and units that the person may see. */
export const useDirectory = defineStore("directory", () => {
  const people = ref(new Map<string, Person>());
  const units = ref(new Map<string, Unit>());
  const session = useSession();
  let loading: Promise<void> | undefined;

  async function readPeople(): Promise<void> {
    let cursor: string | undefined;
    const found = new Map<string, Person>();
    do {
      const query = { limit: PAGE, ...(cursor ? { cursor } : {}) };
      const page = await got(api.GET("/api/v1/people", { params: { query } }));
      for (const person of page.items) found.set(person.id, person);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    people.value = found;
  }

  async function readUnits(): Promise<void> {
    const page = await got(api.GET("/api/v1/units"));
    units.value = new Map(page.items.map((unit) => [unit.id, unit]));
  }

  /** Reads both once; after a failure the next one tries again. */
  function load(): Promise<void> {
    loading ??= Promise.all([readPeople(), readUnits()]).then(
      () => undefined,
      (failure: unknown) => {
        loading = undefined;
        throw failure;
      },
    );
    return loading;
  }

  /** Reads both again, after people or units were changed. */
  function renew(): Promise<void> {
    loading = undefined;
    return load();
  }

  // somebody else at this desk may see others
  watch(
    () => session.me?.person,
    () => {
      loading = undefined;
    },
  );

  /** Units that exist now, each below the one above it. */
  const tree = computed(() => laidOut([...units.value.values()], Date.now()));
  const estates = computed(() => tree.value.map((one) => one.unit).filter((unit) => unit.level !== "department"));

  function person(id: string | null | undefined): string {
    return (id && people.value.get(id)?.name) || "—";
  }

  function unit(id: string | null | undefined): string {
    return (id && units.value.get(id)?.name) || "—";
  }

  return { people, units, tree, estates, load, renew, person, unit };
});
