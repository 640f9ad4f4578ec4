import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { diffResponse } from "./diffResponse.ts";
import type { Engine } from "./engine.ts";
import type { Failures, Problem, Provider } from "./provider.ts";
import { unary } from "./unary.ts";
import type { Inputs } from "./values.ts";
import { decode, encode } from "./wire.ts";

/** The RPCs that concern resources and functions. */
export function resourceMethods(provider: Provider, engine: Engine): UntypedServiceImplementation {
  const read = (struct: ReturnType<messages.CheckRequest["getNews"]>): Inputs => decode(struct, "keep");

  /** Messages sent during the call arrive before its answer, also when it fails. */
  const logged = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } finally {
      await engine.settled();
    }
  };

  return {
    check: unary("Check", async (request: messages.CheckRequest) => {
      const olds = read(request.getOlds());
      const result = await logged(
        provider.check({
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          news: read(request.getNews()),
          ...(Object.keys(olds).length > 0 && { olds }),
          randomSeed: request.getRandomseed_asU8(),
        }),
      );
      const response = new messages.CheckResponse();
      if (isFailures(result)) return response.setFailuresList(result.failures.map(checkFailure));
      return response.setInputs(encode(result.inputs));
    }),

    diff: unary("Diff", async (request: messages.DiffRequest) => {
      const oldInputs = read(request.getOldInputs());
      const news = read(request.getNews());
      const result = await logged(
        provider.diff({
          urn: request.getUrn(),
          type: request.getType(),
          id: request.getId(),
          oldInputs,
          olds: read(request.getOlds()),
          news,
          ignoreChanges: request.getIgnorechangesList(),
        }),
      );
      return diffResponse(result, oldInputs, news);
    }),

    create: unary("Create", async (request: messages.CreateRequest) => {
      const { id, state } = await logged(
        provider.create({
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          inputs: read(request.getProperties()),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        }),
      );
      return new messages.CreateResponse().setId(id).setProperties(encode(state));
    }),

    read: unary("Read", async (request: messages.ReadRequest) => {
      const found = await logged(
        provider.read({
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          id: request.getId(),
          ...(request.hasProperties() && { state: read(request.getProperties()) }),
          ...(request.hasInputs() && { inputs: read(request.getInputs()) }),
        }),
      );
      const response = new messages.ReadResponse();
      if (!found) return response; // an empty id means gone
      return response.setId(found.id).setProperties(encode(found.state)).setInputs(encode(found.inputs));
    }),

    update: unary("Update", async (request: messages.UpdateRequest) => {
      const { state } = await logged(
        provider.update({
          urn: request.getUrn(),
          type: request.getType(),
          name: request.getName(),
          id: request.getId(),
          olds: read(request.getOlds()),
          oldInputs: read(request.getOldInputs()),
          news: read(request.getNews()),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
          ignoreChanges: request.getIgnorechangesList(),
        }),
      );
      return new messages.UpdateResponse().setProperties(encode(state));
    }),

    delete: unary("Delete", async (request: messages.DeleteRequest) => {
      await logged(
        provider.delete({
          urn: request.getUrn(),
          type: request.getType(),
          id: request.getId(),
          state: read(request.getProperties()),
          oldInputs: read(request.getOldInputs()),
          timeoutSeconds: request.getTimeout(),
        }),
      );
      return new empties.Empty();
    }),

    invoke: unary("Invoke", async (request: messages.InvokeRequest) => {
      const result = await logged(provider.invoke(request.getTok(), read(request.getArgs()), request.getPreview()));
      const response = new messages.InvokeResponse();
      if (isFailures(result)) return response.setFailuresList(result.failures.map(checkFailure));
      return response.setReturn(encode(result));
    }),
  };
}

export function checkFailure(problem: Problem): messages.CheckFailure {
  return new messages.CheckFailure().setProperty(problem.property).setReason(problem.reason);
}

function isFailures(result: object): result is Failures {
  return "failures" in result && Array.isArray(result.failures);
}
