import type { ServerResponse } from "node:http";
import type { LoggedRequest, RequestLog } from "../wire/requestLog.ts";
import { type EventClients, sendEvent } from "./eventClients.ts";

/** Between two looks at the cloud while somebody watches. */
const LOOK_MS = 200;
/** Requests that a client gets at the start, and the most between two looks. */
const SHOWN_REQUESTS = 200;

export interface PictureSource {
  /** What never changes while the cloud runs. */
  readonly introduction: () => unknown;
  /** What there is now. */
  readonly picture: () => unknown;
  readonly requests: Pick<RequestLog, "entries" | "subscribe">;
  /** JSON in one line, without what nobody is to see. */
  readonly json: (value: unknown) => string;
}

/**
 * What all pages watch: looks at the cloud while there is a client, and sends what has changed since its last look, so that nothing in the cloud
 * has to know of pages. Each look is one text for all clients.
 */
export class LivePicture {
  readonly #source: PictureSource;
  readonly #clients: EventClients;
  readonly #watching = new Set<ServerResponse>();
  #fresh: LoggedRequest[] = [];
  #last = "";
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe = (): void => {};

  constructor(source: PictureSource, clients: EventClients) {
    this.#source = source;
    this.#clients = clients;
  }

  add(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    const { introduction, picture, requests, json } = this.#source;
    this.#clients.add(response, headers);
    sendEvent(response, "introduction", json(introduction()));
    sendEvent(response, "picture", json(picture()));
    sendEvent(response, "requests", json(requests.entries.slice(-SHOWN_REQUESTS)));
    this.#watching.add(response);
    if (this.#watching.size === 1) this.#begin();
    response.once("close", () => {
      this.#watching.delete(response);
      if (this.#watching.size === 0) this.#end();
    });
  }

  #end(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    this.#fresh = [];
  }

  #begin(): void {
    this.#last = "";
    this.#unsubscribe = this.#source.requests.subscribe((entry) => {
      this.#fresh.push(entry);
      if (this.#fresh.length > SHOWN_REQUESTS) this.#fresh.shift();
    });
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  #look(): void {
    const { picture: look, json } = this.#source;
    const picture = json(look());
    const requests = this.#fresh.length > 0 ? json(this.#fresh) : "";
    this.#fresh = [];
    for (const response of this.#watching) {
      if (picture !== this.#last) sendEvent(response, "picture", picture);
      if (requests !== "") sendEvent(response, "requests", requests);
    }
    this.#last = picture;
  }
}
