import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { differences, topLevelName } from "./differences.ts";
import type { DiffKind, DiffResult } from "./provider.ts";
import type { Inputs } from "./values.ts";

const { DiffResponse, PropertyDiff } = messages;

const KINDS: Record<DiffKind, messages.PropertyDiff.Kind> = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

/** The answer to Diff; old and new inputs decide only what the display compares. */
export function diffResponse(result: DiffResult, oldInputs: Inputs, news: Inputs): messages.DiffResponse {
  const response = new DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  response.setChanges(result.changes ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList([...result.replaces]);
  response.setStablesList([...(result.stables ?? [])]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);

  // A path that differs only from the outputs (drift) has to be shown against these.
  const changedInputs = Object.keys(differences(oldInputs, news));
  const names = new Set(result.replaces);
  for (const [path, kind] of Object.entries(result.detailed)) {
    const diff = new PropertyDiff();
    diff.setKind(KINDS[kind]);
    diff.setInputdiff(changedInputs.some((changed) => changed.startsWith(path) || path.startsWith(changed)));
    response.getDetaileddiffMap().set(path, diff);
    names.add(topLevelName(path));
  }
  response.setDiffsList([...names]);
  return response;
}
