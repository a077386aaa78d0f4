import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { api, got, type Schemas } from "@/api/client";

type Person = Schemas["Person"];
type Unit = Schemas["Unit"];

const PAGE = 200;

/** Names of the people and units that the person may see. */
export const useDirectory = defineStore("directory", () => {
  const people = ref(new Map<string, Person>());
  const units = ref(new Map<string, Unit>());
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

  /** Reads both once. */
  function load(): Promise<void> {
    loading ??= Promise.all([readPeople(), readUnits()]).then(() => undefined);
    return loading;
  }

  const estates = computed(() => [...units.value.values()].filter((unit) => unit.level !== "department"));

  function person(id: string | null | undefined): string {
    return (id && people.value.get(id)?.name) || "—";
  }

  function unit(id: string | null | undefined): string {
    return (id && units.value.get(id)?.name) || "—";
  }

  return { people, units, estates, load, person, unit };
});
