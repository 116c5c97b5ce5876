import { rmSync } from "node:fs";
import { mkdtempSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openServerPlace, type ServerPlace } from "../server/testing/server-place.ts";
import { createVerifierClient, type VerifierClient } from "./client.ts";
import { startUnreliableProvider, type UnreliableProvider } from "./faults/unreliable-provider.ts";
import { look, open, providerDocuments, skillDocument } from "./skills.ts";

const CACHE = join(import.meta.dirname, "..", ".cache");

/** A server with its own PostgreSQL, as after a first `npm start`, and a provider that it calls. */
export type BasicWorld = { place: ServerPlace; api: VerifierClient; provider: UnreliableProvider };

/** A provider whose log goes when the verifier ends. */
export async function openProvider(
  closers: AsyncDisposableStack,
  chance?: Parameters<typeof startUnreliableProvider>[1],
): Promise<UnreliableProvider> {
  mkdirSync(CACHE, { recursive: true });
  const dataDir = mkdtempSync(join(CACHE, "verify-provider-"));
  closers.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  return closers.use(await startUnreliableProvider(dataDir, chance));
}

/** Imports documents, or throws with the diagnostics. */
export async function importAll(
  api: VerifierClient,
  documents: Record<string, string>,
): Promise<void> {
  const diagnostics = await api.importFiles(documents);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(`The import failed: ${JSON.stringify(errors)}`);
}

export async function openBasicWorld(closers: AsyncDisposableStack): Promise<BasicWorld> {
  const provider = await openProvider(closers);
  const place = await openServerPlace("main");
  closers.defer(() => place.dispose());
  await place.start();
  const api = createVerifierClient(place);
  await importAll(api, { ...providerDocuments(provider), ...SKILLS });
  return { place, api, provider };
}

const SKILLS = {
  ...skillDocument("chain", [open("first"), look("look"), open("last")]),
  ...skillDocument("parked", [
    open("before"),
    { id: "go", uses: "wait.signal", input: { name: "go" }, output: { payload: "vars.went" } },
    open("after"),
  ]),
  ...skillDocument("failing", [
    open("before"),
    open("refused", { manner: "refuse_first" }),
    open("after"),
  ]),
};
