/** What modules touch of a browser while they load. */
const page = Object.assign(new EventTarget(), {
  location: { origin: "https://videos.example.org", href: "https://videos.example.org/", search: "" },
});
const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
  };
};
Object.assign(globalThis, { window: page, localStorage: storage(), sessionStorage: storage() });
