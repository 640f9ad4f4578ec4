/**
 * A refusal before a request reached its service: binding, signature, limits, path. It ends the connection.
 * Source: Corymbia/eucalyptus `NioServerHandler.java`; the code is the status line's text, never an AWS code.
 */
export class PipelineFault extends Error {
  readonly status: number;

  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }

  get code(): string {
    return `${this.status} ${REASONS[this.status] ?? ""}`;
  }
}

/** A required field that a request lacks; who knows the action's name says so in the cloud's words. */
export class MissingField extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`missing required field ${field}`);
    this.field = field;
  }
}

/** What the cloud never answers: a failure of its front end that is no refusal. The client waits until it gives up. */
export class NoAnswer extends Error {}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
};

/** A refusal by a service's own rules, with the code its clients look at. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
